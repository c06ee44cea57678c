namespace VemKernels.Reference;

/// <summary>Matrices as arrays of rows, and the few operations on them that more than one algorithm needs.</summary>
internal static class Dense
{
    public static double[][] Zeros(int rows, int columns)
    {
        double[][] A = new double[rows][];
        for (int i = 0; i < rows; i++)
        {
            A[i] = new double[columns];
        }

        return A;
    }

    public static double[][] Identity(int n)
    {
        double[][] A = Zeros(n, n);
        for (int i = 0; i < n; i++)
        {
            A[i][i] = 1;
        }

        return A;
    }

    public static double[][] Transpose(double[][] A, int columns)
    {
        double[][] At = Zeros(columns, A.Length);
        for (int i = 0; i < A.Length; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                At[j][i] = A[i][j];
            }
        }

        return At;
    }

    /// <summary>A B, where B has so many columns.</summary>
    public static double[][] Product(double[][] A, double[][] B, int columns)
    {
        double[][] C = Zeros(A.Length, columns);
        for (int i = 0; i < A.Length; i++)
        {
            double[] c = C[i];
            for (int k = 0; k < B.Length; k++)
            {
                double a = A[i][k];
                double[] b = B[k];
                for (int j = 0; j < columns; j++)
                {
                    c[j] += a * b[j];
                }
            }
        }

        return C;
    }

    public static double Dot(double[] x, double[] y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }

    /// <summary>The rows first to first + count - 1 (not copied).</summary>
    public static double[][] Rows(double[][] A, int first, int count) => A[first..(first + count)];

    /// <summary>The rows that the indices name, in their order (not copied).</summary>
    public static double[][] Rows(double[][] A, ReadOnlySpan<int> indices)
    {
        double[][] rows = new double[indices.Length][];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = A[indices[i]];
        }

        return rows;
    }

    /// <summary>The left upper rows x columns block of A.</summary>
    public static double[][] Corner(double[][] A, int rows, int columns) =>
        [.. A[..rows].Select(row => row[..columns])];

    public static double[] Column(double[][] A, int j) => [.. A.Select(row => row[j])];

    /// <exception cref="ArithmeticException">An element is NaN or infinite.</exception>
    public static void RequireFinite(double[][] A, int matrix)
    {
        foreach (double[] row in A)
        {
            foreach (double a in row)
            {
                if (!double.IsFinite(a))
                {
                    throw new ArithmeticException($"Matrix {matrix} holds NaN or infinity.");
                }
            }
        }
    }
}
