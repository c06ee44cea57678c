using System.Numerics;

namespace VemKernels.Solvers.CrossValidation;

/// <summary>
/// The residual way, without an intercept: predictions are what was measured less M_D E_D, or with N (form S) M_D E_D -
/// N y_D, which keeps small predictions their digits.
/// </summary>
/// <param name="backend">Where to compute.</param>
/// <param name="folds">The splits.</param>
/// <param name="scorer">Asks the caller's score.</param>
/// <param name="q">Eigenvectors, n x r.</param>
/// <param name="filter">r x 1.</param>
/// <param name="m">Blocks M_D, stacked.</param>
/// <param name="n">Blocks N_D, stacked; null for residuals.</param>
/// <param name="scale">Above the alpha that the filter was made for, predictions only shrink; 1 for residuals.</param>
internal sealed class CustomResidualEvaluator<T>(
    IBackend backend, IReadOnlyList<Fold> folds, CustomScorer<T> scorer, DeviceView<T> q, DeviceMatrix<T> filter,
    DeviceMatrix<T> m,
    DeviceMatrix<T>? n, double scale) : CustomScoreEvaluator<T>(backend, folds, scorer)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private DeviceLease<T> _filtered;
    private nint _row;

    public override void Dispose()
    {
        filter.Dispose();
        m.Dispose();
        n?.Dispose();
    }

    protected override void Begin(TileData<T> tile)
    {
        _row = 0;
        using DeviceLease<T> filteredProjections = Backend.Rent<T>(q.Columns, tile.Y.Columns);
        Backend.Scale(tile.Projections(q), filter.View, null, filteredProjections.View);
        _filtered = Backend.Rent<T>(q.Rows, tile.Y.Columns);
        Backend.Gemm(1, q, filteredProjections.View, 0, _filtered.View);
    }

    protected override void Predict(int fold, TileData<T> tile, DeviceView<T> truth, DeviceView<T> predictions)
    {
        nint d = Folds[fold].HeldOut.Length;
        using DeviceLease<T> heldOut = Backend.Rent<T>(d, predictions.Columns);
        using DeviceLease<T> solved = Backend.Rent<T>(d, predictions.Columns);
        Backend.GatherRows(_filtered.View, Folds[fold].HeldOut, heldOut.View);
        Backend.Gemm(scale, m.View.Block(_row, 0, d, d), heldOut.View, 0, solved.View);
        if (n is not null)
        {
            Backend.GatherRows(tile.Y, Folds[fold].HeldOut, heldOut.View);
            Backend.Gemm(-scale, n.View.Block(_row, 0, d, d), heldOut.View, 1, solved.View);
            Backend.GatherRows(solved.View, Folds[fold].ValidationInHeldOut, predictions);
        }
        else
        {
            using DeviceLease<T> residuals = Backend.Rent<T>(predictions.Rows, predictions.Columns);
            Backend.GatherRows(solved.View, Folds[fold].ValidationInHeldOut, residuals.View);
            Backend.Copy(truth, predictions);
            Backend.AddScaled(-1, residuals.View, predictions);
        }

        _row += d;
    }

    protected override void End()
    {
        _filtered.Dispose();
        _filtered = default;
    }
}
