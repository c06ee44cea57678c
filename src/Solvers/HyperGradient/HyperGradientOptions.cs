using System.Text.Json.Serialization;

namespace VemKernels.Solvers;

/// <summary>
/// How the gradient of the validation loss accounts for the dual weights' own dependence on the kernel weights.
/// </summary>
public enum HyperGradientMethod
{
    /// <summary>
    /// A linear solve by (preconditioned) conjugate gradient, to <see cref="HyperGradientOptions.CgTolerances"/>.
    /// </summary>
    ConjugateGradient,

    /// <summary>Five terms of a Neumann series: a direction rather than a solution.</summary>
    Neumann,

    /// <summary>Not at all: the gradient with the dual weights held fixed.</summary>
    Direct,
}

/// <summary>How the dual weights follow the kernel weights between two steps of the descent.</summary>
public enum InnerMethod
{
    /// <summary>Gradient steps from the dual weights before.</summary>
    GradientDescent,

    /// <summary>Conjugate gradient steps from the dual weights before.</summary>
    ConjugateGradient,
}

/// <summary>
/// Options of multiple-kernel ridge by hyper-gradient descent. Defaults are those of the field's reference
/// implementation.
/// </summary>
public sealed record HyperGradientOptions
{
    /// <summary>The score reported for each iteration; what is descended on is the squared error always.</summary>
    public ScoreKind Score { get; init; } = ScoreKind.NegativeSquaredError;

    /// <summary>
    /// A score of the caller's own, reported instead of <see cref="Score"/>; one that is not finite is reported as it
    /// is.
    /// </summary>
    [JsonIgnore] // A function cannot be written to a file, and a fitted estimator has no use for it.
    public CustomScore? CustomScore { get; init; }

    /// <summary>Whether an unpenalised intercept is fitted. If not, kernels and responses should be centred.</summary>
    public bool FitIntercept { get; init; }

    /// <summary>Which weights to refit on all samples.</summary>
    public WeightKind Weights { get; init; } = WeightKind.None;

    /// <summary>Most iterations of the outer loop.</summary>
    public int MaxIterations { get; init; } = 10;

    /// <summary>A target stops when none of its log weights moved by as much in an iteration; null: never.</summary>
    public double? Tolerance { get; init; } = 1e-2;

    /// <summary>
    /// Steps for the dual weights in an iteration (the first iteration takes up to 50 of conjugate gradient).
    /// </summary>
    public int MaxInnerDualIterations { get; init; } = 1;

    /// <summary>Steps of the log weights in an iteration.</summary>
    public int MaxInnerHyperIterations { get; init; } = 1;

    /// <summary>Tolerances of conjugate gradient: one for all iterations, or one an iteration.</summary>
    public IReadOnlyList<double> CgTolerances { get; init; } = [1e-3];

    /// <summary>How the hyper-gradient is computed.</summary>
    public HyperGradientMethod Method { get; init; } = HyperGradientMethod.ConjugateGradient;

    /// <summary>How the dual weights are updated.</summary>
    public InnerMethod InnerMethod { get; init; } = InnerMethod.GradientDescent;

    /// <summary>Seed of the power iterations that bound step sizes; null for one from the operating system.</summary>
    public int? Seed { get; init; }

    /// <summary>
    /// Cap on the workspace beyond inputs and outputs; it decides how many targets are worked on at a time.
    /// </summary>
    public MemoryBudget Memory { get; init; } = MemoryBudget.Default;

    /// <summary>Checks kernels, features and responses for NaN and infinity before any work.</summary>
    public bool CheckFinite { get; init; } = true;
}
