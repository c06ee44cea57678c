using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// Thin SVDs of as many small m x n matrices as a vector has lanes, m >= n, in lockstep:
/// <code>
///   matrices, each scaled by a power of two, interleaved: lane b belongs to matrix b
///     -> LaneBidiagonalization    A = P B Q'
///     -> LaneBidiagonalQr         B = X diag(s) Y', as rotations of the columns of P and Q
///     -> LaneSort                 descending, signs moved to Q
/// </code>
/// Backward stable: the error of a singular value is small beside the largest one.
/// </summary>
internal static unsafe class LaneSvd<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Vectors kept for each column beside the matrices: d, e, magnitudes and the order.</summary>
    private const int VectorsPerColumn = 4;

    /// <summary>
    /// Largest order whose columns are sorted in the lanes. At order 8 ordering them on the way out takes 3 % off a
    /// decomposition, measured on Zen 4 with 512 bits.
    /// </summary>
    private const int LargestSortedInLanes = 4;

    /// <summary>
    /// Decomposes matrices first to first + count - 1 of the stack, a group of lanes after the other; see <see
    /// cref="ThinSvdBatch{S,V,T}"/>.
    /// </summary>
    /// <exception cref="ArithmeticException">A matrix holds NaN or infinity, or no convergence.</exception>
    public static void Run(SimdContext context, in StackedSvd<T> stack, int first, int count)
    {
        int m = (int)stack.Rows;
        int n = (int)stack.Columns;
        if (n == 0)
        {
            return;
        }

        nint columnsLength = (m + n + VectorsPerColumn) * (nint)n * S.Width;
        nint workLength = LaneBidiagonalization<S, V, T>.WorkLength(m, n) * S.Width;
        using Scratch<T> scratch = context.Scratch.Rent<T>(
            columnsLength + (2 * LaneSweeps<S, V, T>.Length(n)) + workLength);
        for (int done = 0; done < count; done += S.Width)
        {
            RunGroup(stack, first + done, Math.Min(S.Width, count - done), scratch.Pointer);
        }
    }

    private static void RunGroup(in StackedSvd<T> stack, int first, int count, T* p)
    {
        int m = (int)stack.Rows;
        int n = (int)stack.Columns;
        int width = S.Width;
        nint column = (nint)n * width;
        nint sweepLength = LaneSweeps<S, V, T>.Length(n);
        T* q = p + (m * column);
        T* d = q + (n * column);
        T* e = d + column;
        T* magnitudes = e + column;
        T* order = magnitudes + column;
        T* sweeps = order + column;
        T* work = sweeps + (2 * sweepLength);
        bool together = count == width && stack.IsDense;
        nint matrix = (nint)m * n;
        if (together)
        {
            LaneInterleaving.Gather(stack.A(first).Pointer, matrix, matrix, width, p);
        }
        else
        {
            new Span<T>(p, checked((int)(m * column))).Clear();
            for (int lane = 0; lane < count; lane++)
            {
                Gather(stack.A(first + lane), p + lane);
            }
        }

        if (!LaneScaling<S, V, T>.AreFinite(p, matrix))
        {
            SvdScaling<T>.ThrowNotFinite();
        }

        T* exponents = stackalloc T[width];
        LaneScaling<S, V, T>.Exponents(LaneScaling<S, V, T>.Largest(S.Zero, p, matrix), exponents);
        LaneScaling<S, V, T>.Apply(S.PowerOfTwo(S.Subtract(S.Zero, S.Load(exponents))), p, matrix);
        LaneBidiagonalization<S, V, T>.Run(m, n, p, q, d, e, work);
        LaneBidiagonalQr<S, V, T>.Run(
            m, n, d, e, p, q, new LaneSweeps<S, V, T>(n, sweeps), new LaneSweeps<S, V, T>(n, sweeps + sweepLength));
        for (nint i = 0; i < column; i += width)
        {
            // Negative, so that they ascend.
            S.Store(magnitudes + i, S.CopySign(S.Load(d + i), S.Broadcast(-T.One)));
        }

        V back = S.Subtract(S.Zero, S.PowerOfTwo(S.Load(exponents)));
        MoveSigns(n, d, q);
        LaneScaling<S, V, T>.ClearSignsOfZeros(p, matrix);
        if (together && n <= LargestSortedInLanes)
        {
            new Span<T>(magnitudes, (int)column).CopyTo(new Span<T>(d, (int)column));
            LaneSort<S, V, T>.RunWithColumns(m, n, d, p);
            LaneSort<S, V, T>.RunWithColumns(n, n, magnitudes, q);
            LaneInterleaving.Scatter(p, matrix, width, stack.U(first).Pointer, matrix);

            // p is free now, and holds as much as q or more.
            TransposeInLanes(n, q, p);
            LaneInterleaving.Scatter(p, (nint)n * n, width, stack.Vt(first).Pointer, (nint)n * n);
            LaneScaling<S, V, T>.Apply(back, magnitudes, n);
            LaneInterleaving.Scatter(
                magnitudes, n, width, stack.Values(first), (nint)(stack.Values(first + 1) - stack.Values(first)));
            return;
        }

        LaneSort<S, V, T>.Run(n, magnitudes, order);
        LaneScaling<S, V, T>.Apply(back, magnitudes, n);
        for (int lane = 0; lane < count; lane++)
        {
            T* s = stack.Values(first + lane);
            for (int j = 0; j < n; j++)
            {
                s[j] = magnitudes[(j * width) + lane];
            }
        }

        // The sweeps are done: their memory holds a row of each matrix, and more.
        LaneSvdColumns.Deliver(stack, first, count, width, p, q, order, sweeps, 2 * sweepLength);
    }

    /// <summary>
    /// Columns of Q change sign with d. The sign of a zero depends on how often it was turned by no angle, that is on
    /// the neighbours: zeros are added.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MoveSigns(int n, T* d, T* q)
    {
        V one = S.Broadcast(T.One), minus = S.Broadcast(-T.One);
        for (int j = 0; j < n; j++)
        {
            V sign = S.SelectLess(S.Load(d + (j * S.Width)), S.Zero, minus, one);
            for (int i = 0; i < n; i++)
            {
                T* x = q + (((i * n) + j) * S.Width);
                S.Store(x, S.MultiplyAdd(sign, S.Load(x), S.Zero));
            }
        }
    }

    /// <summary>target = Q'.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeInLanes(int n, T* q, T* target)
    {
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                S.Store(target + (((j * n) + i) * S.Width), S.Load(q + (((i * n) + j) * S.Width)));
            }
        }
    }

    /// <summary>Copies a matrix to a lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(MatrixView<T> A, T* lane)
    {
        int width = S.Width;
        nint columns = A.Columns, step = A.ColumnStride;
        for (nint i = 0; i < A.Rows; i++)
        {
            T* row = A.Pointer + (i * A.RowStride);
            T* to = lane + (i * columns * width);
            for (nint j = 0; j < columns; j++)
            {
                to[j * width] = row[j * step];
            }
        }
    }
}
