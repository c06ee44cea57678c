using System.Text.Json.Serialization;

namespace VemKernels.Solvers;

/// <summary>Which weights a fit returns.</summary>
public enum WeightKind
{
    /// <summary>None: hyper-parameters and scores only.</summary>
    None,

    /// <summary>
    /// One weight a training sample: alpha (K + alpha I)^-1 y, so that predictions are sum_i exp(delta_i) K_i w.
    /// </summary>
    Dual,

    /// <summary>One weight a feature of all spaces side by side, for the features as they were given.</summary>
    Primal,
}

/// <summary>How cross-validation is evaluated; the three agree in exact arithmetic (docs/algorithms.md).</summary>
public enum CrossValidationWay
{
    /// <summary>The cheapest by predicted cost that is safe.</summary>
    Automatic,

    /// <summary>One triangular product an alpha; squared error only.</summary>
    Triangular,

    /// <summary>Predictions of the validation rows by one product an alpha; every score; the safe way.</summary>
    Resolution,

    /// <summary>Filtered projections and a small solve a fold; every score; best for few targets or low rank.</summary>
    Residual,
}

/// <summary>What a search over feature spaces factors; both agree in exact arithmetic.</summary>
public enum SearchSpace
{
    /// <summary>Features where all spaces together have fewer than there are samples, else kernels.</summary>
    Automatic,

    /// <summary>The Gram matrix of all features, features x features.</summary>
    Features,

    /// <summary>Linear kernels, samples x samples.</summary>
    Kernels,
}

/// <summary>What is factored of the kernel of a candidate; both agree in exact arithmetic.</summary>
public enum Factoring
{
    /// <summary>One eigendecomposition a candidate: the most exact, and every alpha after it is cheap.</summary>
    Eigenvalues,

    /// <summary>
    /// A Cholesky factorisation and an inverse for each alpha that is evaluated: n^3 flops an alpha, for devices that
    /// are slow at eigendecompositions. Candidates whose smallest alpha is under 1e-8 times the largest eigenvalue, or
    /// whose kernels are not positive semi-definite to within half of the smallest alpha, take eigenvalues all the
    /// same; so do searches that work with features. Serves the triangular and the resolution way.
    /// </summary>
    Cholesky,
}

/// <summary>
/// Options of a random search over kernel weights, and of its one-kernel case, a grid search over alphas.
/// </summary>
public sealed record RandomSearchOptions
{
    /// <summary>The grid of regularisation parameters, each positive and finite. Default 1.</summary>
    public IReadOnlyList<double> Alphas { get; init; } = [1.0];

    /// <summary>The score that cross-validation maximises.</summary>
    public ScoreKind Score { get; init; } = ScoreKind.NegativeSquaredError;

    /// <summary>
    /// A score of the caller's own, instead of <see cref="Score"/>. Every alpha is then evaluated: scores of redundant
    /// alphas follow from others only where scores are known to be smooth in alpha.
    /// </summary>
    [JsonIgnore] // A function cannot be written to a file, and a fitted estimator has no use for it.
    public CustomScore? CustomScore { get; init; }

    /// <summary>
    /// Whether an unpenalised intercept is fitted. If not, kernels or features and responses should be centred.
    /// </summary>
    public bool FitIntercept { get; init; }

    /// <summary>One alpha a target (default), or one for all targets.</summary>
    public bool LocalAlpha { get; init; } = true;

    /// <summary>
    /// Whether all targets share one candidate. Null: as the field's reference has it, with <see cref="LocalAlpha"/>
    /// off the kernel solver shares the candidate too and the feature solver does not.
    /// </summary>
    public bool? ShareCandidate { get; init; }

    /// <summary>
    /// Take the largest alpha within one standard deviation (over folds) of the best. Needs <see cref="LocalAlpha"/>.
    /// </summary>
    public bool Conservative { get; init; }

    /// <summary>
    /// Multiply the alphas of each candidate by 10^(u - 0.5), u uniform, from a generator seeded with <see
    /// cref="Seed"/>.
    /// </summary>
    public bool JitterAlphas { get; init; }

    /// <summary>Seed of the jitter; null for one from the clock.</summary>
    public int? Seed { get; init; }

    /// <summary>Which weights to refit on all samples.</summary>
    public WeightKind Weights { get; init; } = WeightKind.Dual;

    /// <summary>
    /// Tolerance, relative to the size of the scores, within which scores of redundant alphas may be interpolated from
    /// others when there are thousands of targets. 0 evaluates every alpha. Null: 1e-7 for float, 1e-11 for double.
    /// </summary>
    public double? RedundantAlphaTolerance { get; init; }

    /// <summary>
    /// Whether a search over feature spaces works with features or with their linear kernels. A search over kernels has
    /// no choice.
    /// </summary>
    public SearchSpace Space { get; init; } = SearchSpace.Automatic;

    /// <summary>Forces a way of evaluating cross-validation, for tests and measurements.</summary>
    public CrossValidationWay Way { get; init; } = CrossValidationWay.Automatic;

    /// <summary>How kernels are diagonalised where the solver works with kernels.</summary>
    public Diagonalization Diagonalization { get; init; } = Diagonalization.Eigenvalues;

    /// <summary>What is factored where the solver works with kernels.</summary>
    public Factoring Factoring { get; init; } = Factoring.Eigenvalues;

    /// <summary>Cap on the workspace beyond inputs and outputs.</summary>
    public MemoryBudget Memory { get; init; } = MemoryBudget.Default;

    /// <summary>Checks kernels, features and responses for NaN and infinity before any work.</summary>
    public bool CheckFinite { get; init; } = true;
}
