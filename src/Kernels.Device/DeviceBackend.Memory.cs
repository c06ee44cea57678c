using System.Numerics;

namespace VemKernels.Device;

/// <content>Memory and transfers.</content>
public abstract unsafe partial class DeviceBackend
{
    /// <inheritdoc/>
    public DeviceMatrix<T> Allocate<T>(nint rows, nint columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (IsHosted<T>())
        {
            return new BufferMatrix<T>(this, Host.Allocate<T>(rows, columns));
        }

        long bytes;
        try
        {
            bytes = checked((long)rows * columns * ElementBytes<T>());
        }
        catch (OverflowException)
        {
            throw new InsufficientMemoryException($"A matrix of {rows} x {columns} does not fit in the address space.");
        }

        try
        {
            return new BufferMatrix<T>(this, _runtime.CreateBuffer(bytes), rows, columns);
        }
        catch (InsufficientMemoryException) when (bytes <= _runtime.Limits.LargestAllocationBytes)
        {
            _scratch.MakeRoom();
            return new BufferMatrix<T>(this, _runtime.CreateBuffer(bytes), rows, columns);
        }
    }

    /// <summary>
    /// Takes memory of this backend's own device, where its runtime can; see <see cref="IBackend.TryAdopt"/>. Host
    /// memory and other devices' memory are not adopted.
    /// </summary>
    public DeviceMatrix<T>? TryAdopt<T>(ForeignMatrix<T> memory)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (IsHosted<T>())
        {
            return null;
        }

        long elements = 1 + ((long)(memory.Rows - 1) * memory.RowStride)
            + ((long)(memory.Columns - 1) * memory.ColumnStride);
        DeviceBuffer? buffer = _runtime.TryAdopt(
            memory.Space, memory.Pointer, memory.Stream, elements * ElementBytes<T>());
        return buffer is null ? null : new BufferMatrix<T>(this, buffer, memory);
    }

    /// <inheritdoc/>
    public void Upload<T>(MatrixView<T> source, DeviceView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(destination, source.Rows, source.Columns, nameof(destination));
        if (IsHosted<T>())
        {
            Host.Upload(source, OnHost(destination, nameof(destination)));
            return;
        }

        BufferView view = OnDevice(destination, nameof(destination));
        if (!view.IsEmpty)
        {
            Upload(source, view);
        }
    }

    /// <inheritdoc/>
    public void Download<T>(DeviceView<T> source, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(destination, source.Rows, source.Columns, nameof(destination));
        if (IsHosted<T>())
        {
            Host.Download(OnHost(source, nameof(source)), destination);
            return;
        }

        BufferView view = OnDevice(source, nameof(source));
        if (!view.IsEmpty)
        {
            Download(view, destination);
        }
    }

    /// <inheritdoc/>
    public void Copy<TSource, TDestination>(DeviceView<TSource> source, DeviceView<TDestination> destination)
        where TSource : unmanaged, IBinaryFloatingPointIeee754<TSource>
        where TDestination : unmanaged, IBinaryFloatingPointIeee754<TDestination>
    {
        Shapes.Require(destination, source.Rows, source.Columns, nameof(destination));
        bool sourceHosted = IsHosted<TSource>();
        bool destinationHosted = IsHosted<TDestination>();
        if (sourceHosted && destinationHosted)
        {
            Host.Copy(OnHost(source, nameof(source)), OnHost(destination, nameof(destination)));
            return;
        }

        if (sourceHosted || destinationHosted)
        {
            CopyThroughHost(source, destination);
            return;
        }

        BufferView from = OnDevice(source, nameof(source));
        BufferView to = OnDevice(destination, nameof(destination));
        if (typeof(TSource) == typeof(TDestination))
        {
            Copy<TSource>(from, to);
            return;
        }

        Copy<TSource>(typeof(TDestination) == typeof(float) ? "to_single" : "to_double", from, to);
    }

    /// <inheritdoc/>
    public void Fill<T>(DeviceView<T> A, double value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (IsHosted<T>())
        {
            Host.Fill(OnHost(A, nameof(A)), value);
            return;
        }

        Fill<T>(OnDevice(A, nameof(A)), value);
    }

    /// <inheritdoc/>
    public void GatherRows<T>(DeviceView<T> source, ReadOnlySpan<int> indices, DeviceView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(destination, indices.Length, source.Columns, nameof(destination));
        ContractShapes.RequireIndices(indices, source.Rows, nameof(indices));
        if (IsHosted<T>())
        {
            Host.GatherRows(OnHost(source, nameof(source)), indices, OnHost(destination, nameof(destination)));
            return;
        }

        Select<T>("gather_rows", OnDevice(source, nameof(source)), indices, OnDevice(destination, nameof(destination)));
    }

    /// <inheritdoc/>
    public void GatherColumns<T>(DeviceView<T> source, ReadOnlySpan<int> indices, DeviceView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(destination, source.Rows, indices.Length, nameof(destination));
        ContractShapes.RequireIndices(indices, source.Columns, nameof(indices));
        if (IsHosted<T>())
        {
            Host.GatherColumns(OnHost(source, nameof(source)), indices, OnHost(destination, nameof(destination)));
            return;
        }

        Select<T>(
            "gather_rows", OnDevice(source, nameof(source)).Transposed, indices,
            OnDevice(destination, nameof(destination)).Transposed);
    }

    /// <inheritdoc/>
    public void ScatterColumns<T>(DeviceView<T> source, ReadOnlySpan<int> indices, DeviceView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(source, destination.Rows, indices.Length, nameof(source));
        ContractShapes.RequireIndices(indices, destination.Columns, nameof(indices));
        if (IsHosted<T>())
        {
            Host.ScatterColumns(OnHost(source, nameof(source)), indices, OnHost(destination, nameof(destination)));
            return;
        }

        Select<T>(
            "scatter_rows", OnDevice(source, nameof(source)).Transposed, indices,
            OnDevice(destination, nameof(destination)).Transposed);
    }

    /// <summary>Rows by an index list: of the source for gather_rows, of the destination for scatter_rows.</summary>
    private void Select<T>(string kernel, BufferView source, ReadOnlySpan<int> indices, BufferView destination)
        where T : unmanaged
    {
        using DeviceBuffer index = _runtime.CreateBuffer(indices);
        KernelCall call = Call<T>("elementwise", kernel);
        call.View(source);
        call.Buffer(index);
        call.View(destination);
        call.Size(indices.Length);
        call.Size(source.Columns);
        call.RunColumns(indices.Length, source.Columns);
    }

    private protected void Fill<T>(BufferView view, double value)
        where T : unmanaged
    {
        view = view.IsColumnMajor ? view.Transposed : view;
        KernelCall call = Call<T>("elementwise", "fill");
        call.Real<T>(value);
        call.View(view);
        call.Size(view.Rows);
        call.Size(view.Columns);
        call.RunColumns(view.Rows, view.Columns);
    }

    private protected virtual void Copy<T>(BufferView from, BufferView to)
        where T : unmanaged => Copy<T>("copy", from, to);

    private void Copy<T>(string kernel, BufferView from, BufferView to)
        where T : unmanaged
    {
        if (to.IsColumnMajor)
        {
            (from, to) = (from.Transposed, to.Transposed);
        }

        KernelCall call = Call<T>("elementwise", kernel);
        call.View(from);
        call.View(to);
        call.Size(to.Rows);
        call.Size(to.Columns);
        call.RunColumns(to.Rows, to.Columns);
    }

    /// <summary>Copies between a matrix of the device and one of the host, of different types.</summary>
    private void CopyThroughHost<TSource, TDestination>(DeviceView<TSource> source,
        DeviceView<TDestination> destination)
        where TSource : unmanaged, IBinaryFloatingPointIeee754<TSource>
        where TDestination : unmanaged, IBinaryFloatingPointIeee754<TDestination>
    {
        Own(source, nameof(source));
        Own(destination, nameof(destination));
        using Matrix<TSource> from = Matrix<TSource>.Uninitialized(source.Rows, source.Columns);
        using Matrix<TDestination> to = Matrix<TDestination>.Uninitialized(source.Rows, source.Columns);
        Download(source, from.View);
        using DeviceMatrix<TSource> adoptedFrom = Host.TryAdopt(ForeignMatrix<TSource>.Host(from.View))!;
        using DeviceMatrix<TDestination> adoptedTo = Host.TryAdopt(ForeignMatrix<TDestination>.Host(to.View))!;
        Host.Copy(adoptedFrom.View, adoptedTo.View);
        Upload(to.View, destination);
    }

    private void Upload<T>(MatrixView<T> source, BufferView destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (destination.IsColumnMajor)
        {
            (source, destination) = (source.Transposed, destination.Transposed);
        }

        if (!source.HasContiguousRows || (source.Rows > 1 && source.RowStride < source.Columns))
        {
            using Matrix<T> copy = Matrix<T>.From(source);
            Upload(copy.View, destination);
            return;
        }

        if (!IsPlain(destination))
        {
            using Scratch scratch = Rent<T>(destination.Rows, destination.Columns);
            Transfer(toDevice: true, scratch.View, source);
            Copy<T>(scratch.View, destination);
            return;
        }

        Transfer(toDevice: true, destination, source);
    }

    private protected void Download<T>(BufferView source, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (source.IsColumnMajor)
        {
            (source, destination) = (source.Transposed, destination.Transposed);
        }

        if (!destination.HasContiguousRows || (destination.Rows > 1 && destination.RowStride < destination.Columns))
        {
            using Matrix<T> copy = Matrix<T>.Uninitialized(destination.Rows, destination.Columns);
            Download(source, copy.View);
            copy.View.CopyTo(destination);
            return;
        }

        if (!IsPlain(source))
        {
            using Scratch scratch = Rent<T>(source.Rows, source.Columns);
            Copy<T>(source, scratch.View);
            Transfer(toDevice: false, scratch.View, destination);
            return;
        }

        Transfer(toDevice: false, source, destination);
    }

    /// <summary>Whether rows are contiguous and ascend: what a rectangular transfer takes.</summary>
    private static bool IsPlain(BufferView view) =>
        (view.ColumnStride == 1 || view.Columns == 1) && (view.Rows == 1 || view.RowStride >= view.Columns);

    private void Transfer<T>(bool toDevice, BufferView device, MatrixView<T> host)
        where T : unmanaged
    {
        long size = ElementBytes<T>();
        long rowBytes = device.Columns * size;
        long devicePitch = device.Rows == 1 ? rowBytes : device.RowStride * size;
        long hostPitch = host.Rows == 1 ? rowBytes : host.RowStride * size;
        _runtime.Transfer(
            toDevice, device.Buffer, device.Offset * size, devicePitch, host.Pointer, hostPitch, rowBytes, device.Rows);
        GC.KeepAlive(host.Owner);
    }
}
