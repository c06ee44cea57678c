using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>
/// Kernel ridge regression with given alphas, one for all targets or one a target (himalaya's <c>KernelRidge</c>). The
/// face of <see cref="KernelRidge"/>.
/// </summary>
/// <remarks>
/// <see cref="KernelEstimator{T}.DualCoef"/> is (K + alpha I)^-1 y: predictions are K w + intercept.
/// </remarks>
/// <param name="backend">Where to compute.</param>
/// <param name="options">Kernel, alphas, solver and so on; null for the defaults.</param>
/// <typeparam name="T">float or double.</typeparam>
public sealed class KernelRidge<T>(IBackend backend, KernelRidgeEstimatorOptions? options = null)
    : SingleKernelEstimator<T>(backend, (options ?? new()).Kernel)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The options.</summary>
    public KernelRidgeEstimatorOptions Options { get; } = options ?? new KernelRidgeEstimatorOptions();

    private protected override string Name => nameof(KernelRidge<T>);

    private protected override object SavedOptions => Options;

    private protected override MemoryBudget Memory => Options.Model.Memory;

    private protected override bool HasIntercept => Options.Model.FitIntercept;

    /// <summary>Reads a saved estimator.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="folder">What <see cref="Estimator{T}.Save"/> wrote.</param>
    /// <exception cref="IOException">
    /// A file is missing, damaged, of another estimator or type, or of a newer version.
    /// </exception>
    public static KernelRidge<T> Load(IBackend backend, string folder)
    {
        (KernelRidgeEstimatorOptions options, EstimatorDescription description) =
            EstimatorFolder.Open<T, KernelRidgeEstimatorOptions>(folder, nameof(KernelRidge<T>));
        KernelRidge<T> estimator = new(backend, options);
        estimator.Restore(folder, description);
        return estimator;
    }

    /// <summary>
    /// Fits the model to one matrix, features or a kernel as the options say; see the other overload.
    /// </summary>
    public KernelRidge<T> Fit(
        MatrixView<T> X, TargetSource<T> Y,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default) =>
        Fit([X], Y, progress, cancellation);

    /// <inheritdoc/>
    public override KernelRidge<T> Fit(
        IReadOnlyList<MatrixView<T>> X, TargetSource<T> Y,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default) =>
        FitWeighted(X, Y, Options.Model.SampleWeights, progress, cancellation);

    /// <summary>Fits the model with weights of the samples; see the other overload.</summary>
    /// <param name="X">One matrix: features or a kernel, as the options say.</param>
    /// <param name="Y">Responses, samples x targets.</param>
    /// <param name="sampleWeights">
    /// Weights of the samples' squared errors, each at least 0, instead of those of the options.
    /// </param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    public KernelRidge<T> Fit(
        IReadOnlyList<MatrixView<T>> X, TargetSource<T> Y, IReadOnlyList<double> sampleWeights,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sampleWeights);
        return FitWeighted(X, Y, sampleWeights, progress, cancellation);
    }

    /// <summary>Fits the model to sparse features, which are never made dense; the kernel is linear.</summary>
    /// <param name="X">Samples x features; copied.</param>
    /// <param name="Y">Responses, samples x targets.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    /// <exception cref="ArgumentException">A kernel that is not linear, or what the other overload refuses.</exception>
    public KernelRidge<T> Fit(
        CsrMatrix<T> X, TargetSource<T> Y,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default)
    {
        Refit(X, Y, model =>
        {
            using Matrix<T> kernel = SparseTrainingKernel(model, X, Y, cancellation);
            Solve(model, kernel.View, Y, Options.Model.SampleWeights, progress, cancellation);
        });
        return this;
    }

    private KernelRidge<T> FitWeighted(
        IReadOnlyList<MatrixView<T>> X, TargetSource<T> Y, IReadOnlyList<double>? sampleWeights,
        IProgress<FitProgress>? progress, CancellationToken cancellation)
    {
        Refit(X, Y, model =>
        {
            RequireSingle(X);
            using KernelSet<T> kernels = TrainingKernels(model, X, Y, Options.Model.CheckFinite, cancellation);
            Solve(model, kernels.Views[0], Y, sampleWeights, progress, cancellation);
        });
        return this;
    }

    private void Solve(
        FittedModel<T> model, MatrixView<T> kernel, TargetSource<T> Y, IReadOnlyList<double>? sampleWeights,
        IProgress<FitProgress>? progress, CancellationToken cancellation)
    {
        KernelRidgeOptions options = Options.Model with { SampleWeights = sampleWeights };
        MatrixView<T>? start = Options.WarmStart && IsFitted ? DualCoef.View : null;
        using DualWeightsResult<T> result = KernelRidge.Solve(
            Backend, kernel, Y, options, start, AllocateDual(model, Y), progress, cancellation);
        model.Keep(InterceptArray, result.Intercept);
    }
}
