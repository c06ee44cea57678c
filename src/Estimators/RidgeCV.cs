using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>
/// Ridge regression, alpha by cross-validation (himalaya's <c>RidgeCV</c>). The face of <see cref="RidgeCV"/>.
/// </summary>
/// <param name="backend">Where to compute.</param>
/// <param name="options">Alphas, splits; null for the defaults.</param>
/// <typeparam name="T">float or double.</typeparam>
public sealed class RidgeCV<T>(IBackend backend, CrossValidatedOptions? options = null)
    : PrimalEstimator<T>(backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The options.</summary>
    public CrossValidatedOptions Options { get; } = options ?? new CrossValidatedOptions();

    /// <summary>The alpha chosen for each target, 1 x targets.</summary>
    /// <exception cref="InvalidOperationException">The estimator is not fitted.</exception>
    public Matrix<T> BestAlphas => Fitted(BestAlphasArray);

    /// <summary>
    /// Cross-validation scores, averaged over folds, of the best alpha: 1 x targets.
    /// </summary>
    /// <exception cref="InvalidOperationException">The estimator is not fitted.</exception>
    public Matrix<T> CvScores => Fitted(CvScoresArray);

    private protected override string Name => nameof(RidgeCV<T>);

    private protected override object SavedOptions => Options;

    private protected override MemoryBudget Memory => Options.Search.Memory;

    private protected override bool HasIntercept => Options.Search.FitIntercept;

    /// <summary>Reads a saved estimator.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="folder">What <see cref="Estimator{T}.Save"/> wrote.</param>
    /// <exception cref="IOException">
    /// A file is missing, damaged, of another estimator or type, or of a newer version.
    /// </exception>
    public static RidgeCV<T> Load(IBackend backend, string folder)
    {
        (CrossValidatedOptions options, EstimatorDescription description) =
            EstimatorFolder.Open<T, CrossValidatedOptions>(folder, nameof(RidgeCV<T>));
        RidgeCV<T> estimator = new(backend, options);
        estimator.Restore(folder, description);
        return estimator;
    }

    /// <summary>Fits the model to one matrix of features, samples x features; see the other overload.</summary>
    public RidgeCV<T> Fit(
        MatrixView<T> X, TargetSource<T> Y,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default) =>
        Fit([X], Y, progress, cancellation);

    /// <inheritdoc/>
    public override RidgeCV<T> Fit(
        IReadOnlyList<MatrixView<T>> X, TargetSource<T> Y,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default)
    {
        Refit(X, Y, model =>
        {
            RequireSingle(X);
            MatrixView<T> coef = AllocateCoef(model, X, Y);
            RandomSearchOptions search = Options.Search with { Weights = WeightKind.Primal };
            using RandomSearchResult<T> result = RidgeCV.Solve(
                Backend, X[0], Y, Options.FoldsOf(Y.Samples), search, coef, progress, cancellation);
            Keep(model, result, withDeltas: false);
        });
        return this;
    }

    private protected override IEnumerable<ArrayShape> Layout(ModelSizes sizes) =>
        [.. base.Layout(sizes), .. SearchLayout(sizes, withDeltas: false)];
}
