using System.Numerics;

namespace VemKernels;

/// <summary>
/// Responses that lie in the memory of a backend: solvers that compute there use them in place, others read them a tile
/// at a time.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="backend">Whose memory it is.</param>
/// <param name="view">samples x targets; must stay valid as long as the source is used.</param>
public sealed class DeviceTargetSource<T>(IBackend backend, DeviceView<T> view) : TargetSource<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IBackend _backend = backend ?? throw new ArgumentNullException(nameof(backend));

    /// <inheritdoc/>
    public override nint Samples => view.Rows;

    /// <inheritdoc/>
    public override nint Targets => view.Columns;

    /// <inheritdoc/>
    public override DeviceView<T>? ViewOn(IBackend backend) => ReferenceEquals(backend, _backend) ? view : null;

    /// <inheritdoc/>
    protected override void ReadTile(nint first, MatrixView<T> tile) =>
        _backend.Download(view.SliceColumns(first, tile.Columns), tile);
}
