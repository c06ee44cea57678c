using VemKernels.Benchmark.Reports;
using VemKernels.Benchmark.Roofs;

namespace VemKernels.Benchmark;

/// <summary>How workloads are measured.</summary>
internal sealed record BenchmarkOptions
{
    /// <summary>Which workloads, and how often.</summary>
    public Profile Profile { get; init; }

    /// <summary>Workloads whose name has this in it; null for all.</summary>
    public string? Filter { get; init; }

    /// <summary>Doubles in each array of the measurement of bandwidth that roofs come from.</summary>
    public nint BandwidthElements { get; init; } = MemoryBandwidth.DefaultElements;

    /// <summary>
    /// A measurement repeats its work until so many seconds have passed: a call of a millisecond is nobody's alone.
    /// </summary>
    public double SecondsOfMeasurement { get; init; } = 0.05;

    /// <summary>Measurements of each workload that takes less than a second.</summary>
    public int Runs => Profile == Profile.Quick ? 3 : 7;

    /// <summary>
    /// Measurements of one that takes longer, the first included: what warms up is little of it.
    /// </summary>
    public int LongRuns => Profile == Profile.Quick ? 2 : 3;
}
