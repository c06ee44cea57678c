using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.CrossValidation;

/// <summary>Cross-validation of one candidate and one alpha, ready to be evaluated on tiles of targets.</summary>
internal abstract class AlphaEvaluator<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows of scores that <see cref="Evaluate"/> writes: one a fold, or one that is their mean.</summary>
    public abstract int ScoreRows { get; }

    /// <summary>What <see cref="Evaluate"/> writes times this is the score.</summary>
    public virtual double Sign => 1;

    /// <summary>
    /// The relative error of scores from an alpha at which rounding grows, where the evaluator was asked for in spite
    /// of it; else 0.
    /// </summary>
    public double Rounding { get; init; }

    /// <summary>Writes scores, up to their <see cref="Sign"/>, <see cref="ScoreRows"/> x tile.</summary>
    public abstract void Evaluate(TileData<T> tile, DeviceView<double> scores);

    public abstract void Dispose();
}

/// <summary>The triangular way: the mean score over folds is -|R y|^2.</summary>
internal sealed class TriangularEvaluator<T>(IBackend backend, DeviceMatrix<T> r) : AlphaEvaluator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override int ScoreRows => 1;

    public override double Sign => -1;

    public override void Evaluate(TileData<T> tile, DeviceView<double> scores) =>
        backend.TriangularSquaredNorms(r.View, tile.Y, scores);

    public override void Dispose() => r.Dispose();
}

/// <summary>The resolution way: predictions of all validation rows are P y.</summary>
internal sealed class ResolutionEvaluator<T>(
    IBackend backend, IReadOnlyList<Fold> folds, ScoreKind kind, DeviceMatrix<T> p) : AlphaEvaluator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override int ScoreRows => folds.Count;

    public override void Evaluate(TileData<T> tile, DeviceView<double> scores) =>
        backend.ResolutionScores(folds, p.View, tile.Y, kind, scores);

    public override void Dispose() => p.Dispose();
}

/// <summary>The residual way: filtered projections, then one small product a fold.</summary>
internal sealed class ResidualEvaluator<T>(
    IBackend backend, IReadOnlyList<Fold> folds, ScoreKind kind, double yWeight, DeviceView<T> q,
    DeviceMatrix<T> filter, DeviceMatrix<T> m,
    DeviceMatrix<T>? n) : AlphaEvaluator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override int ScoreRows => folds.Count;

    public override void Evaluate(TileData<T> tile, DeviceView<double> scores) => backend.ResidualScores(
        folds, yWeight, q, filter.View, tile.Projections(q), tile.Y, m.View, n?.View, kind, scores);

    public override void Dispose()
    {
        filter.Dispose();
        m.Dispose();
        n?.Dispose();
    }
}

/// <summary>
/// What squared errors tend to as alpha grows: nothing is predicted, and the score is -|y|^2 over a fold's rows.
/// </summary>
internal sealed class LimitEvaluator<T> : AlphaEvaluator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IBackend _backend;
    private readonly IReadOnlyList<Fold> _folds;
    private readonly DeviceMatrix<double> _weights;

    public LimitEvaluator(IBackend backend, IReadOnlyList<Fold> folds)
    {
        _backend = backend;
        _folds = folds;
        _weights = Upload.Column<double>(backend, [.. folds.Select(fold => 1.0 / fold.Validation.Length)]);
    }

    public override int ScoreRows => _folds.Count;

    public override double Sign => -1;

    public override void Evaluate(TileData<T> tile, DeviceView<double> scores)
    {
        for (int f = 0; f < _folds.Count; f++)
        {
            ReadOnlySpan<int> rows = _folds[f].Validation;
            DeviceView<double> squares = scores.SliceRows(f, 1);
            if (RowSelection.IsRange(rows))
            {
                DeviceView<T> own = tile.Y.SliceRows(rows.Length == 0 ? 0 : rows[0], rows.Length);
                _backend.ColumnDots(own, own, squares);
                continue;
            }

            using DeviceLease<T> gathered = _backend.Rent<T>(rows.Length, tile.Y.Columns);
            _backend.GatherRows(tile.Y, rows, gathered.View);
            _backend.ColumnDots(gathered.View, gathered.View, squares);
        }

        _backend.Scale(scores, _weights.View, null, scores);
    }

    public override void Dispose() => _weights.Dispose();
}
