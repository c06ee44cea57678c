using System.Numerics;

namespace VemKernels.Device;

/// <summary>
/// Device memory: a buffer. On a device without double precision, matrices of doubles are host
/// memory, and what is done with them is done there.
/// </summary>
/// <typeparam name="T">The element type.</typeparam>
internal sealed class BufferMatrix<T> : DeviceMatrix<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DeviceBuffer? _buffer;
    private readonly DeviceMatrix<T>? _host;

    /// <summary>Owns a buffer, row-major.</summary>
    public BufferMatrix(DeviceBackend backend, DeviceBuffer buffer, nint rows, nint columns)
        : base(rows, columns, columns, 1)
    {
        Backend = backend;
        _buffer = buffer;
    }

    /// <summary>Owns a reference to somebody else's buffer.</summary>
    public BufferMatrix(DeviceBackend backend, DeviceBuffer buffer, ForeignMatrix<T> memory)
        : base(memory.Rows, memory.Columns, memory.RowStride, memory.ColumnStride)
    {
        Backend = backend;
        _buffer = buffer;
    }

    /// <summary>Owns host memory.</summary>
    public BufferMatrix(DeviceBackend backend, DeviceMatrix<T> host)
        : base(host.Rows, host.Columns, host.Columns, 1)
    {
        Backend = backend;
        _host = host;
    }

    /// <summary>Whose memory it is.</summary>
    public DeviceBackend Backend { get; }

    /// <summary>The buffer.</summary>
    /// <exception cref="InvalidOperationException">The matrix is host memory.</exception>
    public DeviceBuffer Buffer => _buffer ?? throw new InvalidOperationException("The matrix is host memory.");

    /// <summary>A view of the host memory.</summary>
    /// <exception cref="InvalidOperationException">The matrix is a buffer.</exception>
    public DeviceView<T> OnHost(DeviceView<T> view) =>
        view with { Owner = _host ?? throw new InvalidOperationException("The matrix is a buffer of the device.") };

    protected override void Dispose(bool disposing)
    {
        _buffer?.Dispose();
        _host?.Dispose();
    }
}
