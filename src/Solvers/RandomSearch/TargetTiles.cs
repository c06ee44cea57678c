using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.RandomSearch;

/// <summary>
/// Brings tiles of responses to the device: used where they lie on the device, or adopted without a copy where host
/// memory is device memory, kept on the device where the budget allows, else read again each time. A device that
/// transfers while it computes is sent the next tile meanwhile: two tiles of responses are there then. With an
/// intercept each target is centred, and its mean kept.
/// </summary>
/// <remarks>
/// Used from several threads at once only where nothing is read ahead; the source is never read by two at once then.
/// </remarks>
internal sealed class TargetTiles<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IBackend _backend;
    private readonly TargetSource<T> _source;
    private readonly TargetReader<T> _reader;
    private readonly DeviceMatrix<T>? _owned;
    private readonly DeviceView<T>? _all;
    private readonly bool _centred;
    private bool _readsAhead;
    private TileAhead? _ahead;

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
        _reader = new TargetReader<T>(backend, source);
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
        _readsAhead = _all is null && backend.Info.TransfersWhileComputing;
    }

    /// <summary>The mean of each target that was read, 1 x targets, where targets are centred.</summary>
    public Matrix<T>? Means { get; }

    /// <summary>
    /// Targets first, first + 1, ...; dispose the tile when done. Those after them will probably be next.
    /// </summary>
    public Tile Load(nint first, nint count)
    {
        if (_all is not null || !_readsAhead)
        {
            return Bring(first, count);
        }

        DeviceMatrix<T>? waiting =
            _ahead is { } ahead && ahead.First == first && ahead.Count == count ? ahead.Take() : null;
        _ahead = waiting is null ? _ahead : null;
        Tile tile = waiting is null ? Bring(first, count) : new Tile(new DeviceLease<T>(waiting), waiting.View);
        nint next = first + count;
        if (next < _source.Targets && Volatile.Read(ref _readsAhead))
        {
            _ahead = new TileAhead(next, Math.Min(count, _source.Targets - next), TryReadAhead);
        }

        return tile;
    }

    /// <summary>The targets named, in that order.</summary>
    public Tile Load(ReadOnlySpan<int> targets)
    {
        DeviceLease<T> matrix = _backend.Rent<T>(_source.Samples, targets.Length);
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

                using Tile neighbours = Bring(targets[start], end - start);
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
        DropAhead();
        _reader.Dispose();
        _owned?.Dispose();
        Means?.Dispose();
    }

    /// <summary>Targets that nobody has read ahead.</summary>
    private Tile Bring(nint first, nint count)
    {
        if (_all is { } all)
        {
            return new Tile(default, all.SliceColumns(first, count));
        }

        DropAhead();
        DeviceLease<T> matrix = Rented.Filled<T, (TargetTiles<T> Tiles, nint First)>(
            _backend, _source.Samples, count, (this, first), static (on, tile) => on.Tiles.Read(on.First, tile));
        return new Tile(matrix, matrix.View);
    }

    private void DropAhead()
    {
        _ahead?.Drop();
        _ahead = null;
    }

    /// <summary>
    /// A tile for later; null where the device has no memory for a second one: then no other is tried.
    /// </summary>
    private DeviceMatrix<T>? TryReadAhead(nint first, nint count)
    {
        try
        {
            return Allocation.Filled<T>(_backend, _source.Samples, count, view => Read(first, view));
        }
        catch (InsufficientMemoryException)
        {
            Volatile.Write(ref _readsAhead, false);
            return null;
        }
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
            using WorkspaceScope kept = _backend.KeepWorkspace();
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
        _reader.Read(first, destination);
        if (_centred)
        {
            using DeviceLease<T> means = _backend.Rent<T>(1, destination.Columns);
            _backend.ColumnMeans(destination, means.View);
            _backend.SubtractRow(destination, means.View);
            _backend.Download(means.View, Means!.View.SliceColumns(first, destination.Columns));
        }
    }

    /// <summary>A tile on the device.</summary>
    internal readonly record struct Tile(DeviceLease<T> Rented, DeviceView<T> View) : IDisposable
    {
        public void Dispose() => Rented.Dispose();
    }

    /// <summary>A tile that another thread brings to the device.</summary>
    private sealed class TileAhead(nint first, nint count, Func<nint, nint, DeviceMatrix<T>?> read)
    {
        private readonly Task<DeviceMatrix<T>?> _reading = Task.Run(() => read(first, count));

        public nint First => first;

        public nint Count => count;

        /// <summary>Waits for it. What its reading threw is thrown here, where the tile is wanted.</summary>
        public DeviceMatrix<T>? Take() => _reading.GetAwaiter().GetResult();

        /// <summary>Waits, and frees what nobody wants, nor what became of it.</summary>
        public void Drop()
        {
            Task.WaitAny(_reading);
            if (_reading.IsCompletedSuccessfully)
            {
                _reading.Result?.Dispose();
            }
        }
    }
}
