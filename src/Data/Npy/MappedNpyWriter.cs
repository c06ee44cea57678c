namespace VemKernels.Data;

/// <summary>
/// Creates a .npy file (rows x columns, C order) and maps it into memory for writing: for outputs that may be larger
/// than memory. It has a temporary name until <see cref="Commit"/>; <see cref="Dispose"/> without it deletes it.
/// </summary>
/// <typeparam name="T">float, double or another number.</typeparam>
public sealed unsafe class MappedNpyWriter<T> : IDisposable
    where T : unmanaged
{
    private readonly AtomicFile _file;
    private readonly NativeBytes _bytes;
    private readonly MatrixView<T> _view;
    private bool _closed;

    /// <summary>Creates the file, all zeros, at its full size.</summary>
    /// <exception cref="IOException">It cannot be created, or the disk is too full for it.</exception>
    public MappedNpyWriter(string path, nint rows, nint columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        NpyHeader header = new(NpyDType.Of<T>(), rows, columns);
        long length = header.DataOffset + header.DataBytes;
        _file = new(path, length);
        try
        {
            _file.Stream.Write(header.ToBytes());
            _file.Stream.Flush();
            _file.Stream.SetLength(length);
            _bytes = NativeBytes.MapForWriting(_file.Stream);
        }
        catch
        {
            _file.Dispose();
            throw;
        }

        _view = new((T*)(_bytes.Pointer + header.DataOffset), rows, columns, columns);
    }

    /// <summary>
    /// The contents to write, rows x columns; element (0, 0) is 64-byte aligned. Valid until <see cref="Commit"/> or
    /// <see cref="Dispose"/>; keep this object alive as long.
    /// </summary>
    public MatrixView<T> View
    {
        get
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            return _view;
        }
    }

    /// <summary>Unmaps the file and gives it its name.</summary>
    /// <exception cref="IOException">It cannot be renamed.</exception>
    public void Commit()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        _closed = true;
        _bytes.Dispose();
        _file.Commit();
    }

    /// <summary>Unmaps and deletes the file, unless <see cref="Commit"/> succeeded.</summary>
    public void Dispose()
    {
        _closed = true;
        _bytes.Dispose();
        _file.Dispose();
    }
}
