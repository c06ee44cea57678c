using System.Numerics;
using VemKernels.Solvers.Designs;
using VemKernels.Solvers.Weighted;

namespace VemKernels.Solvers;

/// <summary>
/// Tiles of predictions from dual weights, joint or split by space; kernels stay on the device side by side.
/// </summary>
internal sealed class SplitPredictor<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IBackend _backend;
    private readonly DeviceMatrix<T> _kernels;
    private readonly InputColumns<T> _dual;
    private readonly HostBuffer<T> _host = new();
    private readonly nint _trainingSamples;
    private readonly MatrixView<T> _deltas;
    private readonly int _spaces;

    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public SplitPredictor(
        IBackend backend, InputMatrices<T> kernels, InputMatrix<T> dual, MatrixView<T> deltas)
    {
        if (kernels.Count == 0)
        {
            throw new ArgumentException("No kernel was given.", nameof(kernels));
        }

        _backend = backend;
        _deltas = deltas;
        _spaces = kernels.Count;
        Samples = kernels[0].Rows;
        SolverArguments.RequireDeltas(deltas, _spaces, dual.Columns);
        for (int i = 0; i < _spaces; i++)
        {
            InputShapes.Require(kernels[i], Samples, dual.Rows, $"kernels[{i}]");
        }

        _trainingSamples = dual.Rows;
        _dual = new InputColumns<T>(backend, dual);
        _kernels = backend.Allocate<T>(Samples, _spaces * dual.Rows);
        for (int i = 0; i < _spaces; i++)
        {
            kernels[i].CopyTo(backend, _kernels.View.SliceColumns(i * dual.Rows, dual.Rows));
        }
    }

    /// <summary>New samples.</summary>
    public nint Samples { get; }

    /// <summary>Joint predictions of targets from first on, samples x tile.</summary>
    public void Joint(nint first, DeviceView<T> tile)
    {
        using DeviceLease<T> weights = Weights(first, tile.Columns);
        using DeviceOperand<T> dual = _dual.Load(first, tile.Columns);
        _backend.WeightedKernelProduct(_kernels.View, weights.View, dual.View, tile);
    }

    /// <summary>Predictions of each space, (spaces samples) x tile.</summary>
    public void Split(nint first, DeviceView<T> tile)
    {
        using DeviceLease<T> weights = Weights(first, tile.Columns);
        using DeviceOperand<T> dual = _dual.Load(first, tile.Columns);
        for (int i = 0; i < _spaces; i++)
        {
            _backend.WeightedKernelProduct(
                _kernels.View.SliceColumns(i * _trainingSamples, _trainingSamples), weights.View.SliceRows(i, 1), dual.View,
                tile.SliceRows(i * Samples, Samples));
        }
    }

    public void Dispose()
    {
        _kernels.Dispose();
        _dual.Dispose();
        _host.Dispose();
    }

    /// <summary>exp(delta), kernels x tile.</summary>
    private DeviceLease<T> Weights(nint first, nint count)
    {
        MatrixView<T> host = _host.View(_spaces, count);
        for (nint i = 0; i < _spaces; i++)
        {
            for (nint j = 0; j < count; j++)
            {
                host[i, j] = T.Exp(_deltas[i, _deltas.Columns == 1 ? 0 : first + j]);
            }
        }

        return _host.Upload(_backend);
    }
}
