using System.Text.Json.Serialization;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>Options of <see cref="SparseGroupLassoCV{T}"/>.</summary>
public record SparseGroupLassoCVEstimatorOptions
{
    /// <summary>Penalties to try, groups, intercept, memory and so on.</summary>
    public SparseGroupLassoCVOptions Search { get; init; } = new();

    /// <summary>
    /// The splits; null for <see cref="CrossValidatedOptions.DefaultFolds"/> contiguous folds. Not saved: a fitted
    /// estimator has no use for them.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<Fold>? Folds { get; init; }
}
