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

    /// <summary>Columns of a matrix whose sums one thread keeps: 4 KB.</summary>
    private const int StripColumns = 512;

    /// <summary>Elements of a matrix that takes longer than waking a thread.</summary>
    private const int LargeMatrix = 1 << 18;

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
        Share(A, A.Rows, i => result[i] = PlainProducts.Dot<T>(A.RowSpan(i), x));
        return result;
    }

    /// <summary>A' x, A m x n, by rows of A.</summary>
    public static double[] TransposeTimes<T>(MatrixView<T> A, double[] x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] result = new double[A.Columns];
        Share(A, (A.Columns + StripColumns - 1) / StripColumns, strip =>
        {
            int first = (int)strip * StripColumns;
            int count = Math.Min(StripColumns, (int)A.Columns - first);
            for (nint i = 0; i < A.Rows; i++)
            {
                PlainProducts.Add<T>(x[i], A.RowSpan(i).Slice(first, count), result.AsSpan(first, count));
            }
        });
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
        double[] squares = new double[A.Rows];
        Share(A, A.Rows, i =>
        {
            foreach (T value in A.RowSpan(i))
            {
                double wide = double.CreateTruncating(value);
                squares[i] += wide * wide;
            }
        });
        return Math.Sqrt(squares.Sum());
    }

    /// <summary>The distance from one to the next number of a type.</summary>
    public static double Epsilon<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        double.CreateTruncating(T.BitIncrement(T.One) - T.One);

    /// <summary>Runs body(0) to body(count - 1), on all threads where the matrix is large.</summary>
    private static void Share<T>(MatrixView<T> A, nint count, Action<nint> body)
        where T : unmanaged
    {
        if (A.Rows * A.Columns >= LargeMatrix)
        {
            Parallel.For(0, count, i => body((nint)i));
            return;
        }

        for (nint i = 0; i < count; i++)
        {
            body(i);
        }
    }
}
