using System.Numerics;

namespace VemKernels.Data;

/// <summary>
/// Responses (samples x targets) in a .npy file of any numbers. The file is mapped, never loaded: where it holds T,
/// solvers work on the mapping itself; else tiles are converted as they are read.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class NpyTargetSource<T> : TargetSource<T>, IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly NpyArray _array;
    private readonly ElementGrid _grid;
    private bool _disposed;

    /// <summary>Maps a file. One dimension is a single target.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">
    /// It is not a .npy file of at most two dimensions of numbers, or is truncated.
    /// </exception>
    public NpyTargetSource(string path)
    {
        _array = NpyArray.Map(path);
        try
        {
            _grid = _array.Grid([]);
        }
        catch
        {
            _array.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override nint Samples => _grid.Rows;

    /// <inheritdoc/>
    public override nint Targets => _grid.Columns;

    /// <summary>The element type in the file.</summary>
    public NpyDType DType => _array.DType;

    /// <inheritdoc/>
    public override MatrixView<T>? View
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _grid.AsView<T>();
        }
    }

    /// <summary>Unmaps the file.</summary>
    public void Dispose()
    {
        _disposed = true;
        _array.Dispose();
    }

    /// <inheritdoc/>
    protected override void ReadTile(nint first, MatrixView<T> tile)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _grid.SliceColumns(first, tile.Columns).CopyTo(tile);
        GC.KeepAlive(this);
    }
}
