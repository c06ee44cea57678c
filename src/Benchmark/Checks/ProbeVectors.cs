using System.Numerics;

namespace VemKernels.Benchmark.Checks;

/// <summary>
/// Plain products of matrices and vectors in double, by which factorisations are checked on the host: a wrong element
/// anywhere changes the product with a random vector of signs (Freivalds, "Probabilistic machines can use less running
/// time", IFIP 1977).
/// </summary>
internal static class ProbeVectors
{
    private const int Seed = 12345;

    /// <summary>A vector of random signs.</summary>
    public static double[] Signs(nint length)
    {
        Random random = new(Seed);
        return [.. Enumerable.Range(0, (int)length).Select(_ => random.Next(2) == 0 ? -1.0 : 1.0)];
    }

    /// <summary>A x, A m x n.</summary>
    public static double[] Times<T>(MatrixView<T> A, double[] x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] result = new double[A.Rows];
        for (nint i = 0; i < A.Rows; i++)
        {
            double sum = 0;
            for (nint j = 0; j < A.Columns; j++)
            {
                sum += double.CreateTruncating(A[i, j]) * x[j];
            }

            result[i] = sum;
        }

        return result;
    }

    /// <summary>A' x, A m x n, by rows of A.</summary>
    public static double[] TransposeTimes<T>(MatrixView<T> A, double[] x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] result = new double[A.Columns];
        for (nint i = 0; i < A.Rows; i++)
        {
            for (nint j = 0; j < A.Columns; j++)
            {
                result[j] += double.CreateTruncating(A[i, j]) * x[i];
            }
        }

        return result;
    }

    /// <summary>Each element times that of a row of a matrix: diag(w) x.</summary>
    public static double[] Scale<T>(MatrixView<T> w, nint row, double[] x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [.. x.Select((value, i) => value * double.CreateTruncating(w[row, i]))];

    /// <summary>The norm of a difference.</summary>
    public static double Distance(double[] a, double[] b) => Norm([.. a.Zip(b, (left, right) => left - right)]);

    /// <summary>The root of the sum of squares.</summary>
    public static double Norm(double[] x) => Math.Sqrt(x.Sum(value => value * value));

    /// <summary>The root of the sum of squares of all elements.</summary>
    public static double Norm<T>(MatrixView<T> A)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        for (nint i = 0; i < A.Rows; i++)
        {
            for (nint j = 0; j < A.Columns; j++)
            {
                double value = double.CreateTruncating(A[i, j]);
                sum += value * value;
            }
        }

        return Math.Sqrt(sum);
    }

    /// <summary>The distance from one to the next number of a type.</summary>
    public static double Epsilon<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        double.CreateTruncating(T.BitIncrement(T.One) - T.One);
}
