namespace VemKernels.Solvers;

/// <summary>What becomes of features whose group is negative.</summary>
public enum NegativeGroups
{
    /// <summary>They are left out: their weights are zero.</summary>
    Ignore,

    /// <summary>They are in no group: the l1 penalty holds for them, the group penalty does not (himalaya).</summary>
    WithoutGroupPenalty,
}

/// <summary>How the gradient X'(X w - y) is evaluated; the two agree in exact arithmetic.</summary>
public enum GradientForm
{
    /// <summary>The cheaper by predicted cost.</summary>
    Automatic,

    /// <summary>(X'X) w - X'y, with X'X and X'y formed once: one product of features x features an iteration.</summary>
    Gram,

    /// <summary>X'(X w - y): two products of samples x features an iteration.</summary>
    Features,
}

/// <summary>Options that a sparse group lasso with given penalties and one by cross-validation share.</summary>
public abstract record ProximalGradientOptions
{
    /// <summary>
    /// The group of each feature: any labels, equal ones make a group; for negative ones see <see
    /// cref="NegativeGroups"/>. Null: all features are one group.
    /// </summary>
    public IReadOnlyList<int>? Groups { get; init; }

    /// <summary>What becomes of features whose group is negative.</summary>
    public NegativeGroups NegativeGroups { get; init; } = NegativeGroups.Ignore;

    /// <summary>Most iterations for each set of penalties, at least 1.</summary>
    public int MaxIterations { get; init; } = 300;

    /// <summary>
    /// A target has converged when |w - w_before| is at most this times |w| + 1e-16. 0: when an iteration changes
    /// nothing.
    /// </summary>
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>Accelerated (FISTA, default) or plain (ISTA) proximal gradient descent.</summary>
    public bool Momentum { get; init; } = true;

    /// <summary>Whether an unpenalised intercept is fitted. If not, features and responses should be centred.</summary>
    public bool FitIntercept { get; init; }

    /// <summary>Forces a way of evaluating the gradient, for tests and measurements.</summary>
    public GradientForm Gradient { get; init; } = GradientForm.Automatic;

    /// <summary>Cap on the workspace beyond inputs and outputs.</summary>
    public MemoryBudget Memory { get; init; } = MemoryBudget.Default;

    /// <summary>Checks features and responses for NaN and infinity before any work.</summary>
    public bool CheckFinite { get; init; } = true;
}

/// <summary>Options of <see cref="SparseGroupLasso"/>.</summary>
public sealed record SparseGroupLassoOptions : ProximalGradientOptions
{
    /// <summary>Penalty of group norms: one for all targets, or one a target; finite, not negative.</summary>
    public IReadOnlyList<double> L21 { get; init; } = [0.05];

    /// <summary>Penalty of absolute values: one for all targets, or one a target; finite, not negative.</summary>
    public IReadOnlyList<double> L1 { get; init; } = [0.05];

    /// <summary>
    /// The Lipschitz constant of the gradient, or a bound above it: the step is one over it. Null: the squared largest
    /// singular value of the features.
    /// </summary>
    public double? Lipschitz { get; init; }
}

/// <summary>Options of <see cref="SparseGroupLassoCV"/>.</summary>
public sealed record SparseGroupLassoCVOptions : ProximalGradientOptions
{
    /// <summary>Penalties of group norms to try, in any order; finite, not negative.</summary>
    public IReadOnlyList<double> L21 { get; init; } = [0.05];

    /// <summary>Penalties of absolute values to try, in any order; finite, not negative.</summary>
    public IReadOnlyList<double> L1 { get; init; } = [0.05];

    /// <summary>The score that cross-validation maximises.</summary>
    public ScoreKind Score { get; init; } = ScoreKind.R2;
}
