using System.Numerics;
using VemKernels.Cli.Predict;
using VemKernels.Solvers;

namespace VemKernels.Cli.Score;

/// <summary>Scores of predictions of each target.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class ModelScores<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Targets at a time.</summary>
    private const int Tile = 2048;

    private ModelScores(nint targets, int parts)
    {
        R2 = new Matrix<T>(1, targets);
        Correlation = new Matrix<T>(1, targets);
        R2Split = parts == 0 ? null : new Matrix<T>(parts, targets);
    }

    /// <summary>Coefficient of determination of the joint prediction, 1 x targets.</summary>
    public Matrix<T> R2 { get; }

    /// <summary>Pearson's correlation of the joint prediction, 1 x targets.</summary>
    public Matrix<T> Correlation { get; }

    /// <summary>R2 split over spaces, spaces x targets; null where it was not asked for.</summary>
    public Matrix<T>? R2Split { get; }

    /// <summary>Predicts and scores, a tile of targets at a time; no prediction is kept.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="predictor">The model.</param>
    /// <param name="truth">Measured responses, centred as the training responses were.</param>
    /// <param name="intercept">
    /// Taken off the responses, which gives the r2 and correlation of predictions with it; null for none.
    /// </param>
    /// <param name="split">How to split r2.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    public static ModelScores<T> Of(
        IBackend backend, ModelPredictor<T> predictor, TargetSource<T> truth, MatrixView<T>? intercept, SplitKind split,
        IProgress<FitProgress>? progress, CancellationToken cancellation)
    {
        ModelScores<T> scores = new(predictor.Targets, split == SplitKind.None ? 0 : predictor.Parts);
        try
        {
            for (nint first = 0; first < predictor.Targets; first += Tile)
            {
                cancellation.ThrowIfCancellationRequested();
                nint count = Math.Min(Tile, predictor.Targets - first);
                using Matrix<T> measured = Matrix<T>.Uninitialized(predictor.Samples, count);
                using Matrix<T> parts = Matrix<T>.Uninitialized(predictor.Parts * predictor.Samples, count);
                truth.Read(first, measured.View);
                if (intercept is { } row)
                {
                    SubtractRow(measured.View, row.SliceColumns(first, count));
                }

                predictor.Split(first, parts.View, cancellation);
                scores.Score(backend, first, measured.View, parts.View, predictor.Parts, split);
                progress?.Report(new FitProgress("test scores", (double)(first + count) / predictor.Targets));
            }

            return scores;
        }
        catch
        {
            scores.Dispose();
            throw;
        }
    }

    /// <summary>Scores given predictions.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="predictions">Samples x targets.</param>
    /// <param name="truth">Measured responses.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    public static ModelScores<T> Of(
        IBackend backend, TargetSource<T> predictions, TargetSource<T> truth, IProgress<FitProgress>? progress,
        CancellationToken cancellation)
    {
        ModelScores<T> scores = new(predictions.Targets, 0);
        try
        {
            for (nint first = 0; first < predictions.Targets; first += Tile)
            {
                cancellation.ThrowIfCancellationRequested();
                nint count = Math.Min(Tile, predictions.Targets - first);
                using Matrix<T> measured = Matrix<T>.Uninitialized(predictions.Samples, count);
                using Matrix<T> predicted = Matrix<T>.Uninitialized(predictions.Samples, count);
                truth.Read(first, measured.View);
                predictions.Read(first, predicted.View);
                scores.Score(backend, first, measured.View, predicted.View, 1, SplitKind.None);
                progress?.Report(new FitProgress("scores", (double)(first + count) / predictions.Targets));
            }

            return scores;
        }
        catch
        {
            scores.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        R2.Dispose();
        Correlation.Dispose();
        R2Split?.Dispose();
    }

    private void Score(
        IBackend backend, nint first, MatrixView<T> measured, MatrixView<T> parts, int count, SplitKind split)
    {
        using Matrix<T>? sum = count == 1 ? null : Sum(parts, count);
        MatrixView<T> joint = sum?.View ?? parts;
        using Matrix<T> r2 = Scores.Of(backend, ScoreKind.R2, measured, joint);
        using Matrix<T> correlation = Scores.Of(backend, ScoreKind.Correlation, measured, joint);
        r2.View.CopyTo(R2.View.SliceColumns(first, measured.Columns));
        correlation.View.CopyTo(Correlation.View.SliceColumns(first, measured.Columns));
        if (R2Split is not null)
        {
            using Matrix<T> shares = split == SplitKind.RelativeWeights
                ? Scores.R2SplitByRelativeWeights(backend, measured, parts, count)
                : Scores.R2Split(backend, measured, parts, count);
            shares.View.CopyTo(R2Split.View.SliceColumns(first, measured.Columns));
        }
    }

    private static Matrix<T> Sum(MatrixView<T> parts, int count)
    {
        nint samples = parts.Rows / count;
        Matrix<T> sum = Matrix<T>.From(parts.SliceRows(0, samples));
        for (int part = 1; part < count; part++)
        {
            for (nint i = 0; i < samples; i++)
            {
                Span<T> row = sum.View.RowSpan(i);
                Span<T> more = parts.RowSpan((part * samples) + i);
                for (int j = 0; j < row.Length; j++)
                {
                    row[j] += more[j];
                }
            }
        }

        return sum;
    }

    private static void SubtractRow(MatrixView<T> matrix, MatrixView<T> row)
    {
        for (nint i = 0; i < matrix.Rows; i++)
        {
            for (nint j = 0; j < matrix.Columns; j++)
            {
                matrix[i, j] -= row[0, j];
            }
        }
    }
}
