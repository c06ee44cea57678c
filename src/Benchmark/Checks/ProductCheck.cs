using System.Numerics;

namespace VemKernels.Benchmark.Checks;

/// <summary>Whether C = A B: entry by entry at sampled places, and all of it against a random vector.</summary>
internal static class ProductCheck
{
    private const int Samples = 64;
    private const int Seed = 54321;

    /// <summary>
    /// Errors are in epsilons of the type, over the norms of the row and the column (or the matrix) that make an entry;
    /// those of sums in any order stay around 1.
    /// </summary>
    private const double Tolerance = 10;

    /// <summary>Compares; A is m x k, B k x n, C m x n.</summary>
    public static IReadOnlyList<CheckResult> Of<T>(MatrixView<T> A, MatrixView<T> B, MatrixView<T> C)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
    [
        new("sampled entries, in epsilons", SampledError(A, B, C), Tolerance),
        new("product with a random vector, in epsilons", ProbedError(A, B, C), Tolerance),
    ];

    private static double SampledError<T>(MatrixView<T> A, MatrixView<T> B, MatrixView<T> C)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Random random = new(Seed);
        double worst = 0;
        for (int sample = 0; sample < Samples; sample++)
        {
            nint i = (nint)random.NextInt64(C.Rows);
            nint j = (nint)random.NextInt64(C.Columns);
            double expected = 0, row = 0, column = 0;
            for (nint p = 0; p < A.Columns; p++)
            {
                double a = double.CreateTruncating(A[i, p]);
                double b = double.CreateTruncating(B[p, j]);
                expected += a * b;
                row += a * a;
                column += b * b;
            }

            double scale = ProbeVectors.Epsilon<T>() * Math.Sqrt(row * column);
            worst = Math.Max(worst, Math.Abs(double.CreateTruncating(C[i, j]) - expected) / scale);
        }

        return worst;
    }

    private static double ProbedError<T>(MatrixView<T> A, MatrixView<T> B, MatrixView<T> C)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] x = ProbeVectors.Signs(B.Columns);
        double[] expected = ProbeVectors.Times(A, ProbeVectors.Times(B, x));
        double[] found = ProbeVectors.Times(C, x);
        double scale = ProbeVectors.Epsilon<T>() * ProbeVectors.Norm(B);
        double worst = 0;
        for (nint i = 0; i < A.Rows; i++)
        {
            double row = ProbeVectors.Norm(A.SliceRows(i, 1));
            worst = Math.Max(worst, Math.Abs(found[i] - expected[i]) / (scale * row));
        }

        return worst;
    }
}
