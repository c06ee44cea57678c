using System.Numerics;

namespace VemKernels.Solvers;

/// <content>Predictions that are stored: of each space by itself, and from primal weights.</content>
public static partial class Predictions
{
    /// <summary>
    /// Predicts each space by itself, exp(delta_i) K_i w, a tile of targets at a time. The parts sum to the joint
    /// prediction.
    /// </summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="kernels">One kernel a space, new samples x training samples.</param>
    /// <param name="dual">Dual weights, training samples x targets.</param>
    /// <param name="deltas">Log kernel weights, kernels x targets, or kernels x 1 for all targets.</param>
    /// <param name="predictions">Receives (spaces new samples) x targets: space i in rows i n to i n + n.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public static void PredictSplit<T>(
        IBackend backend,
        IReadOnlyList<MatrixView<T>> kernels,
        MatrixView<T> dual,
        MatrixView<T> deltas,
        MatrixView<T> predictions,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(kernels);
        PredictSplit(
            backend, new InputMatrices<T>(kernels), (InputMatrix<T>)dual, deltas, predictions, progress, cancellation);
    }

    /// <summary>The same of kernels and dual weights wherever they lie; see <see cref="InputMatrix{T}"/>.</summary>
    public static void PredictSplit<T>(
        IBackend backend,
        InputMatrices<T> kernels,
        InputMatrix<T> dual,
        MatrixView<T> deltas,
        MatrixView<T> predictions,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using SplitPredictor<T> predictor = new(backend, kernels, dual, deltas);
        Shapes.Require(predictions, kernels.Count * predictor.Samples, dual.Columns, nameof(predictions));
        new TileLoop(Tile, backend).Run(dual.Columns, (first, count) =>
        {
            using DeviceLease<T> tile = backend.Rent<T>(predictions.Rows, count);
            predictor.Split(first, tile.View);
            backend.Download(tile.View, predictions.SliceColumns(first, count));
            progress?.Report(new FitProgress("prediction", (double)(first + count) / dual.Columns));
        }, cancellation);
    }

    /// <summary>Predicts from primal weights, X b + intercept, a tile of targets at a time.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="features">New samples x features.</param>
    /// <param name="weights">Features x targets.</param>
    /// <param name="intercept">1 x targets; null for none.</param>
    /// <param name="predictions">Receives new samples x targets.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public static void PredictPrimal<T>(
        IBackend backend,
        InputMatrix<T> features,
        InputMatrix<T> weights,
        MatrixView<T>? intercept,
        MatrixView<T> predictions,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        InputShapes.Require(weights, features.Columns, weights.Columns, nameof(weights));
        if (intercept is { } row)
        {
            Shapes.Require(row, 1, weights.Columns, nameof(intercept));
        }

        // X b is what a kernel X and dual weights b of kernel weight 1 predict.
        using Matrix<T> noDelta = new(1, 1);
        Predict(
            backend, new InputMatrices<T>([features]), weights, noDelta.View, intercept, predictions, progress,
            cancellation);
    }
}
