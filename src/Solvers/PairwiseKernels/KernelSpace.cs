using System.Numerics;

namespace VemKernels.Solvers;

/// <summary>
/// What is done with the columns of a feature space: steps of preprocessing, each fitted on the training samples, then
/// a kernel.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed record KernelPipeline<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The linear kernel of the features as they are ("passthrough").</summary>
    public static KernelPipeline<T> Passthrough { get; } = new();

    /// <summary>Steps of preprocessing, in order.</summary>
    public IReadOnlyList<FitPreprocessing<T>> Preprocessing { get; init; } = [];

    /// <summary>The kernel.</summary>
    public PairwiseKernel Kernel { get; init; } = PairwiseKernel.Linear;

    /// <summary>What the kernel is multiplied by (himalaya's transformer_weights).</summary>
    public double Weight { get; init; } = 1;
}

/// <summary>A named feature space of a <see cref="ColumnKernelizer{T}"/>.</summary>
/// <param name="Name">Its name; no two spaces share one.</param>
/// <param name="Columns">Its columns; spaces may overlap.</param>
/// <param name="Pipeline">What is done with them; null drops them.</param>
/// <typeparam name="T">float or double.</typeparam>
public sealed record KernelSpace<T>(string Name, ColumnSelection Columns, KernelPipeline<T>? Pipeline)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
