using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>
/// The sparse group lasso, both penalties by cross-validation (himalaya's <c>SparseGroupLassoCV</c>). The face of
/// <see cref="SparseGroupLassoCV"/>.
/// </summary>
/// <param name="backend">Where to compute.</param>
/// <param name="options">Penalties to try, groups, splits; null for the defaults.</param>
/// <typeparam name="T">float or double.</typeparam>
public sealed class SparseGroupLassoCV<T>(IBackend backend, SparseGroupLassoCVEstimatorOptions? options = null)
    : PrimalEstimator<T>(backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string BestL21Array = "best_l21";
    private const string BestL1Array = "best_l1";

    /// <summary>The options.</summary>
    public SparseGroupLassoCVEstimatorOptions Options { get; } = options ?? new SparseGroupLassoCVEstimatorOptions();

    /// <summary>The group penalty chosen for each target, 1 x targets.</summary>
    /// <exception cref="InvalidOperationException">The estimator is not fitted.</exception>
    public Matrix<T> BestL21 => Fitted(BestL21Array);

    /// <summary>The l1 penalty chosen for each target, 1 x targets.</summary>
    /// <exception cref="InvalidOperationException">The estimator is not fitted.</exception>
    public Matrix<T> BestL1 => Fitted(BestL1Array);

    /// <summary>
    /// Cross-validation scores, averaged over folds, (l21 x l1) x targets: for each l21, decreasing, each l1,
    /// decreasing.
    /// </summary>
    /// <exception cref="InvalidOperationException">The estimator is not fitted.</exception>
    public Matrix<T> CvScores => Fitted(CvScoresArray);

    private protected override string Name => nameof(SparseGroupLassoCV<T>);

    private protected override object SavedOptions => Options;

    private protected override MemoryBudget Memory => Options.Search.Memory;

    private protected override bool HasIntercept => Options.Search.FitIntercept;

    /// <summary>Reads a saved estimator.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="folder">What <see cref="Estimator{T}.Save"/> wrote.</param>
    /// <exception cref="IOException">
    /// A file is missing, damaged, of another estimator or type, or of a newer version.
    /// </exception>
    public static SparseGroupLassoCV<T> Load(IBackend backend, string folder)
    {
        (SparseGroupLassoCVEstimatorOptions options, EstimatorDescription description) =
            EstimatorFolder.Open<T, SparseGroupLassoCVEstimatorOptions>(folder, nameof(SparseGroupLassoCV<T>));
        SparseGroupLassoCV<T> estimator = new(backend, options);
        estimator.Restore(folder, description);
        return estimator;
    }

    /// <summary>Fits the model to one matrix of features, samples x features; see the other overload.</summary>
    public SparseGroupLassoCV<T> Fit(
        MatrixView<T> X, TargetSource<T> Y,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default) =>
        Fit([X], Y, progress, cancellation);

    /// <inheritdoc/>
    public override SparseGroupLassoCV<T> Fit(
        IReadOnlyList<MatrixView<T>> X, TargetSource<T> Y,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default)
    {
        Refit(X, Y, model =>
        {
            RequireSingle(X);
            MatrixView<T> coef = AllocateCoef(model, X, Y);
            IReadOnlyList<Fold> folds = CrossValidatedOptions.FoldsOf(Options.Folds, Y.Samples);
            using SparseGroupLassoCVResult<T> result = SparseGroupLassoCV.Solve(
                Backend, X[0], Y, folds, Options.Search, coef, progress, cancellation);
            model.Sizes = model.Sizes with { ScoreRows = result.CvScores.Rows };
            model.Keep(CvScoresArray, result.CvScores);
            model.Keep(BestL21Array, result.BestL21);
            model.Keep(BestL1Array, result.BestL1);
            model.Keep(InterceptArray, result.Refit.Intercept);
        });
        return this;
    }

    private protected override IEnumerable<ArrayShape> Layout(ModelSizes sizes) =>
    [
        .. base.Layout(sizes),
        new(CvScoresArray, (nint)sizes.ScoreRows, (nint)sizes.Targets),
        new(BestL21Array, 1, (nint)sizes.Targets),
        new(BestL1Array, 1, (nint)sizes.Targets),
    ];
}
