using System.Numerics;

namespace VemKernels.Solvers.CrossValidation;

/// <summary>
/// A tile of responses on the device, and its projections Z = Q' Y where an evaluator asks for them. One object serves
/// the tiles of a loop, one after another.
/// </summary>
internal sealed class TileData<T>(IBackend backend) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private TileData<T>? _chosen;
    private DeviceLease<T> _responses;
    private DeviceLease<T> _projections;

    public DeviceView<T> Y { get; private set; }

    /// <summary>Takes up the next tile; dispose it before the one after.</summary>
    public TileData<T> Of(DeviceView<T> y)
    {
        Y = y;
        return this;
    }

    /// <summary>Q' Y, r x t; the same Q for all evaluators of a candidate, so computed once.</summary>
    public DeviceView<T> Projections(DeviceView<T> q)
    {
        if (!_projections.IsHeld)
        {
            _projections = backend.Rent<T>(q.Columns, Y.Columns);
            backend.Gemm(1, q.Transposed, Y, 0, _projections.View);
        }

        return _projections.View;
    }

    /// <summary>
    /// Some of the tile's targets, their projections too where the tile has them. Dispose it before others are
    /// gathered.
    /// </summary>
    public TileData<T> Gather(ReadOnlySpan<int> columns)
    {
        TileData<T> chosen = _chosen ??= new(backend);
        try
        {
            chosen._responses = backend.Rent<T>(Y.Rows, columns.Length);
            chosen.Y = chosen._responses.View;
            backend.GatherColumns(Y, columns, chosen.Y);
            if (_projections.IsHeld)
            {
                chosen._projections = backend.Rent<T>(_projections.View.Rows, columns.Length);
                backend.GatherColumns(_projections.View, columns, chosen._projections.View);
            }

            return chosen;
        }
        catch
        {
            chosen.Dispose();
            throw;
        }
    }

    /// <summary>Gives back the memory of the tile; the object is ready for the next one.</summary>
    public void Dispose()
    {
        _projections.Dispose();
        _responses.Dispose();
        (_projections, _responses, Y) = (default, default, default);
    }
}
