using System.Numerics;

namespace VemKernels.Device;

/// <content>
/// Products by kernel through index lists: the entries of one kernel are gathered at a time, and multiplied as a whole.
/// </content>
public abstract partial class DeviceBackend
{
    /// <inheritdoc/>
    public void IndexedKernelProduct<T>(
        DeviceView<T> Ks, ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, DeviceView<T>? offsets,
        DeviceView<T> weights, DeviceView<T> W,
        DeviceView<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ContractShapes.RequireIndexedKernels(Ks, rows, columns, weights, W);
        Shapes.Require(result, rows.Length, W.Columns, nameof(result));
        if (IsHosted<T>())
        {
            Host.IndexedKernelProduct(
                OnHost(Ks, nameof(Ks)), rows, columns, OnHost(offsets, nameof(offsets)),
                OnHost(weights, nameof(weights)),
                OnHost(W, nameof(W)), OnHost(result, nameof(result)));
            return;
        }

        BufferView ks = OnDevice(Ks, nameof(Ks));
        BufferView factors = OnDevice(weights, nameof(weights));
        BufferView w = OnDevice(W, nameof(W));
        BufferView into = OnDevice(result, nameof(result));
        BufferView shifts = Row(offsets, Ks.Columns, ks, nameof(offsets));
        using DeviceBuffer rowIndex = _runtime.CreateBuffer(rows);
        using DeviceBuffer columnIndex = _runtime.CreateBuffer(columns);
        using Scratch kernel = Rent<T>(rows.Length, columns.Length);
        BufferView gathered = kernel.View;
        WeightedSum<T>(factors, w, into, i =>
        {
            GatherKernel<T>(ks, i, rowIndex, columnIndex, offsets is null ? null : shifts, gathered);
            return gathered;
        });
    }

    /// <inheritdoc/>
    public void KernelProductMoments<T>(
        DeviceView<T> Ks, ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, DeviceView<T>? offsets,
        DeviceView<T> weights, DeviceView<T> W,
        DeviceView<T> Y, DeviceView<T> predictions, DeviceView<double> gradient, DeviceView<double> hessian)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ContractShapes.RequireIndexedKernels(Ks, rows, columns, weights, W);
        Shapes.Require(Y, rows.Length, W.Columns, nameof(Y));
        Shapes.Require(predictions, rows.Length, W.Columns, nameof(predictions));
        Shapes.Require(gradient, weights.Rows, W.Columns, nameof(gradient));
        Shapes.Require(hessian, weights.Rows * weights.Rows, W.Columns, nameof(hessian));
        if (IsHosted<T>())
        {
            Host.KernelProductMoments(
                OnHost(Ks, nameof(Ks)), rows, columns, OnHost(offsets, nameof(offsets)),
                OnHost(weights, nameof(weights)),
                OnHost(W, nameof(W)), OnHost(Y, nameof(Y)), OnHost(predictions, nameof(predictions)),
                OnHost(gradient, nameof(gradient)),
                OnHost(hessian, nameof(hessian)));
            return;
        }

        BufferView y = OnDevice(Y, nameof(Y));
        BufferView into = OnDevice(predictions, nameof(predictions));
        using WideView slopes = Wide(gradient, nameof(gradient));
        using WideView curvatures = Wide(hessian, nameof(hessian));
        ForProducts(Ks, rows, columns, offsets, weights, W, (products, factors, first, count) =>
        {
            BufferView sum = into.SliceColumns(first, count);
            BufferView slope = slopes.View.SliceColumns(first, count);
            SumProducts<T>(products, factors, sum);
            ProductDots<T>(products, factors, sum, y.SliceColumns(first, count), slope);
            ProductHessian<T>(products, factors, slope, curvatures.View.SliceColumns(first, count));
        });
        slopes.WriteBack();
        curvatures.WriteBack();
    }

    /// <inheritdoc/>
    public void KernelProductDots<T>(
        DeviceView<T> Ks, ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, DeviceView<T>? offsets,
        DeviceView<T> weights, DeviceView<T> W,
        DeviceView<T> V, DeviceView<double> dots)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ContractShapes.RequireIndexedKernels(Ks, rows, columns, weights, W);
        Shapes.Require(V, rows.Length, W.Columns, nameof(V));
        Shapes.Require(dots, weights.Rows, W.Columns, nameof(dots));
        if (IsHosted<T>())
        {
            Host.KernelProductDots(
                OnHost(Ks, nameof(Ks)), rows, columns, OnHost(offsets, nameof(offsets)),
                OnHost(weights, nameof(weights)),
                OnHost(W, nameof(W)), OnHost(V, nameof(V)), OnHost(dots, nameof(dots)));
            return;
        }

        BufferView v = OnDevice(V, nameof(V));
        using WideView sums = Wide(dots, nameof(dots));
        ForProducts(Ks, rows, columns, offsets, weights, W, (products, factors, first, count) =>
            ProductDots<T>(products, factors, v.SliceColumns(first, count), null,
                sums.View.SliceColumns(first, count)));
        sums.WriteBack();
    }

    /// <summary>
    /// Receives the stacked products of a tile of targets, their weights, the tile's first target and their number.
    /// </summary>
    private delegate void UseProducts(BufferView products, BufferView weights, nint first, nint count);

    /// <summary>Forms K_i W for all kernels, a tile of targets at a time, stacked by rows.</summary>
    private void ForProducts<T>(
        DeviceView<T> Ks, ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, DeviceView<T>? offsets,
        DeviceView<T> weights, DeviceView<T> W,
        UseProducts use)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        BufferView ks = OnDevice(Ks, nameof(Ks));
        BufferView factors = OnDevice(weights, nameof(weights));
        BufferView w = OnDevice(W, nameof(W));
        BufferView shifts = Row(offsets, Ks.Columns, ks, nameof(offsets));
        using DeviceBuffer rowIndex = _runtime.CreateBuffer(rows);
        using DeviceBuffer columnIndex = _runtime.CreateBuffer(columns);
        nint kernels = factors.Rows;
        nint tile = ColumnTile<T>(kernels * rows.Length, w.Columns);
        using Scratch kernel = Rent<T>(rows.Length, columns.Length);
        using Scratch stack = Rent<T>(kernels * rows.Length, tile);
        for (nint first = 0; first < w.Columns; first += tile)
        {
            nint count = Math.Min(tile, w.Columns - first);
            BufferView products = stack.View.SliceColumns(0, count);
            for (nint i = 0; i < kernels; i++)
            {
                GatherKernel<T>(ks, i, rowIndex, columnIndex, offsets is null ? null : shifts, kernel.View);
                Gemm<T>(1, kernel.View, w.SliceColumns(first, count), 0,
                    products.SliceRows(i * rows.Length, rows.Length));
            }

            use(products, factors.SliceColumns(first, count), first, count);
        }
    }

    /// <summary>gathered(r, c) = Ks(rows[r], i n + columns[c]) - offsets(0, i n + columns[c]).</summary>
    private void GatherKernel<T>(
        BufferView ks, nint i, DeviceBuffer rows, DeviceBuffer columns, BufferView? offsets, BufferView gathered)
        where T : unmanaged
    {
        nint n = ks.Rows;
        BufferView kernel = ks.SliceColumns(i * n, n);
        KernelCall call = Call<T>("elementwise", "gather_block");
        call.Flag(offsets is not null);
        call.View(kernel);
        call.Buffer(rows);
        call.Buffer(columns);
        call.View(offsets is { } shifts ? shifts.SliceColumns(i * n, n) : kernel);
        call.View(gathered);
        call.Size(gathered.Rows);
        call.Size(gathered.Columns);
        call.RunColumns(gathered.Rows, gathered.Columns);
    }

    private void SumProducts<T>(BufferView products, BufferView weights, BufferView predictions)
        where T : unmanaged
    {
        KernelCall call = Call<T>("hyper_gradient", "sum_products");
        call.View(products);
        call.View(weights);
        call.View(predictions);
        call.Int((int)weights.Rows);
        call.Size(predictions.Rows);
        call.Size(predictions.Columns);
        call.RunColumns(predictions.Rows, predictions.Columns);
    }

    private void ProductDots<T>(BufferView products, BufferView weights, BufferView v, BufferView? subtracted,
        BufferView dots)
        where T : unmanaged
    {
        KernelCall call = Call<T>("hyper_gradient", "product_dots");
        call.Flag(subtracted is not null);
        call.View(products);
        call.View(weights);
        call.View(v);
        call.View(subtracted ?? v);
        call.View(dots);
        call.Size(v.Rows);
        call.Int((int)weights.Rows);
        call.Size(v.Columns);
        call.RunColumns(weights.Rows, v.Columns);
    }

    private void ProductHessian<T>(BufferView products, BufferView weights, BufferView gradient, BufferView hessian)
        where T : unmanaged
    {
        if (hessian.IsEmpty)
        {
            return;
        }

        KernelCall call = Call<T>("hyper_gradient", "product_hessian");
        call.View(products);
        call.View(weights);
        call.View(gradient);
        call.View(hessian);
        call.Size(products.Rows / weights.Rows);
        call.Int((int)weights.Rows);
        call.Size(hessian.Columns);
        call.RunColumns(hessian.Rows, hessian.Columns);
    }
}
