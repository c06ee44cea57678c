using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// Symmetric eigendecompositions of as many small matrices as a vector has lanes, in lockstep:
/// <code>
///   lower triangles, each scaled by a power of two, interleaved: lane b belongs to matrix b
///     -> LaneTridiagonalization    A = H T H'          8/3 n^3, H included
///     -> LaneQl                    T = Z diag(w) Z'    about 6 n^3, as rotations of the columns of H
///     -> LaneSort                  ascending
/// </code>
/// </summary>
internal static unsafe class LaneEigen<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Vectors kept for each column beside the matrix: d, e, the order, and two of the tridiagonalization.
    /// </summary>
    private const int VectorsPerColumn = 5;

    /// <summary>
    /// Largest order whose columns are sorted in the lanes: some n^3 exchanges of vectors instead of n^2 of elements.
    /// At order 16 it takes twice as long, measured on Zen 4 with 512 bits.
    /// </summary>
    private const int LargestSortedInLanes = 8;

    /// <summary>
    /// Overwrites matrices first ... first + count - 1 of the stack (only their lower triangles are read, which are
    /// finite), a group of lanes after the other, by their eigenvectors, in columns; rows of w ascend.
    /// </summary>
    /// <exception cref="ArithmeticException">A matrix did not converge.</exception>
    public static void Run(SimdContext context, MatrixView<T> stacked, MatrixView<T> w, int first, int count)
    {
        int n = (int)stacked.Columns;
        nint length = ((n + VectorsPerColumn) * (nint)n * S.Width) + LaneSweeps<S, V, T>.Length(n);
        using Scratch<T> scratch = context.Scratch.Rent<T>(length);
        for (int done = 0; done < count; done += S.Width)
        {
            RunGroup(stacked, w, first + done, Math.Min(S.Width, count - done), scratch.Pointer);
        }
    }

    private static void RunGroup(MatrixView<T> stacked, MatrixView<T> w, int first, int lanes, T* a)
    {
        int n = (int)stacked.Columns;
        nint elements = (nint)n * n * S.Width;
        nint vector = (nint)n * S.Width;
        T* d = a + elements;
        T* e = d + vector;
        T* order = e + vector;
        T* work = order + vector;
        MatrixView<T> group = stacked.SliceRows((nint)first * n, (nint)lanes * n);
        MatrixView<T> values = w.SliceRows(first, lanes);
        bool together = lanes == S.Width && group.HasContiguousRows && group.RowStride == n;
        if (together)
        {
            LaneInterleaving.Gather(group.Pointer, (nint)n * n, (nint)n * n, S.Width, a);
        }
        else
        {
            new Span<T>(a, (int)elements).Clear();
            for (int lane = 0; lane < lanes; lane++)
            {
                Gather(group.SliceRows((nint)lane * n, n), a + lane);
            }
        }

        T* exponents = stackalloc T[S.Width];
        V largest = S.Zero;
        for (int i = 0; i < n; i++)
        {
            largest = LaneScaling<S, V, T>.Largest(largest, a + ((nint)i * n * S.Width), i + 1);
        }

        LaneScaling<S, V, T>.Exponents(largest, exponents);
        V scale = S.PowerOfTwo(S.Subtract(S.Zero, S.Load(exponents)));
        for (int i = 0; i < n; i++)
        {
            LaneScaling<S, V, T>.Apply(scale, a + ((nint)i * n * S.Width), i + 1);
        }

        LaneTridiagonalization<S, V, T>.Run(n, a, d, e, work);
        LaneQl<S, V, T>.Run(n, d, e, a, new LaneSweeps<S, V, T>(n, work + (2 * vector)));
        if (together && n <= LargestSortedInLanes)
        {
            LaneSort<S, V, T>.RunWithColumns(n, n, d, a);
            LaneScaling<S, V, T>.ClearSignsOfZeros(a, (nint)n * n);
            LaneInterleaving.Scatter(a, (nint)n * n, S.Width, group.Pointer, (nint)n * n);
        }
        else
        {
            LaneSort<S, V, T>.Run(n, d, order);
            for (int lane = 0; lane < lanes; lane++)
            {
                Scatter(a + lane, order + lane, group.SliceRows((nint)lane * n, n));
            }
        }

        LaneScaling<S, V, T>.Apply(S.PowerOfTwo(S.Load(exponents)), d, n);
        if (together && values.HasContiguousRows)
        {
            LaneInterleaving.Scatter(d, n, S.Width, values.Pointer, values.RowStride);
            return;
        }

        for (int lane = 0; lane < lanes; lane++)
        {
            for (int j = 0; j < n; j++)
            {
                values[lane, j] = d[(j * S.Width) + lane];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(MatrixView<T> A, T* lane)
    {
        int width = S.Width;
        int n = (int)A.Rows;
        nint step = A.ColumnStride;
        for (int i = 0; i < n; i++)
        {
            T* row = A.Pointer + (i * A.RowStride);
            T* to = lane + ((nint)i * n * width);
            for (nint j = 0; j <= i; j++)
            {
                to[j * width] = row[j * step];
            }
        }
    }

    /// <summary>Columns in the order that was found.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scatter(T* lane, T* order, MatrixView<T> A)
    {
        int width = S.Width;
        int n = (int)A.Rows;
        nint step = A.ColumnStride;
        int* from = stackalloc int[n];
        for (int j = 0; j < n; j++)
        {
            from[j] = (int)double.CreateTruncating(order[j * width]) * width;
        }

        for (int i = 0; i < n; i++)
        {
            T* row = A.Pointer + (i * A.RowStride);
            T* x = lane + ((nint)i * n * width);
            for (nint j = 0; j < n; j++)
            {
                // The sign of a zero depends on how often it was turned by no angle, that is on the neighbours.
                row[j * step] = x[from[j]] + T.Zero;
            }
        }
    }
}
