using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>
/// Kernel ridge regression, alpha by cross-validation (himalaya's <c>KernelRidgeCV</c>). The face of
/// <see cref="KernelRidgeCV"/>.
/// </summary>
/// <remarks>
/// <see cref="KernelEstimator{T}.DualCoef"/> is (K + alpha I)^-1 y as users of that package know it, so that
/// predictions are K w: the solver's weights over alpha.
/// </remarks>
/// <param name="backend">Where to compute.</param>
/// <param name="options">Kernel, alphas, splits; null for the defaults.</param>
/// <typeparam name="T">float or double.</typeparam>
public sealed class KernelRidgeCV<T>(IBackend backend, KernelRidgeCVOptions? options = null)
    : SingleKernelEstimator<T>(backend, (options ?? new()).Kernel)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The options.</summary>
    public KernelRidgeCVOptions Options { get; } = options ?? new KernelRidgeCVOptions();

    /// <summary>The alpha chosen for each target, 1 x targets.</summary>
    /// <exception cref="InvalidOperationException">The estimator is not fitted.</exception>
    public Matrix<T> BestAlphas => Fitted(BestAlphasArray);

    /// <summary>
    /// Cross-validation scores, averaged over folds, of the best alpha: 1 x targets.
    /// </summary>
    /// <exception cref="InvalidOperationException">The estimator is not fitted.</exception>
    public Matrix<T> CvScores => Fitted(CvScoresArray);

    private protected override string Name => nameof(KernelRidgeCV<T>);

    private protected override object SavedOptions => Options;

    private protected override MemoryBudget Memory => Options.Search.Memory;

    private protected override bool HasIntercept => Options.Search.FitIntercept;

    /// <summary>Reads a saved estimator.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="folder">What <see cref="Estimator{T}.Save"/> wrote.</param>
    /// <exception cref="IOException">
    /// A file is missing, damaged, of another estimator or type, or of a newer version.
    /// </exception>
    public static KernelRidgeCV<T> Load(IBackend backend, string folder)
    {
        (KernelRidgeCVOptions options, EstimatorDescription description) =
            EstimatorFolder.Open<T, KernelRidgeCVOptions>(folder, nameof(KernelRidgeCV<T>));
        KernelRidgeCV<T> estimator = new(backend, options);
        estimator.Restore(folder, description);
        return estimator;
    }

    /// <summary>
    /// Fits the model to one matrix, features or a kernel as the options say; see the other overload.
    /// </summary>
    public KernelRidgeCV<T> Fit(
        MatrixView<T> X, TargetSource<T> Y,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default) =>
        Fit([X], Y, progress, cancellation);

    /// <inheritdoc/>
    public override KernelRidgeCV<T> Fit(
        IReadOnlyList<MatrixView<T>> X, TargetSource<T> Y,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default) =>
        FitWeighted(X, Y, null, progress, cancellation);

    /// <summary>Fits the model with weights of the samples; see the other overload.</summary>
    /// <remarks>
    /// Cross-validation scores are those of the scaled problem: kernel times sqrt(s_i s_j), responses times sqrt(s_i).
    /// With an intercept, folds are centred by the weighted mean of all samples.
    /// </remarks>
    /// <param name="X">One matrix: features or a kernel, as the options say.</param>
    /// <param name="Y">Responses, samples x targets.</param>
    /// <param name="sampleWeights">Weights s of the samples' squared errors, each at least 0, not all 0.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    /// <exception cref="ArgumentException">
    /// Weights that are negative, not finite, all 0 or not one a sample, or what the other overload refuses.
    /// </exception>
    public KernelRidgeCV<T> Fit(
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
    public KernelRidgeCV<T> Fit(
        CsrMatrix<T> X, TargetSource<T> Y,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default) =>
        FitWeighted(X, Y, null, progress, cancellation);

    /// <summary>Fits the model to sparse features with weights of the samples; see the other overloads.</summary>
    /// <param name="X">Samples x features; copied.</param>
    /// <param name="Y">Responses, samples x targets.</param>
    /// <param name="sampleWeights">Weights of the samples' squared errors, each at least 0, not all 0.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    /// <exception cref="ArgumentException">What the other overloads refuse.</exception>
    public KernelRidgeCV<T> Fit(
        CsrMatrix<T> X, TargetSource<T> Y, IReadOnlyList<double> sampleWeights,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sampleWeights);
        return FitWeighted(X, Y, sampleWeights, progress, cancellation);
    }

    private protected override IEnumerable<ArrayShape> Layout(ModelSizes sizes) =>
        [.. base.Layout(sizes), .. SearchLayout(sizes, withDeltas: false)];

    private KernelRidgeCV<T> FitWeighted(
        IReadOnlyList<MatrixView<T>> X, TargetSource<T> Y, IReadOnlyList<double>? sampleWeights,
        IProgress<FitProgress>? progress, CancellationToken cancellation)
    {
        Refit(X, Y, model =>
        {
            RequireSingle(X);
            SampleWeights.Require(sampleWeights, checked((int)Y.Samples));
            using KernelSet<T> kernels = TrainingKernels(model, X, Y, Options.Search.CheckFinite, cancellation);
            Solve(model, kernels.Views[0], Y, sampleWeights, progress, cancellation);
        });
        return this;
    }

    private KernelRidgeCV<T> FitWeighted(
        CsrMatrix<T> X, TargetSource<T> Y, IReadOnlyList<double>? sampleWeights,
        IProgress<FitProgress>? progress, CancellationToken cancellation)
    {
        Refit(X, Y, model =>
        {
            SampleWeights.Require(sampleWeights, checked((int)Y.Samples));
            using Matrix<T> kernel = SparseTrainingKernel(model, X, Y, cancellation);
            Solve(model, kernel.View, Y, sampleWeights, progress, cancellation);
        });
        return this;
    }

    private void Solve(
        FittedModel<T> model, MatrixView<T> kernel, TargetSource<T> Y, IReadOnlyList<double>? sampleWeights,
        IProgress<FitProgress>? progress, CancellationToken cancellation)
    {
        using WeightedProblem<T>? weighted =
            WeightedProblem<T>.Of([kernel], Y, sampleWeights, HasIntercept, cancellation);
        MatrixView<T> dual = AllocateDual(model, Y);
        RandomSearchOptions search = Options.Search with
        {
            Weights = WeightKind.Dual,
            FitIntercept = HasIntercept && weighted is null,
        };
        using RandomSearchResult<T> result = KernelRidgeCV.Solve(
            Backend, weighted?.Kernels[0] ?? kernel, weighted?.Targets ?? Y, Options.FoldsOf(Y.Samples), search, dual,
            progress, cancellation);
        Keep(model, result, withDeltas: false);
        DivideByAlphas(dual, result.BestAlphas.View);
        Unscale(model, weighted, dual, null, cancellation);
    }

    private static void DivideByAlphas(MatrixView<T> dual, MatrixView<T> alphas)
    {
        for (nint i = 0; i < dual.Rows; i++)
        {
            for (nint j = 0; j < dual.Columns; j++)
            {
                dual[i, j] /= alphas[0, j];
            }
        }
    }
}
