using System.Numerics;

namespace VemKernels.Solvers.Designs;

/// <summary>
/// Reads responses into device memory a tile at a time. Where they are not in the device's reach as they lie, they pass
/// through host memory, which serves one tile after another.
/// </summary>
/// <param name="backend">Where to.</param>
/// <param name="source">samples x targets.</param>
internal sealed class TargetReader<T>(IBackend backend, TargetSource<T> source) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private HostBuffer<T>? _idle;

    /// <summary>The targets first, first + 1, ... into a tile, samples x any number.</summary>
    public void Read(nint first, DeviceView<T> tile)
    {
        if (source.TryLoad(backend, first, tile))
        {
            return;
        }

        // Taken while it is in use: a second thread makes its own.
        HostBuffer<T> buffer = Interlocked.Exchange(ref _idle, null) ?? new HostBuffer<T>();
        try
        {
            MatrixView<T> host = buffer.View(source.Samples, tile.Columns);
            source.Read(first, host);
            backend.Upload(host, tile);
        }
        finally
        {
            Interlocked.Exchange(ref _idle, buffer)?.Dispose();
        }
    }

    public void Dispose() => Interlocked.Exchange(ref _idle, null)?.Dispose();
}
