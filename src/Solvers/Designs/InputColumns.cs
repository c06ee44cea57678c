using System.Numerics;

namespace VemKernels.Solvers.Designs;

/// <summary>
/// An input matrix a tile of columns at a time, in memory of the backend: in place where it lies there or can be
/// adopted, else copied into rented memory.
/// </summary>
internal sealed class InputColumns<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IBackend _backend;
    private readonly InputMatrix<T> _input;
    private readonly DeviceMatrix<T>? _adopted;
    private readonly DeviceView<T>? _inPlace;

    public InputColumns(IBackend backend, InputMatrix<T> input)
    {
        _backend = backend;
        _input = input;
        if (input.Host is { } host)
        {
            _adopted = backend.TryAdopt(ForeignMatrix<T>.Host(host));
            _inPlace = _adopted?.View;
        }
        else
        {
            _inPlace = input.Borrow(backend).View;
        }
    }

    /// <summary>Columns first, first + 1, ... Dispose them.</summary>
    public DeviceOperand<T> Load(nint first, nint count)
    {
        if (_inPlace is { } all)
        {
            return new DeviceOperand<T>(default, all.SliceColumns(first, count));
        }

        DeviceLease<T> copy = Rented.Of(_backend, _input.SliceColumns(first, count));
        return new DeviceOperand<T>(copy, copy.View);
    }

    public void Dispose() => _adopted?.Dispose();
}
