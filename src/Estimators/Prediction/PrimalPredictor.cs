using System.Numerics;

namespace VemKernels.Estimators;

/// <summary>Predictions from weights of features: sum_i X_i b_i.</summary>
internal sealed class PrimalPredictor<T> : TilePredictor<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IBackend _backend;
    private readonly MatrixView<T> _coef;
    private readonly DeviceMatrix<T>[] _features;

    /// <summary>Keeps the owners of adopted memory from being collected.</summary>
    private readonly MatrixView<T>[] _views;

    /// <param name="backend">Where to compute.</param>
    /// <param name="features">New samples x features, one a space; shapes are checked.</param>
    /// <param name="coef">Features of all spaces x targets.</param>
    public PrimalPredictor(IBackend backend, IReadOnlyList<MatrixView<T>> features, MatrixView<T> coef)
        : base(features[0].Rows, features.Count)
    {
        _backend = backend;
        _coef = coef;
        _views = [.. features];
        _features = [.. _views.Select(X => backend.TryAdopt(ForeignMatrix<T>.Host(X)) ?? Upload(X))];
    }

    public override void Predict(nint first, bool split, MatrixView<T> tile)
    {
        nint count = tile.Columns;
        using DeviceMatrix<T> coef = _backend.Allocate<T>(_coef.Rows, count);
        using DeviceMatrix<T> result = _backend.Allocate<T>(tile.Rows, count);
        _backend.Upload(_coef.SliceColumns(first, count), coef.View);
        nint row = 0;
        for (int i = 0; i < Spaces; i++)
        {
            DeviceView<T> destination = split ? result.View.SliceRows(i * Samples, Samples) : result.View;
            DeviceMatrix<T> X = _features[i];
            _backend.Gemm(1, X.View, coef.View.SliceRows(row, X.Columns), split || i == 0 ? 0 : 1, destination);
            row += X.Columns;
        }

        _backend.Download(result.View, tile);
    }

    public override void Dispose()
    {
        foreach (DeviceMatrix<T> features in _features)
        {
            features.Dispose();
        }

        GC.KeepAlive(_views);
    }

    private DeviceMatrix<T> Upload(MatrixView<T> X)
    {
        DeviceMatrix<T> device = _backend.Allocate<T>(X.Rows, X.Columns);
        _backend.Upload(X, device.View);
        return device;
    }
}
