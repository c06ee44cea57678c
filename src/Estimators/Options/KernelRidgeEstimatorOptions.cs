using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>Options of <see cref="KernelRidge{T}"/>.</summary>
public record KernelRidgeEstimatorOptions
{
    /// <summary>
    /// The kernel. <see cref="PairwiseKernel.Precomputed"/>: <c>Fit</c> is given samples x samples and <c>Predict</c>
    /// new samples x training samples, instead of features.
    /// </summary>
    public PairwiseKernel Kernel { get; init; } = PairwiseKernel.Linear;

    /// <summary>Alphas, solver, intercept, memory and so on.</summary>
    public KernelRidgeOptions Model { get; init; } = new();

    /// <summary>
    /// Whether a further fit starts from the weights of the one before, of as many samples and targets. For iterative
    /// solvers.
    /// </summary>
    public bool WarmStart { get; init; }
}
