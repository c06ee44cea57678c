namespace VemKernels.Solvers;

/// <summary>What all solvers of kernel ridge with given hyper-parameters understand.</summary>
public abstract record DualSolverOptions
{
    /// <summary>Regularisation, positive: one for all targets, or one a target. Default 1.</summary>
    public IReadOnlyList<double> Alphas { get; init; } = [1.0];

    /// <summary>
    /// Whether an unpenalised intercept is fitted. If not, kernels should be centred and responses zero-mean.
    /// </summary>
    public bool FitIntercept { get; init; }

    /// <summary>
    /// Weights of the samples' squared errors, each at least 0; null for ones. A whole number counts its sample that
    /// often.
    /// </summary>
    public IReadOnlyList<double>? SampleWeights { get; init; }

    /// <summary>The most steps of an iterative solver. Null: 100, and 10 terms of a Neumann series.</summary>
    public int? MaxIterations { get; init; }

    /// <summary>
    /// A target is done when no dual weight of it changed in a step by more than this share of its size. 0 never stops
    /// early. Null: the default of the model and solver.
    /// </summary>
    public double? Tolerance { get; init; }

    /// <summary>
    /// Step sizes of gradient descent, one for all targets or one a target. Null: from the kernels' Lipschitz
    /// constants.
    /// </summary>
    public IReadOnlyList<double>? StepSizes { get; init; }

    /// <summary>
    /// Where step sizes are not given: the largest eigenvalue of each kernel, as solved with (centred where there is an
    /// intercept), or an upper bound. Null: estimated by power iteration.
    /// </summary>
    public IReadOnlyList<double>? LipschitzConstants { get; init; }

    /// <summary>
    /// Whether gradient descent follows the gradient with respect to the dual weights, which has one factor K more and
    /// is worse conditioned, rather than the gradient preconditioned by K^-1.
    /// </summary>
    public bool DoubleK { get; init; }

    /// <summary>Seed of the power iteration's start; null for one from the clock.</summary>
    public int? Seed { get; init; } = 0;

    /// <summary>Cap on the workspace beyond inputs and outputs.</summary>
    public MemoryBudget Memory { get; init; } = MemoryBudget.Default;

    /// <summary>Checks kernels, deltas and responses for NaN and infinity before any work.</summary>
    public bool CheckFinite { get; init; } = true;
}
