using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>Options of <see cref="KernelRidgeCV{T}"/>.</summary>
public record KernelRidgeCVOptions : CrossValidatedOptions
{
    /// <summary>
    /// The kernel. <see cref="PairwiseKernel.Precomputed"/>: <c>Fit</c> is given samples x samples and <c>Predict</c>
    /// new samples x training samples, instead of features.
    /// </summary>
    public PairwiseKernel Kernel { get; init; } = PairwiseKernel.Linear;
}
