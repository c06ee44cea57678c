using System.Numerics;

namespace VemKernels.Simd;

/// <summary>Device memory of the CPU backend: host memory, its own or adopted.</summary>
/// <typeparam name="T">The element type.</typeparam>
internal sealed unsafe class SimdMatrix<T> : DeviceMatrix<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Matrix<T>? _owned;
    private T* _pointer;

    /// <summary>Allocates; the contents are undefined.</summary>
    public SimdMatrix(SimdBackend backend, nint rows, nint columns)
        : base(rows, columns, columns, 1)
    {
        Backend = backend;
        _owned = Matrix<T>.Uninitialized(rows, columns);
        _pointer = _owned.View.Pointer;
    }

    /// <summary>Adopts foreign host memory.</summary>
    public SimdMatrix(SimdBackend backend, ForeignMatrix<T> memory)
        : base(memory.Rows, memory.Columns, memory.RowStride, memory.ColumnStride)
    {
        Backend = backend;
        _pointer = (T*)memory.Pointer;
    }

    public SimdBackend Backend { get; }

    public T* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pointer is null && Rows != 0 && Columns != 0, this);
            return _pointer;
        }
    }

    protected override void Dispose(bool disposing)
    {
        _pointer = null;
        _owned?.Dispose();
    }
}
