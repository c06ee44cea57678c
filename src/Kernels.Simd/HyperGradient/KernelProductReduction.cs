using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// Products by kernel, reduced in cache: for a block of rows and a micro-panel of targets the m products P_i =
/// weights(i, :) . (K_i W) are formed side by side and summed over rows at once, so that they are never stored.
/// <code>
///   W packed once a task: depth x NR          P: m tiles of StripRows x NR, in cache
///   for strips of StripRows rows:
///     P_i = K_i W              micro-kernel, i = 0 ... m - 1
///     P_i *= weights(i, :);  prediction = sum_i P_i;  r = prediction - Y
///     gradient_i += P_i' r,  hessian_ik += P_i' P_k          in T over the strip, then in double
/// </code>
/// Source of the reduction: Dupre la Tour et al., NeuroImage 264 (2022), section 2.6 (hyper-parameter gradient).
/// </summary>
internal static unsafe class KernelProductReduction<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows whose products are in cache at once; sums run in T over so many rows only.</summary>
    private const int StripRows = 32;

    private const int BlockRows = IndexedKernelProduct<S, V, T>.BlockRows;

    /// <summary>Predictions, gradient and Hessian; see <see cref="IBackend.KernelProductMoments"/>.</summary>
    public static void Moments(
        SimdContext context, IndexedKernels<T> kernels, MatrixView<T> weights, MatrixView<T> W, MatrixView<T> Y,
        MatrixView<T> predictions,
        MatrixView<double> gradient, MatrixView<double> hessian)
    {
        int m = kernels.Count;
        gradient.Fill(0);
        hessian.Fill(0);
        if (W.Columns > 0 && (m == 0 || kernels.Columns == 0))
        {
            predictions.Fill(T.Zero);
            return;
        }

        MomentsOfBlocks reduction = new(context, m, weights, Y, predictions, gradient, hessian);
        Run(context, kernels, W, reduction);
    }

    /// <summary>Inner products with one matrix; see <see cref="IBackend.KernelProductDots"/>.</summary>
    public static void Dots(
        SimdContext context, IndexedKernels<T> kernels, MatrixView<T> weights, MatrixView<T> W, MatrixView<T> other,
        MatrixView<double> dots)
    {
        int m = kernels.Count;
        dots.Fill(0);
        if (m == 0 || kernels.Columns == 0)
        {
            return;
        }

        DotsOfBlocks reduction = new(context, m, weights, other, dots);
        Run(context, kernels, W, reduction);
    }

    private static void Run<TReduction>(
        SimdContext context, IndexedKernels<T> kernels, MatrixView<T> W, TReduction reduction)
        where TReduction : struct, IBlockReduction
    {
        int mr = MicroKernel<S, V, T>.Rows;
        int nr = MicroKernel<S, V, T>.Columns;
        int panels = checked((int)((W.Columns + nr - 1) / nr));
        int block = Math.Min(BlockRows, (kernels.Rows + mr - 1) / mr * mr);
        using Scratch<T> packed = context.Scratch.Rent<T>((nint)kernels.Count * block * kernels.Columns);
        for (int first = 0; first < kernels.Rows; first += block)
        {
            int rows = Math.Min(block, kernels.Rows - first);
            IndexedPacking<S, V, T>.Rows(context, kernels, first, rows, packed.Pointer);
            PanelTasks<TReduction> tasks = new(context, kernels, W, first, rows, packed.Pointer, reduction);
            context.Pool.For(panels, ref tasks);
        }
    }

    private static void Strip(
        IndexedKernels<T> kernels, int panelsInBlock, int firstPanel, int panels, T* packed, T* b, T* P)
    {
        int mr = MicroKernel<S, V, T>.Rows;
        int nr = MicroKernel<S, V, T>.Columns;
        int depth = kernels.Columns;
        for (int kernel = 0; kernel < kernels.Count; kernel++)
        {
            for (int pc = 0; pc < depth; pc += GemmBlocking.Depth)
            {
                int deep = Math.Min(GemmBlocking.Depth, depth - pc);
                for (int panel = 0; panel < panels; panel++)
                {
                    nint at = ((nint)kernel * panelsInBlock) + firstPanel + panel;
                    T* c = P + (((kernel * StripRows) + (panel * mr)) * nr);
                    MicroKernel<S, V, T>.Run(
                        deep, packed + (((at * depth) + pc) * mr), b + (pc * nr), T.One, pc == 0, c, nr);
                }
            }
        }
    }

    /// <summary>P_i *= weights(i, :).</summary>
    private static void Weigh(T* P, int kernels, int rows, T* weights)
    {
        int nr = MicroKernel<S, V, T>.Columns;
        for (int i = 0; i < kernels; i++)
        {
            for (int r = 0; r < rows; r++)
            {
                T* row = P + (((i * StripRows) + r) * nr);
                VectorLoops<S, V, T>.Multiply(nr, row, weights + (i * nr), row);
            }
        }
    }

    /// <summary>
    /// prediction = sum_i P_i, written out; residual = prediction - Y, kept (zero where there is no target).
    /// </summary>
    private static void Residuals(T* P, int kernels, MatrixView<T> Y, MatrixView<T> predictions, T* residuals)
    {
        int nr = MicroKernel<S, V, T>.Columns;
        for (int r = 0; r < Y.Rows; r++)
        {
            T* row = residuals + (r * nr);
            VectorLoops<S, V, T>.Scale(nr, T.One, P + (r * nr), row);
            for (int i = 1; i < kernels; i++)
            {
                VectorLoops<S, V, T>.AddScaled(nr, T.One, P + (((i * StripRows) + r) * nr), row);
            }

            nint wide = Y.Columns;
            VectorLoops<S, V, T>.Scale(wide, T.One, row, predictions.Pointer + (r * predictions.RowStride));
            VectorLoops<S, V, T>.Subtract(wide, Y.Pointer + (r * Y.RowStride), row);
        }
    }

    /// <summary>sums(j) += sum over rows of x(r, j) y(r, j), both NR wide.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddProducts(T* x, T* y, int rows, double* sums)
    {
        int nr = MicroKernel<S, V, T>.Columns;
        int w = S.Width;
        V s0 = S.Zero, s1 = S.Zero, s2 = S.Zero;
        for (int r = 0; r < rows; r++)
        {
            s0 = S.MultiplyAdd(S.Load(x), S.Load(y), s0);
            s1 = S.MultiplyAdd(S.Load(x + w), S.Load(y + w), s1);
            s2 = S.MultiplyAdd(S.Load(x + (2 * w)), S.Load(y + (2 * w)), s2);
            x += nr;
            y += nr;
        }

        S.AddToDoubles(s0, sums);
        S.AddToDoubles(s1, sums + w);
        S.AddToDoubles(s2, sums + (2 * w));
    }

    /// <summary>A copy as wide as a micro-tile, with zeros to the right.</summary>
    private static Scratch<T> Padded(SimdContext context, MatrixView<T> view, int width)
    {
        Scratch<T> copy = context.Scratch.Rent<T>(view.Rows * width);
        copy.Clear();
        view.CopyTo(copy.View(view.Rows, width).SliceColumns(0, view.Columns));
        return copy;
    }

    /// <summary>What becomes of the products of a packed block of rows and one micro-panel of targets.</summary>
    private interface IBlockReduction
    {
        void Reduce(nint column, nint wide, int firstRow, int rows, PanelStrips strips);
    }

    /// <summary>The products of a block of rows and one micro-panel of targets, a strip at a time.</summary>
    private readonly struct PanelStrips(IndexedKernels<T> kernels, int rows, T* packed, T* b, T* products)
    {
        /// <summary>Makes K_i W of a strip of rows: m tiles of StripRows x NR, until the next call.</summary>
        public T* Make(int firstRow, int count)
        {
            int mr = MicroKernel<S, V, T>.Rows;
            Strip(kernels, (rows + mr - 1) / mr, firstRow / mr, (count + mr - 1) / mr, packed, b, products);
            return products;
        }
    }

    /// <summary>The loop over micro-panels of targets.</summary>
    private readonly struct PanelTasks<TReduction>(
        SimdContext context, IndexedKernels<T> kernels, MatrixView<T> W, int firstRow, int rows, T* packed,
        TReduction reduction) : IParallelTasks
        where TReduction : struct, IBlockReduction
    {
        public void Run(int task)
        {
            int nr = MicroKernel<S, V, T>.Columns;
            nint column = (nint)task * nr;
            nint wide = Math.Min(nr, W.Columns - column);
            using Scratch<T> panel = context.Scratch.Rent<T>((nint)kernels.Columns * nr);
            using Scratch<T> products = context.Scratch.Rent<T>((nint)kernels.Count * StripRows * nr);
            Packing<S, V, T>.PanelB(W.SliceColumns(column, wide), panel.Pointer);
            PanelStrips strips = new(kernels, rows, packed, panel.Pointer, products.Pointer);
            reduction.Reduce(column, wide, firstRow, rows, strips);
        }
    }

    private readonly struct MomentsOfBlocks(
        SimdContext context, int m, MatrixView<T> weights, MatrixView<T> Y, MatrixView<T> predictions,
        MatrixView<double> gradient, MatrixView<double> hessian) : IBlockReduction
    {
        public void Reduce(nint column, nint wide, int firstRow, int rows, PanelStrips strips)
        {
            int nr = MicroKernel<S, V, T>.Columns;
            using Scratch<double> sums = context.Scratch.Rent<double>((m + (m * m)) * nr);
            sums.Clear();
            using Scratch<T> factors = Padded(context, weights.SliceColumns(column, wide), nr);
            using Scratch<T> residuals = context.Scratch.Rent<T>(StripRows * nr);
            for (int first = 0; first < rows; first += StripRows)
            {
                int count = Math.Min(StripRows, rows - first);
                T* P = strips.Make(first, count);
                Weigh(P, m, count, factors.Pointer);
                Residuals(
                    P, m, Y.Block(firstRow + first, column, count, wide),
                    predictions.Block(firstRow + first, column, count, wide), residuals.Pointer);
                for (int i = 0; i < m; i++)
                {
                    T* Pi = P + (i * StripRows * nr);
                    AddProducts(Pi, residuals.Pointer, count, sums.Pointer + (i * nr));
                    for (int k = 0; k <= i; k++)
                    {
                        AddProducts(Pi, P + (k * StripRows * nr), count, sums.Pointer + ((m + (i * m) + k) * nr));
                    }
                }
            }

            for (nint j = 0; j < wide; j++)
            {
                for (int i = 0; i < m; i++)
                {
                    double slope = sums.Pointer[(i * nr) + j];
                    gradient[i, column + j] += slope;
                    hessian[(i * m) + i, column + j] += slope;
                    for (int k = 0; k <= i; k++)
                    {
                        double product = sums.Pointer[((m + (i * m) + k) * nr) + j];
                        hessian[(i * m) + k, column + j] += product;
                        if (k != i)
                        {
                            hessian[(k * m) + i, column + j] += product;
                        }
                    }
                }
            }
        }
    }

    private readonly struct DotsOfBlocks(
        SimdContext context, int m, MatrixView<T> weights, MatrixView<T> other, MatrixView<double> dots)
        : IBlockReduction
    {
        public void Reduce(nint column, nint wide, int firstRow, int rows, PanelStrips strips)
        {
            int nr = MicroKernel<S, V, T>.Columns;
            using Scratch<double> sums = context.Scratch.Rent<double>(m * nr);
            sums.Clear();
            for (int first = 0; first < rows; first += StripRows)
            {
                int count = Math.Min(StripRows, rows - first);
                T* P = strips.Make(first, count);
                using Scratch<T> v = Padded(context, other.Block(firstRow + first, column, count, wide), nr);
                for (int i = 0; i < m; i++)
                {
                    AddProducts(P + (i * StripRows * nr), v.Pointer, count, sums.Pointer + (i * nr));
                }
            }

            for (int i = 0; i < m; i++)
            {
                for (nint j = 0; j < wide; j++)
                {
                    dots[i, column + j] += double.CreateTruncating(weights[i, column + j]) * sums.Pointer[(i * nr) + j];
                }
            }
        }
    }
}
