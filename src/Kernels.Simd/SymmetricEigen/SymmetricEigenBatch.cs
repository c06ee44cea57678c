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
internal static unsafe class SymmetricEigenBatch<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Elements that one task looks at for NaN: 32 KiB of doubles.</summary>
    private const int ElementsPerTask = 4096;

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
        if (LaneTasks.Pays(count, S.Width, n * n))
        {
            RequireFinite(context, stacked, count);
            if (LaneTasks.PaysInPairs(count, S.Width, n * n))
            {
                RunLanes<SimdPair<S, V, T>, VectorPair<V>>(context, stacked, w, count, cancellation);
            }
            else
            {
                RunLanes<S, V>(context, stacked, w, count, cancellation);
            }

            return;
        }

        int[] exponents = new int[count];
        context.Pool.For(count, b => exponents[b] = ScaleExponent.Of(Matrix(b), count == 1 ? null : b));
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

    /// <summary>Refuses NaN and infinity in the lower triangles, before any matrix is touched.</summary>
    private static void RequireFinite(SimdContext context, MatrixView<T> stacked, int count)
    {
        int n = (int)stacked.Columns;
        int matrices = Math.Max(1, ElementsPerTask / (n * n));
        context.Pool.For((count + matrices - 1) / matrices, task =>
        {
            int first = task * matrices;
            int end = Math.Min(count, first + matrices);
            MatrixView<T> rows = stacked.SliceRows((nint)first * n, (nint)(end - first) * n);
            if (rows.HasContiguousRows && rows.RowStride == n)
            {
                rows = new MatrixView<T>(rows.Pointer, 1, rows.Rows * n, rows.Rows * n);
            }

            // Upper triangles may hold anything: only where there is something, each lower one is looked at.
            if (T.IsFinite(LargestMagnitude.Of(rows)))
            {
                return;
            }

            for (int b = first; b < end; b++)
            {
                ScaleExponent.Of(stacked.SliceRows((nint)b * n, n), count == 1 ? null : b);
            }
        });
    }

    private static void RunLanes<SLane, VLane>(
        SimdContext context, MatrixView<T> stacked, MatrixView<T> w, int count, CancellationToken cancellation)
        where SLane : struct, ISimd<VLane, T>
        where VLane : struct
    {
        void Lanes(int first, int matrices) => LaneEigen<SLane, VLane, T>.Run(context, stacked, w, first, matrices);

        nint n = stacked.Columns;
        LaneTasks.For(context, count, SLane.Width, n * n, Lanes, cancellation);
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
