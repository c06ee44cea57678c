using System.Numerics;
using System.Text.Json.Serialization;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>Options of <see cref="WeightedKernelRidge{T}"/>.</summary>
public record WeightedKernelRidgeEstimatorOptions
{
    /// <summary>
    /// One kernel of each matrix, one for all matrices, or several of one matrix. <see
    /// cref="PairwiseKernel.Precomputed"/>: kernels are given. Not looked at where the estimator has <see
    /// cref="KernelColumns{T}"/>.
    /// </summary>
    public IReadOnlyList<PairwiseKernel> Kernels { get; init; } = [PairwiseKernel.Linear];

    /// <summary>
    /// Log kernel weights, one row a kernel, of one value for all targets or one a target; null for zeros. Saved with
    /// the arrays of the fit.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<IReadOnlyList<double>>? Deltas { get; init; }

    /// <summary>
    /// Alphas, solver, intercept, memory and so on. Alpha is 1 where deltas are those of a multiple-kernel ridge.
    /// </summary>
    public WeightedKernelRidgeOptions Model { get; init; } = new();

    /// <summary>
    /// Whether a further fit starts from the weights of the one before, of as many samples and targets. Not for the
    /// Neumann series.
    /// </summary>
    public bool WarmStart { get; init; }

    /// <summary>The same options with log kernel weights of a matrix.</summary>
    /// <param name="deltas">kernels x targets, or kernels x 1 for all targets; copied.</param>
    /// <typeparam name="T">float or double.</typeparam>
    public WeightedKernelRidgeEstimatorOptions WithDeltas<T>(MatrixView<T> deltas)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => this with { Deltas = DeltaRows.From(deltas) };
}
