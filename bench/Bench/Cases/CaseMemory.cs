using System.Numerics;
using VemKernels.Bench.Inputs;
using VemKernels.Data;

namespace VemKernels.Bench.Cases;

/// <summary>
/// The matrices of one case: host memory that the backend adopts, or, on a device, a copy of it. No copy is timed.
/// Disposing frees them all.
/// </summary>
internal sealed class CaseMemory(IBackend backend, InputFolder folder) : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly List<(Action ToDevice, Action ToHost, Action Await)> _copies = [];

    /// <summary>Where to compute.</summary>
    public IBackend Backend { get; } = backend;

    /// <summary>An input, read into memory.</summary>
    public Operand<T> Load<T>(InputSpec spec)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Adopt(NpyFile.Read<T>(folder.Require(spec)));

    /// <summary>Zeros.</summary>
    public Operand<T> Zeros<T>(nint rows, nint columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Adopt(new Matrix<T>(rows, columns));

    /// <summary>Takes the ownership of something that lives as long as the case.</summary>
    public void Own(IDisposable resource) => _owned.Add(resource);

    /// <summary>Sends what the host has to a device's copies.</summary>
    public void ToDevice() => _copies.ForEach(copy => copy.ToDevice());

    /// <summary>Brings what a device's copies hold to the host.</summary>
    public void ToHost() => _copies.ForEach(copy => copy.ToHost());

    /// <summary>
    /// Waits for all that is queued on a device: a transfer of one element comes after the last command on its matrix.
    /// </summary>
    public void Await() => _copies.ForEach(copy => copy.Await());

    /// <inheritdoc/>
    public void Dispose() => _owned.ForEach(resource => resource.Dispose());

    private Operand<T> Adopt<T>(Matrix<T> matrix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Backend.TryAdopt(ForeignMatrix<T>.Host(matrix.View)) is { } adopted)
        {
            Own(adopted);
            Own(matrix);
            return new(matrix.View, adopted.View);
        }

        DeviceMatrix<T> device = Backend.Allocate<T>(matrix.Rows, matrix.Columns);
        Matrix<T> one = new(1, 1);
        Own(device);
        Own(matrix);
        Own(one);
        _copies.Add((
            () => Backend.Upload(matrix.View, device.View), () => Backend.Download(device.View, matrix.View),
            () => Backend.Download(device.View.SliceRows(0, 1).SliceColumns(0, 1), one.View)));
        return new(matrix.View, device.View);
    }
}

/// <summary>A matrix as the host sees it and as the backend sees it.</summary>
internal readonly record struct Operand<T>(MatrixView<T> Host, DeviceView<T> Device)
    where T : unmanaged;
