using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>
/// Banded ridge regression by random search (himalaya's <c>GroupRidgeCV</c>, <c>BandedRidgeCV</c>): one matrix of
/// features a space, samples x features. The face of <see cref="BandedRidge"/>.
/// </summary>
/// <example><code>
/// using BandedRidgeCV&lt;float&gt; model = new(backend, new() { Search = new() { Alphas = alphas }, Seed = 0 });
/// model.Fit([motion.View, semantic.View], responses);
/// using Matrix&lt;float&gt; r2 = model.Score([motionTest.View, semanticTest.View], responsesTest, split: true);
/// </code></example>
/// <param name="backend">Where to compute.</param>
/// <param name="options">Candidates, alphas, splits; null for the defaults.</param>
/// <typeparam name="T">float or double.</typeparam>
public sealed class BandedRidgeCV<T>(IBackend backend, RandomSearchCVOptions? options = null)
    : PrimalEstimator<T>(backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The options.</summary>
    public RandomSearchCVOptions Options { get; } = options ?? new RandomSearchCVOptions();

    /// <summary>The alpha chosen for each target, 1 x targets.</summary>
    /// <exception cref="InvalidOperationException">The estimator is not fitted.</exception>
    public Matrix<T> BestAlphas => Fitted(BestAlphasArray);

    /// <summary>
    /// Cross-validation scores, averaged over folds, of the best alpha of each candidate: candidates x targets.
    /// </summary>
    /// <exception cref="InvalidOperationException">The estimator is not fitted.</exception>
    public Matrix<T> CvScores => Fitted(CvScoresArray);

    /// <summary>Log weights of the spaces, log(gamma / alpha): spaces x targets.</summary>
    /// <exception cref="InvalidOperationException">The estimator is not fitted.</exception>
    public Matrix<T> Deltas => Fitted(DeltasArray);

    private protected override string Name => nameof(BandedRidgeCV<T>);

    private protected override object SavedOptions => Options;

    private protected override MemoryBudget Memory => Options.Search.Memory;

    private protected override bool HasIntercept => Options.Search.FitIntercept;

    /// <summary>Reads a saved estimator.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="folder">What <see cref="Estimator{T}.Save"/> wrote.</param>
    /// <exception cref="IOException">
    /// A file is missing, damaged, of another estimator or type, or of a newer version.
    /// </exception>
    public static BandedRidgeCV<T> Load(IBackend backend, string folder)
    {
        (RandomSearchCVOptions options, EstimatorDescription description) =
            EstimatorFolder.Open<T, RandomSearchCVOptions>(folder, nameof(BandedRidgeCV<T>));
        BandedRidgeCV<T> estimator = new(backend, options);
        estimator.Restore(folder, description);
        return estimator;
    }

    /// <inheritdoc/>
    public override BandedRidgeCV<T> Fit(
        IReadOnlyList<MatrixView<T>> X, TargetSource<T> Y,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default)
    {
        Refit(X, Y, model =>
        {
            MatrixView<T> coef = AllocateCoef(model, X, Y);
            using Matrix<double> gammas = Options.Candidates(X.Count);
            RandomSearchOptions search = Options.Search with { Weights = WeightKind.Primal };
            using RandomSearchResult<T> result = BandedRidge.Solve(
                Backend, X, Y, gammas.View, Options.FoldsOf(Y.Samples), search, coef, progress, cancellation);
            Keep(model, result, withDeltas: true);
        });
        return this;
    }

    private protected override IEnumerable<ArrayShape> Layout(ModelSizes sizes) =>
        [.. base.Layout(sizes), .. SearchLayout(sizes, withDeltas: true)];
}
