using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// C = alpha A B + beta C: the five loops around the micro-kernel (Goto and van de Geijn, "Anatomy of high-performance matrix
/// multiplication", ACM TOMS 34(3), 2008; BLIS). Written once for all types, instruction sets, transposes and thread counts.
/// <code>
///   for jc: columns of C in panels of nc
///     for pc: depth in blocks of kc           -> pack B(pc, jc), all threads
///       for ic0: rows in super-blocks         -> pack A(ic0, pc), all threads
///         tasks (row block mc) x (group of micro-panels): micro-tiles of C, all threads
/// </code>
/// An element of C is summed over pc in ascending order by one task at a time: the same bits for any number of threads.
/// </summary>
internal static unsafe class Gemm<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows of A packed at once, so that tall products need bounded scratch.</summary>
    private const int SuperBlockRows = 4096;

    /// <summary>Micro-panels of B that one task takes: enough work to pay for a task, little enough to share out evenly.</summary>
    private const int PanelsPerTask = 8;

    /// <summary>Products under this many multiplications run on the calling thread: waking another costs as much.</summary>
    private const long SerialWork = 64 * 64 * 64;

    /// <summary>C = alpha A B + beta C.</summary>
    public static void Run(SimdContext context, T alpha, MatrixView<T> A, MatrixView<T> B, T beta, MatrixView<T> C) =>
        Run(context, alpha, A, B, beta, C, GemmShapes.General);

    /// <summary>The same, where something is known of the matrices; see <see cref="GemmShapes"/>.</summary>
    public static void Run(
        SimdContext context, T alpha, MatrixView<T> A, MatrixView<T> B, T beta, MatrixView<T> C, GemmShapes shape)
    {
        if (C.IsEmpty)
        {
            return;
        }

        if (!C.HasContiguousRows)
        {
            if (C.RowStride == 1 && shape == GemmShapes.General)
            {
                Run(context, alpha, B.Transposed, A.Transposed, beta, C.Transposed, GemmShapes.General);
                return;
            }

            using Scratch<T> copy = context.Scratch.Rent<T>(C.Rows * C.Columns);
            MatrixView<T> dense = copy.View(C.Rows, C.Columns);
            if (beta != T.Zero || shape.HasFlag(GemmShapes.LowerC))
            {
                C.CopyTo(dense);
            }

            Run(context, alpha, A, B, beta, dense, shape);
            dense.CopyTo(C);
            return;
        }

        if (A.Columns == 0 || alpha == T.Zero)
        {
            Rescale(context, beta, C);
            return;
        }

        if (beta != T.Zero && beta != T.One)
        {
            Rescale(context, beta, C);
        }

        Multiply(context, alpha, A, B, beta == T.Zero, C, shape);
    }

    private static void Multiply(
        SimdContext context, T alpha, MatrixView<T> A, MatrixView<T> B, bool overwrite, MatrixView<T> C, GemmShapes shape)
    {
        int mr = MicroKernel<S, V, T>.Rows;
        int nr = MicroKernel<S, V, T>.Columns;
        nint kc = GemmBlocking.Depth;
        nint mc = GemmBlocking.Rows<T>(mr);
        nint nc = Math.Min(GemmBlocking.Columns<T>(nr), RoundUp(C.Columns, nr));
        nint superRows = Math.Min(SuperBlockRows, RoundUp(C.Rows, mr));
        nint depth = A.Columns;
        bool serial = (long)C.Rows * C.Columns * depth < SerialWork;

        using Scratch<T> packedA = context.Scratch.Rent<T>(superRows * Math.Min(kc, depth));
        using Scratch<T> packedB = context.Scratch.Rent<T>(nc * Math.Min(kc, depth));
        T* pa = packedA.Pointer;
        T* pb = packedB.Pointer;
        for (nint jc = 0; jc < C.Columns; jc += nc)
        {
            nint columns = Math.Min(nc, C.Columns - jc);
            int panels = (int)((columns + nr - 1) / nr);
            for (nint pc = 0; pc < depth; pc += kc)
            {
                nint deep = Math.Min(kc, depth - pc);
                MatrixView<T> blockB = B.Block(pc, jc, deep, columns);
                nint blockDepth = pc;
                for (nint ic = 0; ic < C.Rows; ic += superRows)
                {
                    nint rows = Math.Min(superRows, C.Rows - ic);
                    int rowPanels = (int)((rows + mr - 1) / mr);
                    MatrixView<T> blockA = A.Block(ic, pc, rows, deep);
                    MatrixView<T> blockC = C.Block(ic, jc, rows, columns);
                    nint firstRowOfC = ic;
                    nint firstColumnOfC = jc;

                    int packTasksB = ic == 0 ? (panels + PanelsPerTask - 1) / PanelsPerTask : 0;
                    int rowPanelsPerTask = (int)(mc / mr);
                    int packTasksA = (rowPanels + rowPanelsPerTask - 1) / rowPanelsPerTask;
                    Loop(context, serial, packTasksB + packTasksA, task =>
                    {
                        if (task < packTasksB)
                        {
                            PackB(blockB, task * PanelsPerTask, Math.Min(panels, (task + 1) * PanelsPerTask), pb);
                        }
                        else
                        {
                            int at = (task - packTasksB) * rowPanelsPerTask;
                            PackA(blockA, at, Math.Min(rowPanels, at + rowPanelsPerTask), pa);
                        }
                    });

                    int panelTasks = (panels + PanelsPerTask - 1) / PanelsPerTask;
                    Loop(context, serial, packTasksA * panelTasks, task =>
                    {
                        nint firstRow = task / panelTasks * mc;
                        int firstPanel = task % panelTasks * PanelsPerTask;
                        Block block = new(firstRowOfC, firstColumnOfC, blockDepth, deep);
                        Tiles(
                            block, blockC, firstRow, Math.Min(mc, rows - firstRow), firstPanel,
                            Math.Min(panels, firstPanel + PanelsPerTask), pa, pb, alpha, overwrite, shape);
                    });
                }
            }
        }
    }

    /// <summary>The two loops around the micro-kernel, for one row block and some micro-panels of B.</summary>
    private static void Tiles(
        Block block, MatrixView<T> C, nint firstRow, nint rows, int firstPanel, int endPanel, T* packedA, T* packedB,
        T alpha, bool overwriteC, GemmShapes shape)
    {
        int mr = MicroKernel<S, V, T>.Rows;
        int nr = MicroKernel<S, V, T>.Columns;
        T* edge = stackalloc T[mr * nr];
        for (int panel = firstPanel; panel < endPanel; panel++)
        {
            nint column = (nint)panel * nr;
            nint wide = Math.Min(nr, C.Columns - column);
            T* panelB = packedB + (column * block.Depth);
            for (nint i = firstRow; i < firstRow + rows; i += mr)
            {
                nint high = Math.Min(mr, C.Rows - i);
                nint skip = 0;
                nint firstDepth = 0;
                if (shape.HasFlag(GemmShapes.LowerC) && block.Column + column > block.Row + i + high - 1)
                {
                    continue;
                }

                if (shape.HasFlag(GemmShapes.UpperA))
                {
                    // Row r of A starts at column r: what lies to the left is zero and is neither multiplied nor, at first, added to.
                    skip = Math.Max(0, block.Row + i - block.Start);
                    if (skip >= block.Depth)
                    {
                        continue;
                    }

                    firstDepth = (block.Row + i) / GemmBlocking.Depth * GemmBlocking.Depth;
                }

                bool overwrite = overwriteC && block.Start == firstDepth;
                nint depth = block.Depth - skip;
                T* a = packedA + (i * block.Depth) + (skip * mr);
                T* b = panelB + (skip * nr);
                T* c = C.Pointer + (i * C.RowStride) + column;
                if (high == mr && wide == nr)
                {
                    MicroKernel<S, V, T>.Expect(c, C.RowStride);
                    MicroKernel<S, V, T>.Run(depth, a, b, alpha, overwrite, c, C.RowStride);
                    continue;
                }

                MicroKernel<S, V, T>.Run(depth, a, b, alpha, overwrite: true, edge, nr);
                for (nint r = 0; r < high; r++)
                {
                    for (nint s = 0; s < wide; s++)
                    {
                        T value = edge[(r * nr) + s];
                        c[(r * C.RowStride) + s] = overwrite ? value : c[(r * C.RowStride) + s] + value;
                    }
                }
            }
        }
    }

    private static void PackA(MatrixView<T> A, int firstPanel, int endPanel, T* packed)
    {
        int mr = MicroKernel<S, V, T>.Rows;
        for (int panel = firstPanel; panel < endPanel; panel++)
        {
            nint row = (nint)panel * mr;
            Packing<S, V, T>.PanelA(A.SliceRows(row, Math.Min(mr, A.Rows - row)), packed + (row * A.Columns));
        }
    }

    private static void PackB(MatrixView<T> B, int firstPanel, int endPanel, T* packed)
    {
        int nr = MicroKernel<S, V, T>.Columns;
        for (int panel = firstPanel; panel < endPanel; panel++)
        {
            nint column = (nint)panel * nr;
            Packing<S, V, T>.PanelB(B.SliceColumns(column, Math.Min(nr, B.Columns - column)), packed + (column * B.Rows));
        }
    }

    /// <summary>C = beta C; with beta 0 what C held is not read.</summary>
    private static void Rescale(SimdContext context, T beta, MatrixView<T> C)
    {
        if (beta == T.One)
        {
            return;
        }

        bool serial = (long)C.Rows * C.Columns < SerialWork;
        Loop(context, serial, checked((int)C.Rows), i =>
        {
            T* row = C.Pointer + (i * C.RowStride);
            for (nint j = 0; j < C.Columns; j++)
            {
                row[j] = beta == T.Zero ? T.Zero : beta * row[j];
            }
        });
    }

    private static void Loop(SimdContext context, bool serial, int tasks, Action<int> body)
    {
        if (!serial)
        {
            context.Pool.For(tasks, body);
            return;
        }

        for (int i = 0; i < tasks; i++)
        {
            body(i);
        }
    }

    /// <summary>Where a packed block stands in the whole: its row and column of C, its start and length along the depth.</summary>
    private readonly record struct Block(nint Row, nint Column, nint Start, nint Depth);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint RoundUp(nint value, nint multiple) => (value + multiple - 1) / multiple * multiple;
}
