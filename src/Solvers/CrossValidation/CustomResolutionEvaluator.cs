using System.Numerics;

namespace VemKernels.Solvers.CrossValidation;

/// <summary>
/// The resolution way: predictions are scale P y, without training means, which are then taken off the truth too.
/// </summary>
/// <param name="backend">Where to compute.</param>
/// <param name="folds">The splits.</param>
/// <param name="scorer">Asks the caller's score.</param>
/// <param name="p">Predictors of all folds, stacked.</param>
/// <param name="scale">Above the alpha that P was made for, predictions only shrink.</param>
/// <param name="means">With an intercept, folds x n: row f times y is the mean of fold f's training samples.</param>
internal sealed class CustomResolutionEvaluator<T>(
    IBackend backend, IReadOnlyList<Fold> folds, CustomScorer<T> scorer, DeviceMatrix<T> p, double scale,
    DeviceMatrix<T>? means)
    : CustomScoreEvaluator<T>(backend, folds, scorer)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private DeviceLease<T> _trainMeans;
    private nint _row;

    public override void Dispose()
    {
        p.Dispose();
        means?.Dispose();
    }

    protected override void Begin(TileData<T> tile)
    {
        _row = 0;
        if (means is not null)
        {
            _trainMeans = Backend.Rent<T>(Folds.Count, tile.Y.Columns);
            Backend.Gemm(1, means.View, tile.Y, 0, _trainMeans.View);
        }
    }

    protected override void Predict(int fold, TileData<T> tile, DeviceView<T> truth, DeviceView<T> predictions)
    {
        Backend.Gemm(scale, p.View.SliceRows(_row, predictions.Rows), tile.Y, 0, predictions);
        _row += predictions.Rows;
        if (_trainMeans.IsHeld)
        {
            Backend.SubtractRow(truth, _trainMeans.View.SliceRows(fold, 1));
        }
    }

    protected override void End()
    {
        _trainMeans.Dispose();
        _trainMeans = default;
    }
}
