using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.CrossValidation;

/// <summary>A tile of responses on the device, and its projections Z = Q' Y where an evaluator asks for them.</summary>
internal sealed class TileData<T>(IBackend backend, DeviceView<T> y) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private DeviceMatrix<T>? _projections;

    public DeviceView<T> Y => y;

    /// <summary>Q' Y, r x t; the same Q for all evaluators of a candidate, so computed once.</summary>
    public DeviceView<T> Projections(DeviceView<T> q)
    {
        if (_projections is null)
        {
            _projections = backend.Allocate<T>(q.Columns, y.Columns);
            backend.Gemm(1, q.Transposed, y, 0, _projections.View);
        }

        return _projections.View;
    }

    /// <summary>Some of the tile's targets, their projections too where the tile has them. Dispose it and its
    /// memory.</summary>
    public GatheredTile<T> Gather(ReadOnlySpan<int> columns)
    {
        DeviceMatrix<T> chosen = backend.Allocate<T>(y.Rows, columns.Length);
        GatheredTile<T> gathered = new(backend, chosen);
        try
        {
            backend.GatherColumns(y, columns, chosen.View);
            if (_projections is not null)
            {
                gathered.Data._projections = backend.Allocate<T>(_projections.Rows, columns.Length);
                backend.GatherColumns(_projections.View, columns, gathered.Data._projections.View);
            }

            return gathered;
        }
        catch
        {
            gathered.Dispose();
            throw;
        }
    }

    public void Dispose() => _projections?.Dispose();
}

/// <summary>A tile of targets that were gathered from another, and its memory.</summary>
internal readonly struct GatheredTile<T>(IBackend backend, DeviceMatrix<T> y) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public TileData<T> Data { get; } = new(backend, y.View);

    public void Dispose()
    {
        Data.Dispose();
        y.Dispose();
    }
}
