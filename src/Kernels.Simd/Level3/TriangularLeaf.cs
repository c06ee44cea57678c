using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// Forward substitution with a small lower triangle, by the micro-kernel of gemm: the triangle is packed once, each
/// strip of right-hand sides is packed, solved where it lies, and written back.
/// <code>
///   L (order n), packed in row panels of MR              strip of B, n x NR, packed:  strip[p * NR + j]
///     rows i..i+MR:  | a(i, 0 .. i) | 8 x 8 triangle |     rows i..  -= a(i, 0..i) strip(0..i)        (micro-kernel)
///                                                          rows i..  solved with the triangle         (registers)
/// </code>
/// The diagonal is inverted while packing, as in BLIS (Van Zee and van de Geijn 2015, section 5.2): a multiplication
/// for each division.
/// </summary>
internal static unsafe class TriangularLeaf<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// The largest order: a strip of so many rows and its row panel of the triangle stay in the first levels of cache.
    /// </summary>
    public const int Order = 96;

    /// <summary>Strips in a task.</summary>
    private const int StripsPerTask = 4;

    /// <summary>Solves L X = B in place of B, of any strides.</summary>
    public static void Solve(SimdContext context, bool unitDiagonal, MatrixView<T> L, MatrixView<T> B)
    {
        int mr = MicroKernel<S, V, T>.Rows;
        int nr = MicroKernel<S, V, T>.Columns;
        int n = (int)L.Rows;
        int padded = (n + mr - 1) / mr * mr;
        using Scratch<T> triangle = context.Scratch.Rent<T>(padded * padded);
        T* packed = triangle.Pointer;
        Pack(L, unitDiagonal, packed, padded);
        int strips = checked((int)((B.Columns + nr - 1) / nr));
        int tasks = (strips + StripsPerTask - 1) / StripsPerTask;
        if (tasks == 1)
        {
            SolveStrips(packed, padded, B, 0, strips);
            return;
        }

        context.Pool.For(tasks, (triangle, padded, B, strips), static (on, task) => SolveStrips(
            on.triangle.Pointer, on.padded, on.B, task * StripsPerTask,
            Math.Min(on.strips, (task + 1) * StripsPerTask)));
    }

    /// <summary>
    /// Row panels as gemm has them, over the whole width: panel of rows i.. at i * padded. Rows beyond the order are
    /// those of the identity.
    /// </summary>
    private static void Pack(MatrixView<T> L, bool unitDiagonal, T* packed, int padded)
    {
        int mr = MicroKernel<S, V, T>.Rows;
        int n = (int)L.Rows;
        for (int i = 0; i < padded; i++)
        {
            T* panel = packed + (i / mr * mr * padded) + (i % mr);
            T* row = L.Pointer + (i * L.RowStride);
            int inside = i < n ? i : 0;
            for (int p = 0; p < inside; p++)
            {
                panel[p * mr] = row[p * L.ColumnStride];
            }

            for (int p = inside; p < (i / mr * mr) + mr; p++)
            {
                panel[p * mr] = T.Zero;
            }

            panel[i * mr] = i >= n || unitDiagonal ? T.One : T.One / row[i * L.ColumnStride];
        }
    }

    private static void SolveStrips(T* packed, int padded, MatrixView<T> B, int first, int end)
    {
        int mr = MicroKernel<S, V, T>.Rows;
        int nr = MicroKernel<S, V, T>.Columns;
        T* memory = stackalloc T[(Order * nr) + S.Width];

        // A strip's rows are whole vectors: aligned, none crosses a cache line.
        T* strip = VectorLoops<S, V, T>.Align(memory);
        for (int s = first; s < end; s++)
        {
            nint column = (nint)s * nr;
            MatrixView<T> columns = B.SliceColumns(column, Math.Min(nr, B.Columns - column));
            Packing<S, V, T>.PanelB(columns, strip);
            for (nint i = B.Rows * nr; i < padded * nr; i++)
            {
                strip[i] = T.Zero;
            }

            for (int i = 0; i < padded; i += mr)
            {
                T* panel = packed + (i * padded);
                T* rows = strip + (i * nr);
                if (i > 0)
                {
                    MicroKernel<S, V, T>.Run(i, panel, strip, -T.One, overwrite: false, rows, nr);
                }

                for (int j = 0; j < nr; j += S.Width)
                {
                    if (mr == 8)
                    {
                        Solve8(panel + (i * mr), rows + j, nr);
                    }
                    else
                    {
                        Solve4(panel + (i * mr), rows + j, nr);
                    }
                }
            }

            Unpack(strip, columns);
        }
    }

    private static void Unpack(T* strip, MatrixView<T> B)
    {
        int nr = MicroKernel<S, V, T>.Columns;
        if (B.ColumnStride == 1 && B.Columns == nr)
        {
            int w = S.Width;
            for (nint i = 0; i < B.Rows; i++)
            {
                T* row = B.Pointer + (i * B.RowStride);
                S.Store(row, S.Load(strip));
                S.Store(row + w, S.Load(strip + w));
                S.Store(row + (2 * w), S.Load(strip + (2 * w)));
                strip += nr;
            }

            return;
        }

        if (B.RowStride == 1)
        {
            for (nint j = 0; j < B.Columns; j++)
            {
                T* column = B.Pointer + (j * B.ColumnStride);
                for (nint i = 0; i < B.Rows; i++)
                {
                    column[i] = strip[(i * nr) + j];
                }
            }

            return;
        }

        for (nint i = 0; i < B.Rows; i++)
        {
            T* row = B.Pointer + (i * B.RowStride);
            for (nint j = 0; j < B.Columns; j++)
            {
                row[j * B.ColumnStride] = strip[(i * nr) + j];
            }
        }
    }

    /// <summary>
    /// One vector of columns, eight rows in registers. t[k * 8 + i] is element (i, k); the diagonal is inverted.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Solve8(T* t, T* x, nint stride)
    {
        V x0 = S.Load(x), x1 = S.Load(x + stride), x2 = S.Load(x + (2 * stride)), x3 = S.Load(x + (3 * stride));
        V x4 = S.Load(x + (4 * stride)), x5 = S.Load(x + (5 * stride));
        V x6 = S.Load(x + (6 * stride)), x7 = S.Load(x + (7 * stride));
        x0 = S.Multiply(x0, S.Broadcast(t[0]));
        x1 = Minus(x1, t[1], x0);
        x2 = Minus(x2, t[2], x0);
        x3 = Minus(x3, t[3], x0);
        x4 = Minus(x4, t[4], x0);
        x5 = Minus(x5, t[5], x0);
        x6 = Minus(x6, t[6], x0);
        x7 = Minus(x7, t[7], x0);
        x1 = S.Multiply(x1, S.Broadcast(t[9]));
        x2 = Minus(x2, t[10], x1);
        x3 = Minus(x3, t[11], x1);
        x4 = Minus(x4, t[12], x1);
        x5 = Minus(x5, t[13], x1);
        x6 = Minus(x6, t[14], x1);
        x7 = Minus(x7, t[15], x1);
        x2 = S.Multiply(x2, S.Broadcast(t[18]));
        x3 = Minus(x3, t[19], x2);
        x4 = Minus(x4, t[20], x2);
        x5 = Minus(x5, t[21], x2);
        x6 = Minus(x6, t[22], x2);
        x7 = Minus(x7, t[23], x2);
        x3 = S.Multiply(x3, S.Broadcast(t[27]));
        x4 = Minus(x4, t[28], x3);
        x5 = Minus(x5, t[29], x3);
        x6 = Minus(x6, t[30], x3);
        x7 = Minus(x7, t[31], x3);
        x4 = S.Multiply(x4, S.Broadcast(t[36]));
        x5 = Minus(x5, t[37], x4);
        x6 = Minus(x6, t[38], x4);
        x7 = Minus(x7, t[39], x4);
        x5 = S.Multiply(x5, S.Broadcast(t[45]));
        x6 = Minus(x6, t[46], x5);
        x7 = Minus(x7, t[47], x5);
        x6 = S.Multiply(x6, S.Broadcast(t[54]));
        x7 = Minus(x7, t[55], x6);
        x7 = S.Multiply(x7, S.Broadcast(t[63]));
        S.Store(x, x0);
        S.Store(x + stride, x1);
        S.Store(x + (2 * stride), x2);
        S.Store(x + (3 * stride), x3);
        S.Store(x + (4 * stride), x4);
        S.Store(x + (5 * stride), x5);
        S.Store(x + (6 * stride), x6);
        S.Store(x + (7 * stride), x7);
    }

    /// <summary>The same for four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Solve4(T* t, T* x, nint stride)
    {
        V x0 = S.Load(x), x1 = S.Load(x + stride), x2 = S.Load(x + (2 * stride)), x3 = S.Load(x + (3 * stride));
        x0 = S.Multiply(x0, S.Broadcast(t[0]));
        x1 = Minus(x1, t[1], x0);
        x2 = Minus(x2, t[2], x0);
        x3 = Minus(x3, t[3], x0);
        x1 = S.Multiply(x1, S.Broadcast(t[5]));
        x2 = Minus(x2, t[6], x1);
        x3 = Minus(x3, t[7], x1);
        x2 = S.Multiply(x2, S.Broadcast(t[10]));
        x3 = Minus(x3, t[11], x2);
        x3 = S.Multiply(x3, S.Broadcast(t[15]));
        S.Store(x, x0);
        S.Store(x + stride, x1);
        S.Store(x + (2 * stride), x2);
        S.Store(x + (3 * stride), x3);
    }

    /// <summary>x - factor y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Minus(V x, T factor, V y) => S.MultiplyAdd(S.Broadcast(-factor), y, x);
}
