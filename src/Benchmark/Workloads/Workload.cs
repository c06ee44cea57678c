using VemKernels.Benchmark.Roofs;

namespace VemKernels.Benchmark.Workloads;

/// <summary>One thing that the benchmark does: fixed sizes, fixed seeds.</summary>
internal sealed record Workload
{
    /// <summary>What --filter looks in, and what reports of one version have in common.</summary>
    public required string Name { get; init; }

    /// <summary>What it is about.</summary>
    public required WorkloadGroup Group { get; init; }

    /// <summary>In words, with its sizes.</summary>
    public required string Description { get; init; }

    /// <summary>"float32" or "float64".</summary>
    public required string ElementType { get; init; }

    /// <summary>What its rate counts.</summary>
    public required RateUnit Unit { get; init; }

    /// <summary>How many of these one run does.</summary>
    public required double Amount { get; init; }

    /// <summary>What one run needs at least.</summary>
    public required WorkCost Cost { get; init; }

    /// <summary>
    /// Whether every way of doing the work costs that much, so that none can pass the roofs: not fits, counted as if
    /// nothing in them were redundant.
    /// </summary>
    public bool CostIsLeast { get; init; } = true;

    /// <summary>Whether a quick benchmark has it too.</summary>
    public bool Quick { get; init; } = true;

    /// <summary>Makes inputs and memory on a device.</summary>
    public required Func<IBackend, PreparedWorkload> Prepare { get; init; }
}
