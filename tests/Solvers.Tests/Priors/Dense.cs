using System.Numerics;

namespace VemKernels.Solvers.Tests.Priors;

/// <summary>Plain dense algebra in double: the independent way to the same numbers.</summary>
internal static class Dense
{
    public static double[,] Product(double[,] A, double[,] B)
    {
        double[,] C = new double[A.GetLength(0), B.GetLength(1)];
        for (int i = 0; i < C.GetLength(0); i++)
        {
            for (int j = 0; j < C.GetLength(1); j++)
            {
                for (int k = 0; k < A.GetLength(1); k++)
                {
                    C[i, j] += A[i, k] * B[k, j];
                }
            }
        }

        return C;
    }

    public static double[,] Transpose(double[,] A)
    {
        double[,] T = new double[A.GetLength(1), A.GetLength(0)];
        for (int i = 0; i < T.GetLength(0); i++)
        {
            for (int j = 0; j < T.GetLength(1); j++)
            {
                T[i, j] = A[j, i];
            }
        }

        return T;
    }

    /// <summary>A (x) B: block (i, j) is A(i, j) B.</summary>
    public static double[,] Kronecker(double[,] A, double[,] B)
    {
        (int p, int q) = (B.GetLength(0), B.GetLength(1));
        double[,] C = new double[A.GetLength(0) * p, A.GetLength(1) * q];
        for (int i = 0; i < C.GetLength(0); i++)
        {
            for (int j = 0; j < C.GetLength(1); j++)
            {
                C[i, j] = A[i / p, j / q] * B[i % p, j % q];
            }
        }

        return C;
    }

    public static double[,] Inverse(double[,] A)
    {
        int n = A.GetLength(0);
        double[,] identity = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            identity[i, i] = 1;
        }

        return Solve(A, identity);
    }

    /// <summary>A^-1 B by Gaussian elimination with row exchanges.</summary>
    public static double[,] Solve(double[,] A, double[,] B)
    {
        (int n, int m) = (A.GetLength(0), B.GetLength(1));
        double[,] U = (double[,])A.Clone();
        double[,] X = (double[,])B.Clone();
        for (int k = 0; k < n; k++)
        {
            int pivot = Enumerable.Range(k, n - k).MaxBy(i => Math.Abs(U[i, k]));
            Exchange(U, k, pivot);
            Exchange(X, k, pivot);
            for (int i = k + 1; i < n; i++)
            {
                double factor = U[i, k] / U[k, k];
                for (int j = k; j < n; j++)
                {
                    U[i, j] -= factor * U[k, j];
                }

                for (int j = 0; j < m; j++)
                {
                    X[i, j] -= factor * X[k, j];
                }
            }
        }

        for (int i = n - 1; i >= 0; i--)
        {
            for (int j = 0; j < m; j++)
            {
                for (int k = i + 1; k < n; k++)
                {
                    X[i, j] -= U[i, k] * X[k, j];
                }

                X[i, j] /= U[i, i];
            }
        }

        return X;
    }

    public static Matrix<double> ToMatrix(double[,] A)
    {
        Matrix<double> matrix = new(A.GetLength(0), A.GetLength(1));
        for (int i = 0; i < matrix.Rows; i++)
        {
            for (int j = 0; j < matrix.Columns; j++)
            {
                matrix[i, j] = A[i, j];
            }
        }

        return matrix;
    }

    public static double[,] ToArray<T>(MatrixView<T> view)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[,] A = new double[view.Rows, view.Columns];
        for (int i = 0; i < view.Rows; i++)
        {
            for (int j = 0; j < view.Columns; j++)
            {
                A[i, j] = double.CreateTruncating(view[i, j]);
            }
        }

        return A;
    }

    /// <summary>Asserts max |a - b| under tolerance max |b|.</summary>
    public static void AssertClose<T>(MatrixView<T> actual, double[,] expected, double tolerance, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[,] a = ToArray(actual);
        Assert.That(
            (a.GetLength(0), a.GetLength(1)),
            Is.EqualTo((expected.GetLength(0), expected.GetLength(1))), $"shape of {name}");
        double worst = 0;
        double largest = 0;
        for (int i = 0; i < a.GetLength(0); i++)
        {
            for (int j = 0; j < a.GetLength(1); j++)
            {
                Assert.That(double.IsFinite(a[i, j]), $"{name}({i}, {j})");
                worst = Math.Max(worst, Math.Abs(a[i, j] - expected[i, j]));
                largest = Math.Max(largest, Math.Abs(expected[i, j]));
            }
        }

        Assert.That(worst, Is.LessThanOrEqualTo(tolerance * largest), $"largest error of {name}");
    }

    private static void Exchange(double[,] A, int i, int j)
    {
        for (int k = 0; k < A.GetLength(1); k++)
        {
            (A[i, k], A[j, k]) = (A[j, k], A[i, k]);
        }
    }
}
