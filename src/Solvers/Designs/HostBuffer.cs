using System.Numerics;

namespace VemKernels.Solvers.Designs;

/// <summary>Host memory for what tiles send to the device and bring back, that serves one tile after another.</summary>
internal sealed class HostBuffer<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Matrix<T>? _memory;
    private MatrixView<T> _last;

    /// <summary>A dense matrix with undefined contents, until the next call.</summary>
    public MatrixView<T> View(nint rows, nint columns)
    {
        nint elements = checked(rows * columns);
        if (_memory is null || _memory.Columns < elements)
        {
            _memory?.Dispose();
            _memory = Matrix<T>.Uninitialized(1, elements);
        }

        MatrixView<T> memory = _memory.View;
        unsafe
        {
            _last = new MatrixView<T>(memory.Pointer, rows, columns, columns, 1, _memory);
        }

        return _last;
    }

    /// <summary>What the last view was filled with, on the device. Dispose it.</summary>
    public DeviceLease<T> Upload(IBackend backend) => Rented.Of(backend, _last);

    public void Dispose()
    {
        _memory?.Dispose();
        _memory = null;
    }
}
