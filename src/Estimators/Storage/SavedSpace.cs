using System.Text.Json.Serialization;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>A space of columns of a saved estimator.</summary>
public sealed record SavedSpace
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its columns, counted from 0.</summary>
    public required IReadOnlyList<int> Columns { get; init; }

    /// <summary>
    /// Its kernel; null where the space has preprocessing or a kernel of the caller's own, which must be given again.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PairwiseKernel? Kernel { get; init; }

    /// <summary>What the kernel is multiplied by.</summary>
    public double Weight { get; init; } = 1;
}
