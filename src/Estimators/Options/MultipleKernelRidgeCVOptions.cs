using System.Text.Json.Serialization;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>How multiple-kernel ridge finds the weights of the kernels.</summary>
public enum MultipleKernelSolver
{
    /// <summary>Random search over candidates: <see cref="MultipleKernelRidge"/>.</summary>
    RandomSearch,

    /// <summary>Descent on the validation loss: <see cref="HyperGradientDescent"/>.</summary>
    HyperGradient,

    /// <summary>Random search, then descent from what it found: <see cref="HyperGradientDescent.Refine"/>.</summary>
    RandomSearchThenHyperGradient,
}

/// <summary>Options of <see cref="MultipleKernelRidgeCV{T}"/>.</summary>
public record MultipleKernelRidgeCVOptions : RandomSearchCVOptions
{
    /// <summary>
    /// One kernel of each matrix, one for all matrices, or several of one matrix. <see
    /// cref="PairwiseKernel.Precomputed"/>: kernels are given. Not looked at where the estimator has <see
    /// cref="KernelColumns{T}"/>. (The field's reference defaults to a linear and a polynomial kernel of one matrix.)
    /// </summary>
    public IReadOnlyList<PairwiseKernel> Kernels { get; init; } = [PairwiseKernel.Linear];

    /// <summary>How the weights of the kernels are found.</summary>
    public MultipleKernelSolver Solver { get; init; } = MultipleKernelSolver.RandomSearch;

    /// <summary>
    /// Options of the descent, where there is one; with a random search before it, both have an intercept or neither.
    /// Which weights are made is the estimator's own choice.
    /// </summary>
    public HyperGradientOptions HyperGradient { get; init; } = new();

    /// <summary>
    /// Where a descent without random search begins: one row a kernel, of one log kernel weight for all targets or one
    /// a target; null for zeros. Not saved.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<IReadOnlyList<double>>? InitialDeltas { get; init; }

    /// <summary>
    /// Whether a descent without random search begins at ridge with cross-validated alpha on the average kernel
    /// (himalaya's <c>initial_deltas="ridgecv"</c>) instead.
    /// </summary>
    public bool InitialRidgeCV { get; init; }

    /// <summary>Whether there is a random search.</summary>
    internal bool Searches => Solver != MultipleKernelSolver.HyperGradient;

    /// <summary>Whether there is a descent.</summary>
    internal bool Descends => Solver != MultipleKernelSolver.RandomSearch;
}
