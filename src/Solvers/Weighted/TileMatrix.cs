using System.Numerics;

namespace VemKernels.Solvers.Weighted;

/// <summary>
/// A matrix with a column a target that may lose columns; one object serves one tile of targets after another.
/// </summary>
internal sealed class TileMatrix<T>(IBackend backend, nint rows) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private DeviceLease<T> _memory;

    public DeviceView<T> View => _memory.View;

    /// <summary>Takes up a tile; the contents are undefined.</summary>
    public void Begin(int columns)
    {
        Dispose();
        _memory = backend.Rent<T>(rows, columns);
    }

    /// <summary>Keeps the columns named, in that order.</summary>
    public void Keep(ReadOnlySpan<int> kept)
    {
        DeviceLease<T> compact = backend.Rent<T>(rows, kept.Length);
        try
        {
            backend.GatherColumns(_memory.View, kept, compact.View);
        }
        catch
        {
            compact.Dispose();
            throw;
        }

        Dispose();
        _memory = compact;
    }

    /// <summary>Gives the memory back; the object is ready for the next tile.</summary>
    public void Dispose()
    {
        _memory.Dispose();
        _memory = default;
    }
}
