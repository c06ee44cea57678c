using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// C = alpha A B + beta C: the five loops around the micro-kernel (Goto and van de Geijn, "Anatomy of high-performance
/// matrix multiplication", ACM TOMS 34(3), 2008; BLIS). Written once for all types, instruction sets, transposes and
/// thread counts.
/// <code>
///   for jc: columns of C in panels of nc
///     for pc: depth in blocks of kc           -> B(pc, jc) packed
///       for ic0: rows in super-blocks         -> A(ic0, pc) packed: a phase
///         tasks (row block mc) x (group of micro-panels): micro-tiles of C, all threads
/// </code>
/// The tasks of a phase include the packing of the next one, into a second pair of buffers: threads wait for each other
/// once a phase, and while one waits for memory in packing another computes.
/// An element of C is summed over pc in ascending order by one task at a time: the same bits for any number of threads.
/// </summary>
internal static unsafe partial class Gemm<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>About as many rows of A are packed at once, so that tall products need bounded scratch.</summary>
    private const int SuperBlockRows = 2048;

    /// <summary>Micro-panels of B that a task packs.</summary>
    private const int PanelsPerPacking = 8;

    /// <summary>The most micro-panels of B that a task multiplies.</summary>
    private const int PanelsPerTask = 8;

    /// <summary>
    /// Tasks that a thread has at least, so that all end about together; a micro-panel is the smallest, some 50
    /// microseconds.
    /// </summary>
    private const int TasksPerThread = 16;

    /// <summary>
    /// Products under this many multiplications run on the calling thread: waking another costs as much.
    /// </summary>
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
        SimdContext context, T alpha, MatrixView<T> A, MatrixView<T> B, bool overwrite, MatrixView<T> C,
        GemmShapes shape)
    {
        int mr = MicroKernel<S, V, T>.Rows;
        int nr = MicroKernel<S, V, T>.Columns;
        nint depth = A.Columns;
        nint kc = GemmBlocking.DepthOf(depth);
        nint mc = GemmBlocking.Rows<T>(mr, kc);
        nint nc = GemmBlocking.Even(C.Columns, GemmBlocking.Columns<T>(nr, kc), nr);
        nint superRows = Math.Min(GemmBlocking.Even(C.Rows, SuperBlockRows, mc), RoundUp(C.Rows, mr));
        bool serial = (long)C.Rows * C.Columns * depth < SerialWork;
        Phases phases = new(C.Rows, C.Columns, depth, superRows, nc, kc);
        int buffers = Math.Min(2, phases.Count);
        using Scratch<T> packedA = context.Scratch.Rent<T>(superRows * kc * buffers);
        using Scratch<T> packedB = context.Scratch.Rent<T>(nc * kc * buffers);
        T* pa = packedA.Pointer;
        T* pb = packedB.Pointer;

        // One loop a phase: its tiles, and the packing of the next phase into the other buffers.
        Phase tiles = default;
        Phase packing = phases[0];
        int threads = serial ? 1 : context.Pool.Threads;
        for (int at = 0; at <= phases.Count; at++)
        {
            int packTasksB = 0;
            int packTasksA = 0;
            if (at < phases.Count)
            {
                packing = phases[at];
                packTasksB = packing.PacksB ? Tasks(packing.Columns, nr * PanelsPerPacking) : 0;
                packTasksA = Tasks(packing.Rows, mc);
            }

            int rowTasks = Tasks(tiles.Rows, mc);
            int panels = Tasks(tiles.Columns, nr);
            int panelsPerTask = Math.Clamp(rowTasks * panels / (threads * TasksPerThread), 1, PanelsPerTask);
            int panelTasks = Tasks(panels, panelsPerTask);
            PhaseTasks tasks = new()
            {
                A = A, B = B, C = C, Alpha = alpha, Overwrite = overwrite, Shape = shape, Threads = threads,
                BlockRows = mc, BlockDepth = kc, Current = tiles, Next = packing, PackTasksB = packTasksB,
                PackTasksA = packTasksA, Panels = panels, PanelTasks = panelTasks, PanelsPerTask = panelsPerTask,
                NextA = pa + ((at % 2) * superRows * kc * (buffers - 1)),
                NextB = pb + (packing.PanelIndex % 2 * nc * kc * (buffers - 1)),
                CurrentA = pa + ((at + 1) % 2 * superRows * kc * (buffers - 1)),
                CurrentB = pb + (tiles.PanelIndex % 2 * nc * kc * (buffers - 1)),
            };
            Loop(context, serial, packTasksB + packTasksA + (rowTasks * panelTasks), ref tasks);
            tiles = packing;
        }
    }

    /// <summary>
    /// The two loops around the micro-kernel, for one row block and some micro-panels of B. nextPanel is the panel that
    /// this thread will probably multiply after these.
    /// </summary>
    private static void Tiles(
        Phase block, nint kc, MatrixView<T> C, nint firstRow, nint rows, int firstPanel, int endPanel, T* packedA,
        T* packedB,
        T alpha, bool overwriteC, GemmShapes shape, int nextPanel)
    {
        int mr = MicroKernel<S, V, T>.Rows;
        int nr = MicroKernel<S, V, T>.Columns;
        for (int panel = firstPanel; panel < endPanel; panel++)
        {
            nint column = (nint)panel * nr;
            nint wide = Math.Min(nr, C.Columns - column);
            T* panelB = packedB + (column * block.Depth);

            // Each tile of this panel asks for its share of the next: at its start, all of a panel would come from the
            // third level at once.
            T* ahead = packedB + ((panel + 1 < endPanel ? panel + 1 : nextPanel) * nr * block.Depth);
            nint lines = Tasks(nr * block.Depth, CacheSizes.Line / sizeof(T) * rows);
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
                    // Row r of A starts at column r: what lies to the left is zero and is neither multiplied nor, at
                    // first, added to.
                    skip = Math.Max(0, block.Row + i - block.Start);
                    if (skip >= block.Depth)
                    {
                        continue;
                    }

                    firstDepth = (block.Row + i) / kc * kc;
                }

                nint depth = block.Depth - skip;
                if (shape.HasFlag(GemmShapes.LowerA))
                {
                    // Row r of A ends at column r.
                    depth = Math.Min(depth, block.Row + i + high - block.Start);
                    if (depth <= 0)
                    {
                        continue;
                    }
                }

                bool overwrite = overwriteC && block.Start == firstDepth;
                T* a = packedA + (i * block.Depth) + (skip * mr);
                T* b = panelB + (skip * nr);
                T* c = C.Pointer + (i * C.RowStride) + column;
                if (high == mr && wide == nr)
                {
                    MicroKernel<S, V, T>.Run(depth, a, b, alpha, overwrite, c, C.RowStride, ahead, lines);
                    ahead += lines * mr * (CacheSizes.Line / sizeof(T));
                    continue;
                }

                MicroKernel<S, V, T>.RunPart(depth, a, b, alpha, overwrite, c, C.RowStride, (int)high, (int)wide);
            }
        }
    }

    private static void PackA(MatrixView<T> A, int firstPanel, int endPanel, T* packed)
    {
        int mr = MicroKernel<S, V, T>.Rows;
        int panel = firstPanel;
        for (; panel + Packing<S, V, T>.Together <= endPanel; panel += Packing<S, V, T>.Together)
        {
            nint row = (nint)panel * mr;
            if (A.RowStride != 1 || row + (Packing<S, V, T>.Together * mr) > A.Rows)
            {
                break;
            }

            Packing<S, V, T>.PanelsA(A.SliceRows(row, Packing<S, V, T>.Together * mr), packed + (row * A.Columns));
        }

        for (; panel < endPanel; panel++)
        {
            nint row = (nint)panel * mr;
            Packing<S, V, T>.PanelA(A.SliceRows(row, Math.Min(mr, A.Rows - row)), packed + (row * A.Columns));
        }
    }

    private static void PackB(MatrixView<T> B, int firstPanel, int endPanel, T* packed)
    {
        int nr = MicroKernel<S, V, T>.Columns;
        int panel = firstPanel;
        for (; panel + Packing<S, V, T>.Together <= endPanel; panel += Packing<S, V, T>.Together)
        {
            nint column = (nint)panel * nr;
            if (B.ColumnStride != 1 || column + (Packing<S, V, T>.Together * nr) > B.Columns)
            {
                break;
            }

            Packing<S, V, T>.PanelsB(
                B.SliceColumns(column, Packing<S, V, T>.Together * nr), packed + (column * B.Rows));
        }

        for (; panel < endPanel; panel++)
        {
            nint column = (nint)panel * nr;
            Packing<S, V, T>.PanelB(
                B.SliceColumns(column, Math.Min(nr, B.Columns - column)), packed + (column * B.Rows));
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
        RescaleTasks rows = new(beta, C);
        Loop(context, serial, checked((int)C.Rows), ref rows);
    }

    private static void Loop<TBody>(SimdContext context, bool serial, int tasks, ref TBody body)
        where TBody : struct, IParallelTasks
    {
        if (!serial)
        {
            context.Pool.For(tasks, ref body);
            return;
        }

        for (int i = 0; i < tasks; i++)
        {
            body.Run(i);
        }
    }

    private static int Tasks(nint count, nint each) => checked((int)((count + each - 1) / each));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint RoundUp(nint value, nint multiple) => (value + multiple - 1) / multiple * multiple;
}
