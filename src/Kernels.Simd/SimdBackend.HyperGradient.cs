using System.Numerics;

namespace VemKernels.Simd;

public sealed unsafe partial class SimdBackend
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
        using Scratch<int> index = Indices(rows, columns);
        using Scratch<T> shifts = Vector(offsets, Ks.Columns, nameof(offsets));
        using Dense<T> factors = ReadDense(weights);
        using Dense<T> w = ReadDense(W);
        using Dense<T> into = ReadDense(result);
        Kernels<T>().IndexedKernelProduct(
            _context,
            Indexed(Ks, index, rows.Length, columns.Length, offsets is null ? null : shifts.Pointer, weights.Rows),
            factors.View, w.View, into.View);
        into.WriteBack();
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
        using Scratch<int> index = Indices(rows, columns);
        using Scratch<T> shifts = Vector(offsets, Ks.Columns, nameof(offsets));
        using Dense<T> factors = ReadDense(weights);
        using Dense<T> w = ReadDense(W);
        using Dense<T> y = ReadDense(Y);
        using Dense<T> into = ReadDense(predictions);
        Kernels<T>().KernelProductMoments(
            _context,
            Indexed(Ks, index, rows.Length, columns.Length, offsets is null ? null : shifts.Pointer, weights.Rows),
            factors.View, w.View, y.View, into.View, Host(gradient), Host(hessian));
        into.WriteBack();
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
        using Scratch<int> index = Indices(rows, columns);
        using Scratch<T> shifts = Vector(offsets, Ks.Columns, nameof(offsets));
        using Dense<T> factors = ReadDense(weights);
        using Dense<T> w = ReadDense(W);
        using Dense<T> v = ReadDense(V);
        Kernels<T>().KernelProductDots(
            _context,
            Indexed(Ks, index, rows.Length, columns.Length, offsets is null ? null : shifts.Pointer, weights.Rows),
            factors.View, w.View, v.View, Host(dots));
    }

    /// <inheritdoc/>
    public void GatherColumns<T>(DeviceView<T> source, ReadOnlySpan<int> indices, DeviceView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(destination, source.Rows, indices.Length, nameof(destination));
        ContractShapes.RequireIndices(indices, source.Columns, nameof(indices));
        ColumnSelection<T>.Gather(_context, Host(source), indices, Host(destination));
    }

    /// <inheritdoc/>
    public void ScatterColumns<T>(DeviceView<T> source, ReadOnlySpan<int> indices, DeviceView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(source, destination.Rows, indices.Length, nameof(source));
        ContractShapes.RequireIndices(indices, destination.Columns, nameof(indices));
        ColumnSelection<T>.Scatter(_context, Host(source), indices, Host(destination));
    }

    /// <summary>The two index lists, one behind the other, where tasks may read them.</summary>
    private Scratch<int> Indices(ReadOnlySpan<int> rows, ReadOnlySpan<int> columns)
    {
        Scratch<int> copy = _context.Scratch.Rent<int>(rows.Length + columns.Length);
        rows.CopyTo(new Span<int>(copy.Pointer, rows.Length));
        columns.CopyTo(new Span<int>(copy.Pointer + rows.Length, columns.Length));
        return copy;
    }

    private IndexedKernels<T> Indexed<T>(
        DeviceView<T> Ks, Scratch<int> index, int rows, int columns, T* offsets, nint kernels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(Host(Ks), checked((int)kernels), index.Pointer, rows, index.Pointer + rows, columns, offsets);
}
