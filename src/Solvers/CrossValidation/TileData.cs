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

    public void Dispose() => _projections?.Dispose();
}
