using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>
/// Kernel ridge regression on a weighted sum of kernels whose log weights (deltas) and alphas are given (himalaya's
/// <c>WeightedKernelRidge</c>). The face of <see cref="WeightedKernelRidge"/>.
/// </summary>
/// <remarks>
/// <see cref="KernelEstimator{T}.DualCoef"/> is (sum_i exp(delta_i) K_i + alpha I)^-1 y: predictions are
/// sum_i exp(delta_i) K_i w + intercept.
/// </remarks>
/// <param name="backend">Where to compute.</param>
/// <param name="options">Kernels, deltas, alphas, solver and so on; null for the defaults.</param>
/// <param name="columns">
/// Spaces of columns of one matrix, each with its kernel; null for the kernels of the options.
/// </param>
/// <typeparam name="T">float or double.</typeparam>
public sealed class WeightedKernelRidge<T>(
    IBackend backend, WeightedKernelRidgeEstimatorOptions? options = null, KernelColumns<T>? columns = null)
    : KernelEstimator<T>(backend, (options ?? new()).Kernels, columns)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The options.</summary>
    public WeightedKernelRidgeEstimatorOptions Options { get; private set; } =
        options ?? new WeightedKernelRidgeEstimatorOptions(
        );

    /// <summary>Log kernel weights, as given: kernels x targets.</summary>
    /// <exception cref="InvalidOperationException">The estimator is not fitted.</exception>
    public Matrix<T> Deltas => Fitted(DeltasArray);

    private protected override string Name => nameof(WeightedKernelRidge<T>);

    private protected override object SavedOptions => Options;

    private protected override MemoryBudget Memory => Options.Model.Memory;

    private protected override bool HasIntercept => Options.Model.FitIntercept;

    private protected override Matrix<T>? PredictionDeltas => Deltas;

    /// <summary>Reads a saved estimator.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="folder">What <see cref="Estimator{T}.Save"/> wrote.</param>
    /// <param name="columns">
    /// The columns that were fitted to, where some have preprocessing or a kernel of the caller's own; else null.
    /// </param>
    /// <exception cref="IOException">
    /// A file is missing, damaged, of another estimator or type, or of a newer version.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// Columns other than those of the fit, or none where they are needed.
    /// </exception>
    public static WeightedKernelRidge<T> Load(
        IBackend backend, string folder, KernelColumns<T>? columns = null)
    {
        (WeightedKernelRidgeEstimatorOptions options, EstimatorDescription description) =
            EstimatorFolder.Open<T, WeightedKernelRidgeEstimatorOptions>(folder, nameof(WeightedKernelRidge<T>));
        WeightedKernelRidge<T> estimator =
            new(backend, options, KernelColumns<T>.Restored(description.Spaces, columns));
        estimator.Restore(folder, description);
        estimator.Options = options.WithDeltas(estimator.Deltas.View);
        return estimator;
    }

    /// <inheritdoc/>
    public override WeightedKernelRidge<T> Fit(
        IReadOnlyList<MatrixView<T>> X, TargetSource<T> Y,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default) =>
        FitWeighted(X, Y, Options.Model.SampleWeights, progress, cancellation);

    /// <summary>Fits the model with weights of the samples; see the other overload.</summary>
    /// <param name="X">Features or kernels, as the options say.</param>
    /// <param name="Y">Responses, samples x targets.</param>
    /// <param name="sampleWeights">
    /// Weights of the samples' squared errors, each at least 0, instead of those of the options.
    /// </param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    public WeightedKernelRidge<T> Fit(
        IReadOnlyList<MatrixView<T>> X, TargetSource<T> Y, IReadOnlyList<double> sampleWeights,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sampleWeights);
        return FitWeighted(X, Y, sampleWeights, progress, cancellation);
    }

    private protected override IEnumerable<ArrayShape> Layout(ModelSizes sizes) =>
        [.. base.Layout(sizes), new(DeltasArray, sizes.Spaces, (nint)sizes.Targets)];

    private WeightedKernelRidge<T> FitWeighted(
        IReadOnlyList<MatrixView<T>> X, TargetSource<T> Y, IReadOnlyList<double>? sampleWeights,
        IProgress<FitProgress>? progress, CancellationToken cancellation)
    {
        Refit(X, Y, model =>
        {
            WeightedKernelRidgeOptions options = Options.Model with { SampleWeights = sampleWeights };
            MatrixView<T>? start = Options.WarmStart && IsFitted ? DualCoef.View : null;
            using KernelSet<T> kernels = TrainingKernels(model, X, Y, options.CheckFinite, cancellation);
            int count = kernels.Views.Count;
            using Matrix<T> deltas = DeltaRows.ToMatrix<T>(Options.Deltas, count, Y.Targets, nameof(Options.Deltas));
            using DualWeightsResult<T> result = WeightedKernelRidge.Solve(
                Backend, kernels.Views, Y, deltas.View, options, start, AllocateDual(model, Y), progress, cancellation);
            model.Keep(InterceptArray, result.Intercept);
            model.Add(DeltasArray, DeltaRows.ForTargets(deltas.View, Y.Targets));
        });
        return this;
    }
}
