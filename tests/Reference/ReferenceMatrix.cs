using System.Numerics;

namespace VemKernels.Reference;

/// <summary>
/// A matrix in the memory of a <see cref="ReferenceBackend"/>: a managed array, row-major, that only the backend's
/// operations reach.
/// </summary>
internal sealed class ReferenceMatrix<T> : DeviceMatrix<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly long _bytes;
    private T[]? _values;

    /// <summary>Fills the array with NaN, so that a solver which reads undefined contents is found out.</summary>
    public ReferenceMatrix(ReferenceBackend backend, nint rows, nint columns, long bytes)
        : base(rows, columns, columns, 1)
    {
        Backend = backend;
        _bytes = bytes;
        _values = new T[checked((int)(rows * columns))];
        Array.Fill(_values, T.NaN);
    }

    public ReferenceBackend Backend { get; }

    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    public T[] Values
    {
        get
        {
            ObjectDisposedException.ThrowIf(_values is null, this);
            return _values;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (_values is not null)
        {
            _values = null;
            Backend.Release(_bytes);
        }
    }
}
