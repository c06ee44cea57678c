using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// The SVD of a small upper bidiagonal matrix, n x n or with one column more, by QR iteration (<see
/// cref="BidiagonalIteration"/>): the leaves of divide and conquer. In double for either element type.
/// <code>
///   d0 e0              the column more is first rotated into the others, from below: its right vector, the last one,
///      d1 e1           spans the null space
///         d2 e2
/// </code>
/// Vectors are rows, so that a rotation works on two contiguous ones.
/// </summary>
internal static unsafe class BidiagonalLeaf
{
    /// <summary>Largest n.</summary>
    public const int LargestOrder = 32;

    /// <summary>
    /// Overwrites d (n elements) by the singular values, in no order, X (n x n, no padding) by the left and Y (n x n or
    /// (n + 1) x (n + 1)) by the right singular vectors. e (n - 1 or n elements) is destroyed.
    /// </summary>
    /// <exception cref="ArithmeticException">No convergence.</exception>
    public static void Run(SimdContext context, int n, bool hasExtraColumn, double* d, double* e, double* X, double* Y)
    {
        int m = hasExtraColumn ? n + 1 : n;
        FillIdentity(n, X);
        FillIdentity(m, Y);
        if (hasExtraColumn)
        {
            RemoveExtraColumn(n, d, e, Y);
        }

        BidiagonalIteration iteration = new(d, e, n);
        using RotationBatch batch = new(context, n);
        iteration.Fill(batch);
        while (batch.Sweeps.Count > 0)
        {
            foreach (RotationSweep sweep in batch.Sweeps)
            {
                Apply(sweep, batch.Rotations + sweep.Offset, n, X, m, Y);
            }

            batch.Clear();
            iteration.Fill(batch);
        }

        for (int i = 0; i < n; i++)
        {
            if (d[i] < 0)
            {
                d[i] = -d[i];
                for (int j = 0; j < m; j++)
                {
                    Y[(i * m) + j] = -Y[(i * m) + j];
                }
            }
        }
    }

    private static void FillIdentity(int n, double* Z)
    {
        new Span<double>(Z, n * n).Clear();
        for (int i = 0; i < n; i++)
        {
            Z[(i * n) + i] = 1;
        }
    }

    private static void RemoveExtraColumn(int n, double* d, double* e, double* Y)
    {
        double bulge = e[n - 1];
        for (int i = n - 1; i >= 0; i--)
        {
            d[i] = Rotation.Generate(d[i], bulge, out double cosine, out double sine);
            Rotate(n + 1, cosine, sine, Y + (i * (n + 1)), Y + (n * (n + 1)));
            if (i > 0)
            {
                bulge = -sine * e[i - 1];
                e[i - 1] *= cosine;
            }
        }
    }

    private static void Apply(RotationSweep sweep, RotationPair* pairs, int n, double* X, int m, double* Y)
    {
        for (nint k = 0; k < sweep.Count; k++)
        {
            nint p = sweep.Start + (k * sweep.Step);
            nint q = p + sweep.Step;
            RotationPair pair = pairs[k];
            bool down = sweep.Step > 0;
            Rotate(
                m, down ? pair.FirstCosine : pair.SecondCosine, down ? pair.FirstSine : pair.SecondSine, Y + (p * m),
                Y + (q * m));
            Rotate(
                n, down ? pair.SecondCosine : pair.FirstCosine, down ? pair.SecondSine : pair.FirstSine, X + (p * n),
                X + (q * n));
        }
    }

    /// <summary>(x, y) = (c x + s y, c y - s x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rotate(int count, double c, double s, double* x, double* y)
    {
        int i = 0;
        for (; i + Vector<double>.Count <= count; i += Vector<double>.Count)
        {
            Vector<double> xi = Vector.Load(x + i), yi = Vector.Load(y + i);
            Vector.Store((xi * c) + (yi * s), x + i);
            Vector.Store((yi * c) - (xi * s), y + i);
        }

        for (; i < count; i++)
        {
            double xi = x[i], yi = y[i];
            x[i] = (c * xi) + (s * yi);
            y[i] = (c * yi) - (s * xi);
        }
    }
}
