using System.Numerics;

namespace VemKernels.Solvers.CrossValidation;

/// <summary>
/// A caller's own score of the predictions of each fold, which are formed one fold at a time by plain products: the
/// contract's fused operations score what they predict and keep none of it.
/// </summary>
internal abstract class CustomScoreEvaluator<T>(
    IBackend backend, IReadOnlyList<Fold> folds, CustomScorer<T> scorer) : AlphaEvaluator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override int ScoreRows => folds.Count;

    protected IBackend Backend => backend;

    protected IReadOnlyList<Fold> Folds => folds;

    public override void Evaluate(TileData<T> tile, DeviceView<double> scores)
    {
        nint count = tile.Y.Columns;
        MatrixView<double> host = scorer.Scores(folds.Count, count);
        Begin(tile);
        try
        {
            for (int f = 0; f < folds.Count; f++)
            {
                nint rows = folds[f].Validation.Length;
                using DeviceLease<T> truth = backend.Rent<T>(rows, count);
                using DeviceLease<T> predictions = backend.Rent<T>(rows, count);
                backend.GatherRows(tile.Y, folds[f].Validation, truth.View);
                Predict(f, tile, truth.View, predictions.View);
                scorer.Run(truth.View, predictions.View, host.RowSpan(f));
            }
        }
        finally
        {
            End();
        }

        backend.Upload(host, scores);
    }

    /// <summary>What all folds of a tile share.</summary>
    protected abstract void Begin(TileData<T> tile);

    /// <summary>
    /// Writes the predictions of one fold; truth holds its validation rows, to be centred where the score is to see
    /// them so.
    /// </summary>
    protected abstract void Predict(int fold, TileData<T> tile, DeviceView<T> truth, DeviceView<T> predictions);

    /// <summary>Frees what <see cref="Begin"/> made.</summary>
    protected abstract void End();
}
