using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// result = sum over i of weights(i, :) . (K_i W), on rows and columns of the kernels that index lists name.
/// <code>
///   for blocks of rows                      -> pack the rows of all kernels, all threads
///     tasks: (micro-panel of targets) x (half a block of rows)
///       for kernels i, for blocks of depth  -> weights(i, :) . W packed: one micro-panel, in the first-level cache
///         row panels: result += K_i (weights(i, :) . W), in registers
/// </code>
/// The sum over kernels happens in the micro-tile of the result: one product of depth m |columns|, as of the stacked
/// kernels, and no more workspace than a block of packed rows and a micro-panel a thread. An element is summed in one
/// order by one task.
/// </summary>
internal static unsafe class IndexedKernelProduct<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows of the kernels packed at once: a panel of W is packed again for each, so not few.</summary>
    public const int BlockRows = 256;

    /// <summary>Rows that one task takes: half a block, so that a few hundred targets share out evenly.</summary>
    private const int RowsPerTask = BlockRows / 2;

    public static void Run(
        SimdContext context, IndexedKernels<T> kernels, MatrixView<T> weights, MatrixView<T> W, MatrixView<T> result)
    {
        if (result.IsEmpty)
        {
            return;
        }

        if (kernels.Count == 0 || kernels.Columns == 0)
        {
            result.Fill(T.Zero);
            return;
        }

        int mr = MicroKernel<S, V, T>.Rows;
        int nr = MicroKernel<S, V, T>.Columns;
        int panels = checked((int)((W.Columns + nr - 1) / nr));
        int block = Math.Min(BlockRows, (kernels.Rows + mr - 1) / mr * mr);
        using Scratch<T> packed = context.Scratch.Rent<T>((nint)kernels.Count * block * kernels.Columns);
        T* a = packed.Pointer;
        for (int first = 0; first < kernels.Rows; first += block)
        {
            int rows = Math.Min(block, kernels.Rows - first);
            int rowTasks = (rows + RowsPerTask - 1) / RowsPerTask;
            IndexedPacking<S, V, T>.Rows(context, kernels, first, rows, a);
            BlockTasks tasks = new(context, kernels, first, rows, a, weights, W, result);
            context.Pool.For(panels * rowTasks, ref tasks);
        }
    }

    /// <summary>The loop over micro-panels of targets and parts of a packed block of rows.</summary>
    private readonly struct BlockTasks(
        SimdContext context, IndexedKernels<T> kernels, int firstRow, int rows, T* packed, MatrixView<T> weights,
        MatrixView<T> W, MatrixView<T> result) : IParallelTasks
    {
        public void Run(int task)
        {
            int mr = MicroKernel<S, V, T>.Rows;
            int nr = MicroKernel<S, V, T>.Columns;
            int rowTasks = (rows + RowsPerTask - 1) / RowsPerTask;
            nint column = (nint)(task / rowTasks) * nr;
            int start = task % rowTasks * RowsPerTask;
            int count = Math.Min(RowsPerTask, rows - start);
            nint wide = Math.Min(nr, W.Columns - column);
            MatrixView<T> target = result.Block(firstRow + start, column, count, wide);
            Tiles(
                context, kernels, (rows + mr - 1) / mr, start / mr, packed, weights.SliceColumns(column, wide),
                W.SliceColumns(column, wide), target);
        }
    }

    /// <summary>One micro-panel of targets, some row panels.</summary>
    private static void Tiles(
        SimdContext context, IndexedKernels<T> kernels, int panelsInBlock, int firstPanel, T* packed,
        MatrixView<T> weights, MatrixView<T> W,
        MatrixView<T> result)
    {
        int mr = MicroKernel<S, V, T>.Rows;
        int nr = MicroKernel<S, V, T>.Columns;
        int depth = kernels.Columns;
        T* edge = stackalloc T[mr * nr];
        T* factors = stackalloc T[nr];
        using Scratch<T> panel = context.Scratch.Rent<T>((nint)Math.Min(GemmBlocking.Depth, depth) * nr);
        T* b = panel.Pointer;
        for (int kernel = 0; kernel < kernels.Count; kernel++)
        {
            for (int j = 0; j < nr; j++)
            {
                factors[j] = j < weights.Columns ? weights[kernel, j] : T.Zero;
            }

            for (int pc = 0; pc < depth; pc += GemmBlocking.Depth)
            {
                int deep = Math.Min(GemmBlocking.Depth, depth - pc);
                IndexedPacking<S, V, T>.ScaledPanelB(W.SliceRows(pc, deep), factors, b);
                bool overwrite = kernel == 0 && pc == 0;
                for (nint i = 0; i < result.Rows; i += mr)
                {
                    nint at = ((nint)kernel * panelsInBlock) + firstPanel + (i / mr);
                    T* a = packed + (((at * depth) + pc) * mr);
                    T* c = result.Pointer + (i * result.RowStride);
                    nint high = Math.Min(mr, result.Rows - i);
                    if (high == mr && result.Columns == nr)
                    {
                        MicroKernel<S, V, T>.Run(deep, a, b, T.One, overwrite, c, result.RowStride);
                        continue;
                    }

                    MicroKernel<S, V, T>.Run(deep, a, b, T.One, overwrite: true, edge, nr);
                    for (nint r = 0; r < high; r++)
                    {
                        for (nint j = 0; j < result.Columns; j++)
                        {
                            T value = edge[(r * nr) + j];
                            c[(r * result.RowStride) + j] = overwrite ? value : c[(r * result.RowStride) + j] + value;
                        }
                    }
                }
            }
        }
    }
}
