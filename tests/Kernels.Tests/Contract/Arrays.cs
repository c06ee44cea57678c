namespace VemKernels.Kernels.Tests.Contract;

/// <summary>Small matrices of the tests: making them and taking them apart.</summary>
internal static class Arrays
{
    /// <summary>Normal deviates, the same for the same seed (Box and Muller).</summary>
    public static double[,] Normal(int rows, int columns, int seed)
    {
        Random random = new(seed);
        return Make(rows, columns, (_, _) =>
            Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
    }

    public static double[,] Make(int rows, int columns, Func<int, int, double> element)
    {
        double[,] A = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                A[i, j] = element(i, j);
            }
        }

        return A;
    }

    public static double[,] Filled(int rows, int columns, double value) => Make(rows, columns, (_, _) => value);

    public static double[,] Identity(int n) => Make(n, n, (i, j) => i == j ? 1 : 0);

    public static double[,] Map(double[,] A, Func<double, double> element) =>
        Make(A.GetLength(0), A.GetLength(1), (i, j) => element(A[i, j]));

    public static double[,] Transpose(double[,] A) => Make(A.GetLength(1), A.GetLength(0), (i, j) => A[j, i]);

    public static double[,] Rows(double[,] A, int first, int count) =>
        Make(count, A.GetLength(1), (i, j) => A[first + i, j]);

    public static double[,] Rows(double[,] A, ReadOnlySpan<int> indices)
    {
        int[] rows = indices.ToArray();
        return Make(rows.Length, A.GetLength(1), (i, j) => A[rows[i], j]);
    }

    /// <summary>Matrices of equally many columns, one under the other.</summary>
    public static double[,] Stack(IReadOnlyList<double[,]> matrices)
    {
        double[,] stack = new double[matrices.Sum(A => A.GetLength(0)), matrices[0].GetLength(1)];
        int row = 0;
        foreach (double[,] A in matrices)
        {
            Array.Copy(A, 0, stack, row * stack.GetLength(1), A.Length);
            row += A.GetLength(0);
        }

        return stack;
    }

    /// <summary>The matrix with NaN in place of what an operation must not read.</summary>
    public static double[,] Hide(double[,] A, Func<int, int, bool> hidden) =>
        Make(A.GetLength(0), A.GetLength(1), (i, j) => hidden(i, j) ? double.NaN : A[i, j]);

    public static double[,] Product(double[,] A, double[,] B)
    {
        double[,] C = new double[A.GetLength(0), B.GetLength(1)];
        for (int i = 0; i < A.GetLength(0); i++)
        {
            for (int k = 0; k < A.GetLength(1); k++)
            {
                double a = A[i, k];
                for (int j = 0; j < B.GetLength(1); j++)
                {
                    C[i, j] += a * B[k, j];
                }
            }
        }

        return C;
    }
}
