using System.Numerics;

namespace VemKernels.Solvers.Tests.PairwiseKernels;

/// <summary>Small seeded features, and comparisons of matrices.</summary>
internal static class KernelData
{
    public static Matrix<T> Normal<T>(nint rows, nint columns, int seed, double mean = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Random random = new(seed);
        Matrix<T> X = new(rows, columns);
        for (nint i = 0; i < rows; i++)
        {
            for (nint j = 0; j < columns; j++)
            {
                double deviate = Math.Sqrt(
                    -2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
                X[i, j] = T.CreateTruncating(mean + deviate);
            }
        }

        return X;
    }

    /// <summary>Some of the columns, as a matrix of its own.</summary>
    public static Matrix<T> Columns<T>(Matrix<T> X, params int[] columns)
        where T : unmanaged
    {
        Matrix<T> copy = new(X.Rows, columns.Length);
        for (int j = 0; j < columns.Length; j++)
        {
            X.View.SliceColumns(columns[j], 1).CopyTo(copy.View.SliceColumns(j, 1));
        }

        return copy;
    }

    public static double LargestDifference<T>(MatrixView<T> A, MatrixView<T> B)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Assert.That((A.Rows, A.Columns), Is.EqualTo((B.Rows, B.Columns)));
        double largest = 0;
        for (nint i = 0; i < A.Rows; i++)
        {
            for (nint j = 0; j < A.Columns; j++)
            {
                largest = Math.Max(
                    largest, Math.Abs(double.CreateTruncating(A[i, j]) - double.CreateTruncating(B[i, j])));
            }
        }

        return largest;
    }
}
