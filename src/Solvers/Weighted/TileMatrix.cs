using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.Weighted;

/// <summary>A matrix with a column a target that may lose columns.</summary>
internal sealed class TileMatrix<T>(IBackend backend, nint rows, nint columns) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private DeviceMatrix<T> _matrix = backend.Allocate<T>(rows, columns);

    public DeviceView<T> View => _matrix.View;

    /// <summary>Keeps the columns named, in that order.</summary>
    public void Keep(ReadOnlySpan<int> kept)
    {
        int[] columns = kept.ToArray();
        DeviceMatrix<T> compact = Allocation.Filled<T>(
            backend, rows, kept.Length, view => backend.GatherColumns(_matrix.View, columns, view));
        _matrix.Dispose();
        _matrix = compact;
    }

    public void Dispose() => _matrix.Dispose();
}
