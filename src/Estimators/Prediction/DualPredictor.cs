using System.Numerics;

namespace VemKernels.Estimators;

/// <summary>Predictions from weights of training samples: sum_i exp(delta_i) K_i w.</summary>
internal sealed class DualPredictor<T> : TilePredictor<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IBackend _backend;
    private readonly MatrixView<T> _dual;
    private readonly MatrixView<T>? _deltas;
    private readonly DeviceMatrix<T> _kernels;

    /// <param name="backend">Where to compute.</param>
    /// <param name="kernels">New samples x training samples, one a space; shapes are checked.</param>
    /// <param name="dual">Training samples x targets.</param>
    /// <param name="deltas">Log kernel weights, kernels x targets; null for all zero.</param>
    public DualPredictor(
        IBackend backend, IReadOnlyList<MatrixView<T>> kernels, MatrixView<T> dual, MatrixView<T>? deltas)
        : base(kernels[0].Rows, kernels.Count)
    {
        _backend = backend;
        _dual = dual;
        _deltas = deltas;
        _kernels = backend.Allocate<T>(Samples, Spaces * dual.Rows);
        for (int i = 0; i < Spaces; i++)
        {
            backend.Upload(kernels[i], Kernel(i));
        }
    }

    public override void Predict(nint first, bool split, MatrixView<T> tile)
    {
        nint count = tile.Columns;
        using DeviceMatrix<T> dual = _backend.Allocate<T>(_dual.Rows, count);
        using DeviceMatrix<T> weights = Weights(first, count);
        using DeviceMatrix<T> result = _backend.Allocate<T>(tile.Rows, count);
        _backend.Upload(_dual.SliceColumns(first, count), dual.View);
        if (split)
        {
            for (int i = 0; i < Spaces; i++)
            {
                _backend.WeightedKernelProduct(
                    Kernel(i), weights.View.SliceRows(i, 1), dual.View, result.View.SliceRows(i * Samples, Samples));
            }
        }
        else
        {
            _backend.WeightedKernelProduct(_kernels.View, weights.View, dual.View, result.View);
        }

        _backend.Download(result.View, tile);
    }

    public override void Dispose() => _kernels.Dispose();

    private DeviceView<T> Kernel(int i) => _kernels.View.SliceColumns(i * _dual.Rows, _dual.Rows);

    /// <summary>exp(delta), kernels x tile.</summary>
    private DeviceMatrix<T> Weights(nint first, nint count)
    {
        using Matrix<T> host = Matrix<T>.Uninitialized(Spaces, count);
        MatrixView<T> values = host.View;
        for (nint i = 0; i < Spaces; i++)
        {
            for (nint j = 0; j < count; j++)
            {
                values[i, j] = _deltas is { } deltas ? T.Exp(deltas[i, first + j]) : T.One;
            }
        }

        DeviceMatrix<T> device = _backend.Allocate<T>(Spaces, count);
        _backend.Upload(values, device.View);
        return device;
    }
}
