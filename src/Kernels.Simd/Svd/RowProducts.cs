using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// Products of a matrix M (row-major, contiguous rows) with a vector, in the three forms that Householder reductions
/// are made of:
/// <code>
///   Dots             y(i)  = M(i, :) . x               several rows share the loads of x
///   AddCombination   y    += sum over i of c(i) M(i, :)   several rows share the loads and stores of y
///   AddOuter         M(i, :) += c(i) x                 several rows share the loads of x
/// </code>
/// They run at the speed of memory. Each result is summed in an order that depends on neither the number of rows nor on
/// where the columns were cut (AddCombination, AddOuter) or the rows (all), so callers may share rows or columns out
/// over threads.
/// </summary>
internal static unsafe class RowProducts<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows taken together by Dots and AddOuter.</summary>
    private const int DotRows = 4;

    /// <summary>Rows taken together by AddCombination.</summary>
    private const int CombinedRows = 8;

    /// <summary>x . y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Dot(nint count, T* x, T* y)
    {
        int w = S.Width;
        V a = S.Zero, b = S.Zero;
        nint j = 0;
        for (; j + (2 * w) <= count; j += 2 * w)
        {
            a = S.MultiplyAdd(S.Load(x + j), S.Load(y + j), a);
            b = S.MultiplyAdd(S.Load(x + j + w), S.Load(y + j + w), b);
        }

        for (; j < count; j += w)
        {
            int tail = (int)Math.Min(w, count - j);
            a = S.MultiplyAdd(LoadUpTo(x + j, tail), LoadUpTo(y + j, tail), a);
        }

        return S.Sum(S.Add(a, b));
    }

    /// <summary>x = alpha x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(nint count, T alpha, T* x)
    {
        int w = S.Width;
        V a = S.Broadcast(alpha);
        nint j = 0;
        for (; j + w <= count; j += w)
        {
            S.Store(x + j, S.Multiply(a, S.Load(x + j)));
        }

        int tail = (int)(count - j);
        if (tail > 0)
        {
            S.StorePartial(x + j, S.Multiply(a, S.LoadPartial(x + j, tail)), tail);
        }
    }

    /// <summary>y = M x. y holds M.Rows elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dots(MatrixView<T> M, T* x, T* y)
    {
        int w = S.Width;
        nint rows = M.Rows;
        nint columns = M.Columns;
        nint stride = M.RowStride;
        T* start = M.Pointer;
        for (nint i = 0; i < rows; i += DotRows)
        {
            // Past the last row, the last row again: its result is not kept.
            int live = (int)Math.Min(DotRows, rows - i);
            T* r0 = start + (i * stride);
            T* r1 = live > 1 ? r0 + stride : r0;
            T* r2 = live > 2 ? r1 + stride : r1;
            T* r3 = live > 3 ? r2 + stride : r2;
            V a0 = S.Zero, a1 = S.Zero, a2 = S.Zero, a3 = S.Zero;
            V b0 = S.Zero, b1 = S.Zero, b2 = S.Zero, b3 = S.Zero;
            nint j = 0;
            for (; j + (2 * w) <= columns; j += 2 * w)
            {
                V xa = S.Load(x + j), xb = S.Load(x + j + w);
                a0 = S.MultiplyAdd(S.Load(r0 + j), xa, a0);
                b0 = S.MultiplyAdd(S.Load(r0 + j + w), xb, b0);
                a1 = S.MultiplyAdd(S.Load(r1 + j), xa, a1);
                b1 = S.MultiplyAdd(S.Load(r1 + j + w), xb, b1);
                a2 = S.MultiplyAdd(S.Load(r2 + j), xa, a2);
                b2 = S.MultiplyAdd(S.Load(r2 + j + w), xb, b2);
                a3 = S.MultiplyAdd(S.Load(r3 + j), xa, a3);
                b3 = S.MultiplyAdd(S.Load(r3 + j + w), xb, b3);
            }

            for (; j < columns; j += w)
            {
                int tail = (int)Math.Min(w, columns - j);
                V xa = LoadUpTo(x + j, tail);
                a0 = S.MultiplyAdd(LoadUpTo(r0 + j, tail), xa, a0);
                a1 = S.MultiplyAdd(LoadUpTo(r1 + j, tail), xa, a1);
                a2 = S.MultiplyAdd(LoadUpTo(r2 + j, tail), xa, a2);
                a3 = S.MultiplyAdd(LoadUpTo(r3 + j, tail), xa, a3);
            }

            y[i] = S.Sum(S.Add(a0, b0));
            if (live > 1)
            {
                y[i + 1] = S.Sum(S.Add(a1, b1));
            }

            if (live > 2)
            {
                y[i + 2] = S.Sum(S.Add(a2, b2));
            }

            if (live > 3)
            {
                y[i + 3] = S.Sum(S.Add(a3, b3));
            }
        }
    }

    /// <summary>y += M' c. y holds M.Columns elements, c M.Rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddCombination(MatrixView<T> M, T* c, T* y)
    {
        int w = S.Width;
        nint rows = M.Rows;
        nint columns = M.Columns;
        nint stride = M.RowStride;
        T* start = M.Pointer;
        for (nint i = 0; i < rows; i += CombinedRows)
        {
            // Past the last row, the last row again with coefficient zero.
            int live = (int)Math.Min(CombinedRows, rows - i);
            T* r0 = start + (i * stride);
            T* r1 = live > 1 ? r0 + stride : r0;
            T* r2 = live > 2 ? r1 + stride : r1;
            T* r3 = live > 3 ? r2 + stride : r2;
            T* r4 = live > 4 ? r3 + stride : r3;
            T* r5 = live > 5 ? r4 + stride : r4;
            T* r6 = live > 6 ? r5 + stride : r5;
            T* r7 = live > 7 ? r6 + stride : r6;
            V c0 = S.Broadcast(c[i]);
            V c1 = S.Broadcast(live > 1 ? c[i + 1] : T.Zero);
            V c2 = S.Broadcast(live > 2 ? c[i + 2] : T.Zero);
            V c3 = S.Broadcast(live > 3 ? c[i + 3] : T.Zero);
            V c4 = S.Broadcast(live > 4 ? c[i + 4] : T.Zero);
            V c5 = S.Broadcast(live > 5 ? c[i + 5] : T.Zero);
            V c6 = S.Broadcast(live > 6 ? c[i + 6] : T.Zero);
            V c7 = S.Broadcast(live > 7 ? c[i + 7] : T.Zero);
            nint j = 0;
            for (; j + w <= columns; j += w)
            {
                V sum = S.MultiplyAdd(c0, S.Load(r0 + j), S.Load(y + j));
                sum = S.MultiplyAdd(c1, S.Load(r1 + j), sum);
                sum = S.MultiplyAdd(c2, S.Load(r2 + j), sum);
                sum = S.MultiplyAdd(c3, S.Load(r3 + j), sum);
                sum = S.MultiplyAdd(c4, S.Load(r4 + j), sum);
                sum = S.MultiplyAdd(c5, S.Load(r5 + j), sum);
                sum = S.MultiplyAdd(c6, S.Load(r6 + j), sum);
                S.Store(y + j, S.MultiplyAdd(c7, S.Load(r7 + j), sum));
            }

            int tail = (int)(columns - j);
            if (tail > 0)
            {
                V sum = S.MultiplyAdd(c0, S.LoadPartial(r0 + j, tail), S.LoadPartial(y + j, tail));
                sum = S.MultiplyAdd(c1, S.LoadPartial(r1 + j, tail), sum);
                sum = S.MultiplyAdd(c2, S.LoadPartial(r2 + j, tail), sum);
                sum = S.MultiplyAdd(c3, S.LoadPartial(r3 + j, tail), sum);
                sum = S.MultiplyAdd(c4, S.LoadPartial(r4 + j, tail), sum);
                sum = S.MultiplyAdd(c5, S.LoadPartial(r5 + j, tail), sum);
                sum = S.MultiplyAdd(c6, S.LoadPartial(r6 + j, tail), sum);
                S.StorePartial(y + j, S.MultiplyAdd(c7, S.LoadPartial(r7 + j, tail), sum), tail);
            }
        }
    }

    /// <summary>M += c x'. c holds M.Rows elements, x M.Columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddOuter(T* c, T* x, MatrixView<T> M)
    {
        int w = S.Width;
        nint columns = M.Columns;
        nint stride = M.RowStride;
        nint i = 0;
        for (; i + DotRows <= M.Rows; i += DotRows)
        {
            T* r0 = M.Pointer + (i * stride), r1 = r0 + stride, r2 = r1 + stride, r3 = r2 + stride;
            V c0 = S.Broadcast(c[i]), c1 = S.Broadcast(c[i + 1]);
            V c2 = S.Broadcast(c[i + 2]), c3 = S.Broadcast(c[i + 3]);
            nint j = 0;
            for (; j + w <= columns; j += w)
            {
                V xa = S.Load(x + j);
                S.Store(r0 + j, S.MultiplyAdd(c0, xa, S.Load(r0 + j)));
                S.Store(r1 + j, S.MultiplyAdd(c1, xa, S.Load(r1 + j)));
                S.Store(r2 + j, S.MultiplyAdd(c2, xa, S.Load(r2 + j)));
                S.Store(r3 + j, S.MultiplyAdd(c3, xa, S.Load(r3 + j)));
            }

            int tail = (int)(columns - j);
            if (tail > 0)
            {
                V xa = S.LoadPartial(x + j, tail);
                S.StorePartial(r0 + j, S.MultiplyAdd(c0, xa, S.LoadPartial(r0 + j, tail)), tail);
                S.StorePartial(r1 + j, S.MultiplyAdd(c1, xa, S.LoadPartial(r1 + j, tail)), tail);
                S.StorePartial(r2 + j, S.MultiplyAdd(c2, xa, S.LoadPartial(r2 + j, tail)), tail);
                S.StorePartial(r3 + j, S.MultiplyAdd(c3, xa, S.LoadPartial(r3 + j, tail)), tail);
            }
        }

        for (; i < M.Rows; i++)
        {
            AddCombination(new MatrixView<T>(x, 1, columns, columns), c + i, M.Pointer + (i * stride));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LoadUpTo(T* address, int count) =>
        count >= S.Width ? S.Load(address) : S.LoadPartial(address, count);
}
