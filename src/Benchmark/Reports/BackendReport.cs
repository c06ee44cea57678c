using VemKernels.Benchmark.Roofs;

namespace VemKernels.Benchmark.Reports;

/// <summary>What the benchmark found on one backend.</summary>
/// <param name="Backend">What it runs on.</param>
/// <param name="Driver">The device's driver and its version; null for the processor, which has none.</param>
/// <param name="Roofs">The most that was measured.</param>
/// <param name="Workloads">How each went.</param>
/// <param name="GroupScores">Scores by group, 100 for the reference machine; empty without a score.</param>
/// <param name="Score">Their geometric mean; null where none is given.</param>
/// <param name="NoScore">Why none is given.</param>
internal sealed record BackendReport(
    BackendInfo Backend,
    string? Driver,
    DeviceRoofs Roofs,
    IReadOnlyList<WorkloadResult> Workloads,
    IReadOnlyDictionary<string, double> GroupScores,
    double? Score,
    string? NoScore)
{
    /// <summary>Whether a result was wrong.</summary>
    public bool IsWrong => Workloads.Any(workload => workload.IsWrong);

    /// <summary>What a reader of the shares of the peak should know; nothing where none is over it.</summary>
    public IEnumerable<string> Warnings()
    {
        foreach (WorkloadResult workload in Workloads.Where(workload => workload.OverPeak))
        {
            bool memory = workload.BoundBy == Bound.Memory;
            yield return $"{Backend.Id}: {workload.Name} reached {100 * workload.ShareOfPeak:F0} % of the peak of "
                + $"{(memory ? "memory" : "arithmetic")}, which was measured too low"
                + $"{(memory ? " unless a cache held the data" : "")}; shares of it are too high";
        }
    }
}
