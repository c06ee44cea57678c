using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// Symmetric eigendecompositions of many small matrices, in parallel over matrices. The smallest are taken several at
/// once, a SIMD lane each (<see cref="LaneEigen{S, V, T}"/>); others one by one, a thread each (<see
/// cref="SymmetricEigen{S, V, T}"/>).
/// <code>
///   stacked (count n) x n:   | A_0 |      group g of lanes:  matrices g width ... g width + width - 1, interleaved
///                            | A_1 |
///                            | ... |
/// </code>
/// </summary>
internal static class SymmetricEigenBatch<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Matrices that one task looks at for NaN and their scale.</summary>
    private const int MatricesPerTask = 16;

    /// <summary>From this order on a matrix alone keeps all threads busy.</summary>
    private const int ParallelOrder = 512;

    /// <summary>
    /// Overwrites each matrix (only its lower triangle is read) by its eigenvectors, in columns; row b of w ascends.
    /// </summary>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    /// <exception cref="ArithmeticException">A matrix holds NaN or infinity (none is touched then), or did not
    /// converge.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the matrices and w are undefined then.</exception>
    public static void Run(
        SimdContext context, MatrixView<T> stacked, MatrixView<T> w, int count, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        nint n = stacked.Columns;
        Shapes.Require(stacked, count * n, n, nameof(stacked));
        Shapes.Require(w, count, n, nameof(w));
        if (count == 0 || n == 0)
        {
            return;
        }

        MatrixView<T> Matrix(int b) => stacked.SliceRows(b * n, n);
        int[] exponents = new int[count];
        int tasks = (count + MatricesPerTask - 1) / MatricesPerTask;
        context.Pool.For(tasks, task =>
        {
            for (int b = task * MatricesPerTask; b < Math.Min(count, (task + 1) * MatricesPerTask); b++)
            {
                exponents[b] = ScaleExponent.Of(Matrix(b), count == 1 ? null : b);
            }
        });

        if (LaneTasks.Pays(count, S.Width, n * n))
        {
            void Lanes(int first, int matrices) =>
                LaneEigen<S, V, T>.Run(context, stacked, w, first, matrices, exponents);

            LaneTasks.For(context, count, S.Width, n * n, Lanes, cancellation);
            return;
        }

        if (n >= ParallelOrder)
        {
            for (int b = 0; b < count; b++)
            {
                RunOne(context, Matrix(b), w.SliceRows(b, 1), exponents[b], cancellation);
            }

            return;
        }

        context.Pool.For(count, b => RunOne(context, Matrix(b), w.SliceRows(b, 1), exponents[b], cancellation));
    }

    private static void RunOne(
        SimdContext context, MatrixView<T> A, MatrixView<T> w, int exponent, CancellationToken cancellation)
    {
        using Scratch<T> values = context.Scratch.Rent<T>(A.Rows);
        MatrixView<T> row = values.View(1, A.Rows);
        SymmetricEigen<S, V, T>.RunScaled(context, A, row.RowSpan(0), exponent, cancellation);
        row.CopyTo(w);
    }
}
