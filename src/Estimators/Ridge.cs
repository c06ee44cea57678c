using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>
/// Ridge regression with given alphas, one for all targets or one a target (himalaya's <c>Ridge</c>). The face of
/// <see cref="Ridge"/>.
/// </summary>
/// <param name="backend">Where to compute.</param>
/// <param name="options">Alphas, intercept, solver and so on; null for the defaults.</param>
/// <typeparam name="T">float or double.</typeparam>
public sealed class Ridge<T>(IBackend backend, RidgeOptions? options = null)
    : PrimalEstimator<T>(backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The options.</summary>
    public RidgeOptions Options { get; } = options ?? new RidgeOptions();

    private protected override string Name => nameof(Ridge<T>);

    private protected override object SavedOptions => Options;

    private protected override MemoryBudget Memory => Options.Memory;

    private protected override bool HasIntercept => Options.FitIntercept;

    /// <summary>Reads a saved estimator.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="folder">What <see cref="Estimator{T}.Save"/> wrote.</param>
    /// <exception cref="IOException">
    /// A file is missing, damaged, of another estimator or type, or of a newer version.
    /// </exception>
    public static Ridge<T> Load(IBackend backend, string folder)
    {
        (RidgeOptions options, EstimatorDescription description) =
            EstimatorFolder.Open<T, RidgeOptions>(folder, nameof(Ridge<T>));
        Ridge<T> estimator = new(backend, options);
        estimator.Restore(folder, description);
        return estimator;
    }

    /// <summary>Fits the model to one matrix of features, samples x features; see the other overload.</summary>
    public Ridge<T> Fit(
        MatrixView<T> X, TargetSource<T> Y,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default) =>
        Fit([X], Y, progress, cancellation);

    /// <inheritdoc/>
    public override Ridge<T> Fit(
        IReadOnlyList<MatrixView<T>> X, TargetSource<T> Y,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default) =>
        FitWeighted(X, Y, Options.SampleWeights, progress, cancellation);

    /// <summary>Fits the model with weights of the samples; see the other overload.</summary>
    /// <param name="X">One matrix, samples x features.</param>
    /// <param name="Y">Responses, samples x targets.</param>
    /// <param name="sampleWeights">
    /// Weights of the samples' squared errors, each at least 0, instead of those of the options.
    /// </param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    public Ridge<T> Fit(
        IReadOnlyList<MatrixView<T>> X, TargetSource<T> Y, IReadOnlyList<double> sampleWeights,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sampleWeights);
        return FitWeighted(X, Y, sampleWeights, progress, cancellation);
    }

    private Ridge<T> FitWeighted(
        IReadOnlyList<MatrixView<T>> X, TargetSource<T> Y, IReadOnlyList<double>? sampleWeights,
        IProgress<FitProgress>? progress, CancellationToken cancellation)
    {
        Refit(X, Y, model =>
        {
            RequireSingle(X);
            MatrixView<T> coef = AllocateCoef(model, X, Y);
            RidgeOptions options = Options with { SampleWeights = sampleWeights };
            using RidgeResult<T> result = Ridge.Solve(Backend, X[0], Y, options, coef, progress, cancellation);
            model.Keep(InterceptArray, result.Intercept);
        });
        return this;
    }
}
