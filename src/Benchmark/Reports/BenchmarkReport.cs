namespace VemKernels.Benchmark.Reports;

/// <summary>Which workloads a benchmark ran, and how often.</summary>
internal enum Profile
{
    /// <summary>All.</summary>
    Full,

    /// <summary>Without the large fits, and fewer runs.</summary>
    Quick,
}

/// <summary>All that a benchmark found.</summary>
/// <param name="Version">Of the workloads; reports of different versions cannot be compared.</param>
/// <param name="Profile">Which workloads.</param>
/// <param name="Filter">The part of a name that workloads had to have; null for all.</param>
/// <param name="Date">When it began.</param>
/// <param name="Reference">The machine that scores 100.</param>
/// <param name="Machine">The machine.</param>
/// <param name="Backends">What was found on each backend.</param>
/// <param name="Load">What else the machine did; null where an earlier version wrote.</param>
/// <param name="Warnings">What a reader of the rates should know; null where an earlier version wrote.</param>
/// <param name="LeftOut">Which devices were not measured, and why; null where an earlier version wrote.</param>
internal sealed record BenchmarkReport(
    int Version, Profile Profile, string? Filter, DateTimeOffset Date, string Reference, MachineInfo Machine,
    IReadOnlyList<BackendReport> Backends, MachineLoad? Load = null, IReadOnlyList<string>? Warnings = null,
    IReadOnlyList<string>? LeftOut = null)
{
    /// <summary>Whether a result was wrong.</summary>
    public bool IsWrong => Backends.Any(backend => backend.IsWrong);

    /// <summary>The warnings as they are printed.</summary>
    public IEnumerable<string> Warned() => (Warnings ?? []).Select(warning => $"warning: {warning}");

    /// <summary>What is printed besides the tables.</summary>
    public IEnumerable<string> Lines() => Warned().Concat(LeftOut ?? []);
}
