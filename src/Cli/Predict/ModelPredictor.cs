using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Cli.Predict;

/// <summary>Predicts some samples with a fitted model, from its weights; intercepts are the caller's.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal abstract class ModelPredictor<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How many samples are predicted.</summary>
    public abstract nint Samples { get; }

    /// <summary>How many targets there are.</summary>
    public abstract nint Targets { get; }

    /// <summary>Into how many parts predictions split.</summary>
    public abstract int Parts { get; }

    /// <summary>Predicts all targets.</summary>
    /// <param name="offset">Added to each target's predictions, 1 x targets.</param>
    /// <param name="predictions">Receives samples x targets.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    public abstract void Predict(
        MatrixView<T> offset, MatrixView<T> predictions, IProgress<FitProgress>? progress,
        CancellationToken cancellation);

    /// <summary>Predicts some targets, split over spaces.</summary>
    /// <param name="first">The first of the targets.</param>
    /// <param name="split">Receives (parts samples) x targets.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    public abstract void Split(nint first, MatrixView<T> split, CancellationToken cancellation);
}

/// <summary>Predicts from dual weights.</summary>
/// <param name="backend">Where to compute.</param>
/// <param name="kernels">One kernel a space, samples x training samples.</param>
/// <param name="dual">Training samples x targets.</param>
/// <param name="deltas">Log kernel weights, kernels x targets.</param>
internal sealed class DualPredictor<T>(
    IBackend backend, IReadOnlyList<MatrixView<T>> kernels, MatrixView<T> dual, MatrixView<T> deltas)
    : ModelPredictor<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override nint Samples => kernels[0].Rows;

    /// <inheritdoc/>
    public override nint Targets => dual.Columns;

    /// <inheritdoc/>
    public override int Parts => kernels.Count;

    /// <inheritdoc/>
    public override void Predict(
        MatrixView<T> offset, MatrixView<T> predictions, IProgress<FitProgress>? progress,
        CancellationToken cancellation) =>
        Predictions.Predict(backend, kernels, dual, deltas, offset, predictions, progress, cancellation);

    /// <inheritdoc/>
    public override void Split(nint first, MatrixView<T> split, CancellationToken cancellation) =>
        Predictions.PredictSplit(
            backend, kernels, dual.SliceColumns(first, split.Columns), deltas.SliceColumns(first, split.Columns), split,
            cancellation: cancellation);
}

/// <summary>Predicts from primal weights.</summary>
/// <param name="backend">Where to compute.</param>
/// <param name="features">Samples x features of all spaces.</param>
/// <param name="sizes">How many of these each part has, in order.</param>
/// <param name="primal">Features x targets.</param>
internal sealed class PrimalPredictor<T>(
    IBackend backend, MatrixView<T> features, IReadOnlyList<nint> sizes, MatrixView<T> primal) : ModelPredictor<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override nint Samples => features.Rows;

    /// <inheritdoc/>
    public override nint Targets => primal.Columns;

    /// <inheritdoc/>
    public override int Parts => sizes.Count;

    /// <inheritdoc/>
    public override void Predict(
        MatrixView<T> offset, MatrixView<T> predictions, IProgress<FitProgress>? progress,
        CancellationToken cancellation) =>
        Predictions.PredictPrimal(backend, features, primal, offset, predictions, progress, cancellation);

    /// <inheritdoc/>
    public override void Split(nint first, MatrixView<T> split, CancellationToken cancellation)
    {
        MatrixView<T> weights = primal.SliceColumns(first, split.Columns);
        nint feature = 0;
        for (int part = 0; part < sizes.Count; part++)
        {
            Predictions.PredictPrimal(
                backend, features.SliceColumns(feature, sizes[part]), weights.SliceRows(feature, sizes[part]), null,
                split.SliceRows(part * Samples, Samples), cancellation: cancellation);
            feature += sizes[part];
        }
    }
}
