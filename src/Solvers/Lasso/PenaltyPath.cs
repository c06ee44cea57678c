using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.Lasso;

/// <summary>Cross-validation along a path of penalties, each solved for from the solution before it.</summary>
internal sealed class PenaltyPath<T>(IBackend backend, LassoFit<T> fit, ScoreKind score)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Mean scores over the splits, penalties x targets.</summary>
    public Matrix<double> Scores(IReadOnlyList<Fold> folds, IReadOnlyList<(double L21, double L1)> grid, int targets)
    {
        Matrix<double> means = new(grid.Count, targets);
        try
        {
            foreach (Fold fold in folds)
            {
                using TrainingSet<T> training = fit.Train(fold.Train);
                using DeviceMatrix<T> validation = Select(fit.Features, fold, training.Means);
                fit.ForTiles((first, responses) =>
                    ScoreTile(
                        training, fold, validation.View, responses, grid, 1.0 / folds.Count,
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

    private void ScoreTile(
        TrainingSet<T> training, Fold fold, DeviceView<T> validation, DeviceView<T> responses,
        IReadOnlyList<(double L21, double L1)> grid,
        double share, MatrixView<double> means)
    {
        nint count = responses.Columns;
        using DeviceMatrix<T> Y = training.Responses(responses, out DeviceMatrix<T>? trainMeans);
        using DeviceMatrix<T>? targetMeans = trainMeans;
        using DeviceMatrix<T>? projections = training.UsesGram ? training.Projections(Y.View) : null;
        using DeviceMatrix<T> truth = Select(responses, fold, targetMeans?.View);
        using DeviceMatrix<T> predictions = backend.Allocate<T>(truth.Rows, count);
        using DeviceMatrix<T> W = backend.Allocate<T>(training.Features, count);
        using DeviceMatrix<double> scores = backend.Allocate<double>(1, count);
        using Matrix<double> found = Matrix<double>.Uninitialized(grid.Count, count);
        int[] iterations = new int[count];
        bool[] converged = new bool[count];
        backend.Fill(W.View, 0);
        for (int i = 0; i < grid.Count; i++)
        {
            Penalties penalties = new([grid[i].L21], [grid[i].L1]);
            using Matrix<T> thresholds = penalties.Thresholds<T>(training.Samples * training.Step, 0, count);
            fit.Descend(training, (projections ?? Y).View, thresholds.View, W.View, iterations, converged);
            backend.Gemm(1, validation, W.View, 0, predictions.View);
            backend.Score(score, truth.View, predictions.View, scores.View);
            backend.Download(scores.View, found.View.SliceRows(i, 1));
        }

        // Only now: a tile that memory does not suffice for is done again.
        for (int i = 0; i < grid.Count; i++)
        {
            for (nint j = 0; j < count; j++)
            {
                means[i, j] += share * found.View[i, j];
            }
        }
    }

    /// <summary>The validation rows of a matrix, less the means of the training rows.</summary>
    private DeviceMatrix<T> Select(DeviceView<T> matrix, Fold fold, DeviceView<T>? means) =>
        Allocation.Filled<T>(backend, fold.Validation.Length, matrix.Columns, rows =>
        {
            backend.GatherRows(matrix, fold.Validation, rows);
            if (means is { } row)
            {
                backend.SubtractRow(rows, row);
            }
        });
}
