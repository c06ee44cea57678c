using System.Numerics;

namespace VemKernels.Solvers.RandomSearch;

/// <summary>
/// Brings tiles of responses to the device: used where they lie on the device, or adopted without a copy where host
/// memory is device memory, kept on the device where the budget allows, else read again each time. With an intercept
/// each target is centred, and its mean kept.
/// </summary>
internal sealed class TargetTiles<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IBackend _backend;
    private readonly TargetSource<T> _source;
    private readonly DeviceMatrix<T>? _owned;
    private readonly DeviceView<T>? _all;
    private readonly bool _centred;

    /// <param name="backend">Where to.</param>
    /// <param name="source">Samples x targets.</param>
    /// <param name="centre">Whether to centre each target.</param>
    /// <param name="keep">Whether all of it may be kept on the device.</param>
    /// <param name="tile">Targets to read at a time.</param>
    /// <param name="cancellation">Checked between tiles.</param>
    public TargetTiles(
        IBackend backend, TargetSource<T> source, bool centre, bool keep, int tile, CancellationToken cancellation)
    {
        _backend = backend;
        _source = source;
        _centred = centre;
        Means = centre ? new Matrix<T>(1, source.Targets) : null;
        if (!centre && source.ViewOn(backend) is { } there)
        {
            _all = there;
            return;
        }

        if (!centre && source.View is { } view && backend.TryAdopt(ForeignMatrix<T>.Host(view)) is { } adopted)
        {
            _owned = adopted;
        }
        else if (keep)
        {
            _owned = TryReadAll(tile, cancellation);
        }

        _all = _owned?.View;
    }

    /// <summary>The mean of each target that was read, 1 x targets, where targets are centred.</summary>
    public Matrix<T>? Means { get; }

    /// <summary>Targets first, first + 1, ...; dispose the tile when done.</summary>
    public Tile Load(nint first, nint count)
    {
        if (_all is { } all)
        {
            return new Tile(null, all.SliceColumns(first, count));
        }

        DeviceMatrix<T> matrix = _backend.Allocate<T>(_source.Samples, count);
        try
        {
            Read(first, matrix.View);
            return new Tile(matrix, matrix.View);
        }
        catch
        {
            matrix.Dispose();
            throw;
        }
    }

    /// <summary>The targets named, in that order.</summary>
    public Tile Load(ReadOnlySpan<int> targets)
    {
        DeviceMatrix<T> matrix = _backend.Allocate<T>(_source.Samples, targets.Length);
        try
        {
            if (_all is { } all)
            {
                _backend.GatherColumns(all, targets, matrix.View);
                return new Tile(matrix, matrix.View);
            }

            for (int start = 0; start < targets.Length;)
            {
                int end = start + 1;
                while (end < targets.Length && targets[end] == targets[end - 1] + 1)
                {
                    end++;
                }

                using Tile neighbours = Load(targets[start], end - start);
                _backend.Copy(neighbours.View, matrix.View.SliceColumns(start, end - start));
                start = end;
            }

            return new Tile(matrix, matrix.View);
        }
        catch
        {
            matrix.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _owned?.Dispose();
        Means?.Dispose();
    }

    /// <summary>
    /// All responses on the device; null where it has not the memory after all: then they are read by tiles.
    /// </summary>
    private DeviceMatrix<T>? TryReadAll(nint tile, CancellationToken cancellation)
    {
        DeviceMatrix<T>? all = null;
        try
        {
            all = _backend.Allocate<T>(_source.Samples, _source.Targets);
            for (nint first = 0; first < _source.Targets; first += tile)
            {
                cancellation.ThrowIfCancellationRequested();
                nint count = Math.Min(tile, _source.Targets - first);
                Read(first, all.View.SliceColumns(first, count));
            }

            return all;
        }
        catch (InsufficientMemoryException)
        {
            all?.Dispose();
            return null;
        }
        catch
        {
            all?.Dispose();
            throw;
        }
    }

    private void Read(nint first, DeviceView<T> destination)
    {
        _source.Load(_backend, first, destination);
        if (_centred)
        {
            using DeviceMatrix<T> means = _backend.Allocate<T>(1, destination.Columns);
            _backend.ColumnMeans(destination, means.View);
            _backend.SubtractRow(destination, means.View);
            _backend.Download(means.View, Means!.View.SliceColumns(first, destination.Columns));
        }
    }

    /// <summary>A tile on the device.</summary>
    internal readonly record struct Tile(DeviceMatrix<T>? Owned, DeviceView<T> View) : IDisposable
    {
        public void Dispose() => Owned?.Dispose();
    }
}
