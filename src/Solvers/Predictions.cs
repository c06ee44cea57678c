using System.Numerics;
using VemKernels.Solvers.Designs;
using VemKernels.Solvers.RandomSearch;

namespace VemKernels.Solvers;

/// <summary>Predictions of multiple-kernel (and banded) ridge from dual weights: sum_i exp(delta_i) K_i w.</summary>
public static partial class Predictions
{
    /// <summary>Targets at a time.</summary>
    private const int Tile = 2048;

    /// <summary>The linear kernel between new and training samples, A B', accumulated in double.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="A">New samples x features.</param>
    /// <param name="B">Training samples x features.</param>
    /// <param name="cancellation">Stops the work before the next features.</param>
    /// <returns>New samples x training samples.</returns>
    /// <exception cref="ArgumentException">The numbers of features differ.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static Matrix<T> LinearKernel<T>(
        IBackend backend, MatrixView<T> A, MatrixView<T> B, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(B, B.Rows, A.Columns, nameof(B));
        using DeviceMatrix<double> sum = backend.Allocate<double>(A.Rows, B.Rows);
        backend.Fill(sum.View, 0);
        for (nint first = 0; first < A.Columns; first += Design<T>.FeatureChunk)
        {
            cancellation.ThrowIfCancellationRequested();
            nint count = Math.Min(Design<T>.FeatureChunk, A.Columns - first);
            using DeviceMatrix<double> a = Upload.AsDouble(backend, A.SliceColumns(first, count));
            using DeviceMatrix<double> b = Upload.AsDouble(backend, B.SliceColumns(first, count));
            backend.Gemm(1, a.View, b.View.Transposed, 1, sum.View);
        }

        using DeviceMatrix<T> rounded = backend.Allocate<T>(A.Rows, B.Rows);
        backend.Copy(sum.View, rounded.View);
        Matrix<T> kernel = Matrix<T>.Uninitialized(A.Rows, B.Rows);
        backend.Download(rounded.View, kernel.View);
        return kernel;
    }

    /// <summary>Predicts, a tile of targets at a time.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="kernels">One kernel a space, new samples x training samples.</param>
    /// <param name="dual">Dual weights, training samples x targets.</param>
    /// <param name="deltas">Log kernel weights, kernels x targets, or kernels x 1 for all targets.</param>
    /// <param name="offset">
    /// Added to each target's predictions, 1 x targets: an intercept or a training mean; null for none.
    /// </param>
    /// <param name="predictions">Receives new samples x targets.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public static void Predict<T>(
        IBackend backend,
        IReadOnlyList<MatrixView<T>> kernels,
        MatrixView<T> dual,
        MatrixView<T> deltas,
        MatrixView<T>? offset,
        MatrixView<T> predictions,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(kernels);
        Predict(
            backend, new InputMatrices<T>(kernels), (InputMatrix<T>)dual, deltas, offset, predictions, progress,
            cancellation);
    }

    /// <summary>The same of kernels and dual weights wherever they lie; see <see cref="InputMatrix{T}"/>.</summary>
    public static void Predict<T>(
        IBackend backend,
        InputMatrices<T> kernels,
        InputMatrix<T> dual,
        MatrixView<T> deltas,
        MatrixView<T>? offset,
        MatrixView<T> predictions,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using SplitPredictor<T> predictor = new(backend, kernels, dual, deltas);
        Shapes.Require(predictions, predictor.Samples, dual.Columns, nameof(predictions));
        if (offset is { } shift)
        {
            Shapes.Require(shift, 1, dual.Columns, nameof(offset));
        }

        new TileLoop(Tile, backend).Run(dual.Columns, (first, count) =>
        {
            using DeviceLease<T> tile = backend.Rent<T>(predictor.Samples, count);
            predictor.Joint(first, tile.View);
            MatrixView<T> result = predictions.SliceColumns(first, count);
            backend.Download(tile.View, result);
            if (offset is { } row)
            {
                for (nint i = 0; i < result.Rows; i++)
                {
                    for (nint j = 0; j < count; j++)
                    {
                        result[i, j] += row[0, first + j];
                    }
                }
            }

            progress?.Report(new FitProgress("prediction", (double)(first + count) / dual.Columns));
        }, cancellation);
    }

    /// <summary>
    /// Predicts new samples and scores them against measured responses, a tile at a time; no prediction is kept.
    /// </summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="kernels">One kernel a space, new samples x training samples.</param>
    /// <param name="dual">Dual weights, training samples x targets.</param>
    /// <param name="deltas">Log kernel weights, kernels x targets, or kernels x 1 for all targets.</param>
    /// <param name="truth">Measured responses of the new samples; centred as the training responses were.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public static TestScores<T> Score<T>(
        IBackend backend,
        IReadOnlyList<MatrixView<T>> kernels,
        MatrixView<T> dual,
        MatrixView<T> deltas,
        TargetSource<T> truth,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(kernels);
        return Score(
            backend, new InputMatrices<T>(kernels), (InputMatrix<T>)dual, deltas, truth, progress, cancellation);
    }

    /// <summary>The same of kernels and dual weights wherever they lie; see <see cref="InputMatrix{T}"/>.</summary>
    public static TestScores<T> Score<T>(
        IBackend backend,
        InputMatrices<T> kernels,
        InputMatrix<T> dual,
        MatrixView<T> deltas,
        TargetSource<T> truth,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using SplitPredictor<T> predictor = new(backend, kernels, dual, deltas);
        RequireTruth(truth, predictor.Samples, dual.Columns);
        int spaces = kernels.Count;
        TestScores<T> scores = new(spaces, dual.Columns);
        using HostBuffer<double> host = new();
        using TargetTiles<T> responses = new(backend, truth, centre: false, keep: false, Tile, cancellation);
        new TileLoop(Tile, backend).Run(dual.Columns, (first, count) =>
        {
            using TargetTiles<T>.Tile measured = responses.Load(first, count);
            using DeviceLease<T> split = backend.Rent<T>(spaces * predictor.Samples, count);
            predictor.Split(first, split.View);
            Scores.OfTile(
                backend, measured.View, split.View, spaces, scores.R2.View.SliceColumns(first, count),
                scores.Correlation.View.SliceColumns(first, count), scores.R2Split.View.SliceColumns(first, count),
                host);
            progress?.Report(new FitProgress("test scores", (double)(first + count) / dual.Columns));
        }, cancellation);

        return scores;
    }

    /// <summary>
    /// Predicts new samples and scores them by a score of the caller's own, a tile at a time; no prediction is kept.
    /// </summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="kernels">One kernel a space, new samples x training samples.</param>
    /// <param name="dual">Dual weights, training samples x targets.</param>
    /// <param name="deltas">Log kernel weights, kernels x targets, or kernels x 1 for all targets.</param>
    /// <param name="intercept">Taken off each target's measured responses, 1 x targets; null for none.</param>
    /// <param name="truth">Measured responses of the new samples.</param>
    /// <param name="score">
    /// The score: of what was measured less the intercept, and the joint prediction without it.
    /// </param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    /// <returns>Scores, 1 x targets, as the caller gave them; NaN where it wrote none.</returns>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public static Matrix<double> Score<T>(
        IBackend backend,
        IReadOnlyList<MatrixView<T>> kernels,
        MatrixView<T> dual,
        MatrixView<T> deltas,
        MatrixView<T>? intercept,
        TargetSource<T> truth,
        CustomScore score,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(kernels);
        return Score(
            backend, new InputMatrices<T>(kernels), (InputMatrix<T>)dual, deltas, intercept, truth, score, progress,
            cancellation);
    }

    /// <summary>The same of kernels and dual weights wherever they lie; see <see cref="InputMatrix{T}"/>.</summary>
    public static Matrix<double> Score<T>(
        IBackend backend,
        InputMatrices<T> kernels,
        InputMatrix<T> dual,
        MatrixView<T> deltas,
        MatrixView<T>? intercept,
        TargetSource<T> truth,
        CustomScore score,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(score);
        using SplitPredictor<T> predictor = new(backend, kernels, dual, deltas);
        RequireTruth(truth, predictor.Samples, dual.Columns);
        if (intercept is { } shift)
        {
            Shapes.Require(shift, 1, dual.Columns, nameof(intercept));
        }

        using TargetReader<T> reader = new(backend, truth);
        using CustomScorer<T> scorer = new(backend, score);
        Matrix<double> scores = Matrix<double>.Uninitialized(1, dual.Columns);
        try
        {
            new TileLoop(Tile, backend).Run(dual.Columns, (first, count) =>
            {
                using DeviceLease<T> measured = backend.Rent<T>(truth.Samples, count);
                using DeviceLease<T> predicted = backend.Rent<T>(truth.Samples, count);
                reader.Read(first, measured.View);
                if (intercept is { } row)
                {
                    using DeviceLease<T> offsets = backend.Rent<T>(1, count);
                    backend.Upload(row.SliceColumns(first, count), offsets.View);
                    backend.SubtractRow(measured.View, offsets.View);
                }

                predictor.Joint(first, predicted.View);
                scorer.Run(measured.View, predicted.View, scores.View.SliceColumns(first, count).RowSpan(0));
                progress?.Report(new FitProgress("test scores", (double)(first + count) / dual.Columns));
            }, cancellation);

            return scores;
        }
        catch
        {
            scores.Dispose();
            throw;
        }
    }

    private static void RequireTruth<T>(TargetSource<T> truth, nint samples, nint targets)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(truth);
        if (truth.Samples != samples || truth.Targets != targets)
        {
            throw new ArgumentException(
                $"truth is {truth.Samples} x {truth.Targets}; expected {samples} x {targets}.", nameof(truth));
        }
    }
}
