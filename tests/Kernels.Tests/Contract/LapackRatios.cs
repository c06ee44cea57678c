using NUnit.Framework;

namespace VemKernels.Kernels.Tests.Contract;

/// <summary>
/// Accuracy of factorisations as LAPACK tests it: the error in units of n epsilon times the size of the matrix (LAPACK
/// Working Note 41). A backward stable method stays under a small constant whatever the matrix.
/// </summary>
internal static class LapackRatios
{
    /// <summary>LAPACK's own threshold.</summary>
    public const double Threshold = 30;

    /// <summary>Of double.</summary>
    private const double SmallestNormal = 2.2250738585072014e-308;

    /// <summary>|A - B| / (n epsilon |A|).</summary>
    public static double Residual(double[,] A, double[,] B, double epsilon)
    {
        // A matrix of zeros has no size to measure by: its factors must multiply to zeros.
        double size = Math.Max(OneNorm(A), SmallestNormal);
        return OneNorm(Difference(A, B)) / (Order(A) * epsilon * size);
    }

    /// <summary>|I - Q'Q| / (rows epsilon).</summary>
    public static double Orthogonality(double[,] Q, double epsilon)
    {
        double[,] gram = Arrays.Product(Arrays.Transpose(Q), Q);
        return OneNorm(Difference(Arrays.Identity(gram.GetLength(0)), gram)) / (Order(Q) * epsilon);
    }

    /// <summary>|I - A X| / (n epsilon |A| |X|).</summary>
    public static double Inverse(double[,] A, double[,] X, double epsilon)
    {
        double[,] error = Difference(Arrays.Identity(A.GetLength(0)), Arrays.Product(A, X));
        return OneNorm(error) / (Order(A) * epsilon * OneNorm(A) * OneNorm(X));
    }

    /// <summary>Asserts that a ratio is small; NaN is not.</summary>
    public static void RequireSmall(double ratio, string name) =>
        Assert.That(ratio, Is.LessThan(Threshold), name);

    private static int Order(double[,] A) => Math.Max(1, Math.Max(A.GetLength(0), A.GetLength(1)));

    private static double[,] Difference(double[,] A, double[,] B) =>
        Arrays.Make(A.GetLength(0), A.GetLength(1), (i, j) => A[i, j] - B[i, j]);

    private static double OneNorm(double[,] A)
    {
        double largest = 0;
        for (int j = 0; j < A.GetLength(1); j++)
        {
            double sum = 0;
            for (int i = 0; i < A.GetLength(0); i++)
            {
                sum += Math.Abs(A[i, j]);
            }

            // Unlike a comparison, Max keeps NaN.
            largest = Math.Max(largest, sum);
        }

        return largest;
    }
}
