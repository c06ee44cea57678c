using VemKernels.Benchmark.Checks;
using VemKernels.Benchmark.Workloads;

namespace VemKernels.Benchmark.Reports;

/// <summary>What bounds a workload: the roof that is nearer.</summary>
internal enum Bound
{
    /// <summary>Arithmetic.</summary>
    Compute,

    /// <summary>Memory traffic.</summary>
    Memory,
}

/// <summary>How one workload went.</summary>
internal sealed record WorkloadResult
{
    /// <summary>Its name in the catalog.</summary>
    public required string Name { get; init; }

    /// <summary>Its group.</summary>
    public required WorkloadGroup Group { get; init; }

    /// <summary>In words.</summary>
    public required string Description { get; init; }

    /// <summary>"float32" or "float64".</summary>
    public required string ElementType { get; init; }

    /// <summary>What <see cref="Rate"/> counts, a second.</summary>
    public required RateUnit Unit { get; init; }

    /// <summary>Flops of one run.</summary>
    public required double Flops { get; init; }

    /// <summary>Bytes of one run's inputs and outputs, each counted once.</summary>
    public required double Bytes { get; init; }

    /// <summary>Every measurement that counted, in order; empty where it could not run.</summary>
    public required IReadOnlyList<Sample> Samples { get; init; }

    /// <summary>Half of the samples were shorter; null where it could not run.</summary>
    public double? MedianSeconds { get; init; }

    /// <summary>Amount of work over the median; null where it could not run.</summary>
    public double? Rate { get; init; }

    /// <summary>The time at the nearer roof over the median; null where it could not run.</summary>
    public double? ShareOfPeak { get; init; }

    /// <summary>
    /// Whether it was faster than the nearer roof lets work be, by more than measurements differ: the roof was measured
    /// too low. Not told of fits, whose cost is no least.
    /// </summary>
    public bool OverPeak { get; init; }

    /// <summary>The nearer roof.</summary>
    public Bound? BoundBy { get; init; }

    /// <summary>The rate over the reference machine's; null where either is not known.</summary>
    public double? OverReference { get; init; }

    /// <summary>The comparisons that were made; empty where it could not run.</summary>
    public required IReadOnlyList<CheckResult> Checks { get; init; }

    /// <summary>Why it could not run; null where it did.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether it ran and all its results are right.</summary>
    public bool IsRight => Failure is null && Checks.All(check => check.Passed);

    /// <summary>Whether it ran and some of its results are wrong.</summary>
    public bool IsWrong => Failure is null && !IsRight;
}
