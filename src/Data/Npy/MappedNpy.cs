namespace VemKernels.Data;

/// <summary>
/// A .npy file of at most two dimensions, mapped into memory for reading without conversion: nothing is copied, pages
/// come from the file as they are touched and count as file memory, not as the process's own.
/// </summary>
/// <typeparam name="T">What the file holds, in this machine's byte order.</typeparam>
public sealed class MappedNpy<T> : IDisposable
    where T : unmanaged
{
    private readonly NpyArray _array;
    private readonly MatrixView<T> _view;
    private bool _disposed;

    /// <summary>Maps a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">
    /// It is not a .npy file, is truncated, has more than two dimensions, or holds another type than T.
    /// </exception>
    public MappedNpy(string path)
    {
        _array = NpyArray.Map(path);
        try
        {
            _view = _array.Grid([]).AsView<T>() ?? throw new DataFormatException(
                path, $"holds {_array.DType} from byte {_array.Header.DataOffset} on; "
                + $"it cannot be mapped as aligned {NpyDType.Of<T>()}");
        }
        catch
        {
            _array.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The file's contents, rows x columns (one dimension is a single column); a file in Fortran order has a row stride
    /// of 1. To be read only, and valid until <see cref="Dispose"/>; keep this object alive as long.
    /// </summary>
    public MatrixView<T> View
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _view;
        }
    }

    /// <summary>Unmaps the file.</summary>
    public void Dispose()
    {
        _disposed = true;
        _array.Dispose();
    }
}
