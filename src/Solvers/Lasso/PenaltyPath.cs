using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.Lasso;

/// <summary>Cross-validation along a path of penalties, each solved for from the solution before it.</summary>
internal sealed class PenaltyPath<T>(IBackend backend, LassoFit<T> fit, ScoreKind score) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly HostBuffer<double> _found = new();
    private int[] _iterations = [];
    private bool[] _converged = [];

    /// <summary>Mean scores over the splits, penalties x targets.</summary>
    public Matrix<double> Scores(IReadOnlyList<Fold> folds, IReadOnlyList<(double L21, double L1)> grid, int targets)
    {
        Penalties[] path = [.. grid.Select(pair => new Penalties([pair.L21], [pair.L1]))];
        Matrix<double> means = new(grid.Count, targets);
        try
        {
            foreach (Fold fold in folds)
            {
                using TrainingSet<T> training = fit.Train(fold.Train);
                using DeviceLease<T> validation = Select(fit.Features, fold, training.Means);
                fit.ForTiles((first, responses) =>
                    ScoreTile(
                        training, fold, validation.View, responses, path, 1.0 / folds.Count,
                        means.View.SliceColumns(first, responses.Columns)));
            }

            return means;
        }
        catch
        {
            means.Dispose();
            throw;
        }
    }

    public void Dispose() => _found.Dispose();

    private void ScoreTile(
        TrainingSet<T> training, Fold fold, DeviceView<T> validation, DeviceView<T> responses,
        Penalties[] path, double share, MatrixView<double> means)
    {
        nint count = responses.Columns;
        using DeviceLease<T> Y = training.Responses(responses, out DeviceLease<T> trainMeans);
        using DeviceLease<T> targetMeans = trainMeans;
        using DeviceLease<T> projections = training.Projections(Y.View);
        using DeviceLease<T> truth = Select(responses, fold, targetMeans.IsHeld ? targetMeans.View : null);
        using DeviceLease<T> predictions = backend.Rent<T>(truth.View.Rows, count);
        using DeviceLease<T> W = backend.Rent<T>(training.Features, count);
        using DeviceLease<double> scores = backend.Rent<double>(1, count);
        MatrixView<double> found = _found.View(path.Length, count);
        if (_iterations.Length < count)
        {
            (_iterations, _converged) = (new int[count], new bool[count]);
        }

        backend.Fill(W.View, 0);
        for (int i = 0; i < path.Length; i++)
        {
            fit.Descend(
                training, projections.IsHeld ? projections.View : Y.View, path[i], 0, W.View, _iterations, _converged);
            backend.Gemm(1, validation, W.View, 0, predictions.View);
            backend.Score(score, truth.View, predictions.View, scores.View);
            backend.Download(scores.View, found.SliceRows(i, 1));
        }

        // Only now: a tile that memory does not suffice for is done again.
        for (int i = 0; i < path.Length; i++)
        {
            for (nint j = 0; j < count; j++)
            {
                means[i, j] += share * found[i, j];
            }
        }
    }

    /// <summary>The validation rows of a matrix, less the means of the training rows.</summary>
    private DeviceLease<T> Select(DeviceView<T> matrix, Fold fold, DeviceView<T>? means) =>
        Rented.Filled<T, (IBackend Backend, DeviceView<T> Matrix, Fold Fold, DeviceView<T>? Means)>(
            backend, fold.Validation.Length, matrix.Columns, (backend, matrix, fold, means), static (on, rows) =>
            {
                on.Backend.GatherRows(on.Matrix, on.Fold.Validation, rows);
                if (on.Means is { } row)
                {
                    on.Backend.SubtractRow(rows, row);
                }
            });
}
