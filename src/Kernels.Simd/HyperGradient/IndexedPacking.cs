using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// Packs a block of rows of all kernels through their index lists, and sub-tiles of the right-hand side, in the layouts
/// of
/// <see cref="Packing{S, V, T}"/>.
/// <code>
///   packed A:  kernel i | row panel r (MR rows) | depth p | row in panel      at ((i panels + r) depth + p) MR
/// </code>
/// </summary>
internal static unsafe class IndexedPacking<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Row panels that one task packs.</summary>
    private const int PanelsPerTask = 8;

    /// <summary>Packs rows firstRow to firstRow + rows - 1 of all kernels.</summary>
    public static void Rows(SimdContext context, IndexedKernels<T> kernels, int firstRow, int rows, T* packed)
    {
        int mr = MicroKernel<S, V, T>.Rows;
        int panels = (rows + mr - 1) / mr;
        int all = panels * kernels.Count;
        int tasks = (all + PanelsPerTask - 1) / PanelsPerTask;
        context.Pool.For(tasks, (kernels, firstRow, rows, (nint)packed), static (on, task) =>
        {
            (IndexedKernels<T> kernels, int firstRow, int rows, nint packed) = on;
            int mr = MicroKernel<S, V, T>.Rows;
            int panels = (rows + mr - 1) / mr;
            int end = Math.Min(panels * kernels.Count, (task + 1) * PanelsPerTask);
            for (int at = task * PanelsPerTask; at < end; at++)
            {
                int first = at % panels * mr;
                Panel(
                    kernels, at / panels, firstRow + first, Math.Min(mr, rows - first),
                    (T*)packed + ((nint)at * mr * kernels.Columns));
            }
        });
    }

    /// <summary>
    /// Packs some rows of W (as many columns as a micro-tile at most), times the factors (padded to a micro-tile; null
    /// for ones).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScaledPanelB(MatrixView<T> W, T* factors, T* panel)
    {
        int nr = MicroKernel<S, V, T>.Columns;
        Packing<S, V, T>.PanelB(W, panel);
        if (factors is null)
        {
            return;
        }

        int w = S.Width;
        V f0 = S.Load(factors), f1 = S.Load(factors + w), f2 = S.Load(factors + (2 * w));
        for (nint p = 0; p < W.Rows; p++)
        {
            S.Store(panel, S.Multiply(f0, S.Load(panel)));
            S.Store(panel + w, S.Multiply(f1, S.Load(panel + w)));
            S.Store(panel + (2 * w), S.Multiply(f2, S.Load(panel + (2 * w))));
            panel += nr;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Panel(IndexedKernels<T> kernels, int kernel, int firstRow, int rows, T* panel)
    {
        int mr = MicroKernel<S, V, T>.Rows;
        int* columns = kernels.ColumnIndices;
        nint stride = kernels.ColumnStride;
        T* offsets = kernels.Offsets(kernel);
        for (int i = 0; i < mr; i++)
        {
            T* target = panel + i;
            if (i >= rows)
            {
                for (int p = 0; p < kernels.Columns; p++, target += mr)
                {
                    *target = T.Zero;
                }

                continue;
            }

            T* source = kernels.Row(kernel, firstRow + i);
            if (offsets is null)
            {
                for (int p = 0; p < kernels.Columns; p++, target += mr)
                {
                    *target = source[columns[p] * stride];
                }

                continue;
            }

            for (int p = 0; p < kernels.Columns; p++, target += mr)
            {
                *target = source[columns[p] * stride] - offsets[columns[p]];
            }
        }
    }
}
