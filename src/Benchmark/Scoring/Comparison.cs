using VemKernels.Benchmark.Reports;
using VemKernels.Benchmark.Workloads;

namespace VemKernels.Benchmark.Scoring;

/// <summary>One workload on two machines.</summary>
/// <param name="Name">The workload.</param>
/// <param name="Group">Its group.</param>
/// <param name="Unit">What the rates count.</param>
/// <param name="First">The first machine's rate; null where it has none, or a wrong result.</param>
/// <param name="Second">The second machine's.</param>
internal sealed record ComparedWorkload(
    string Name, WorkloadGroup Group, RateUnit Unit, double? First, double? Second)
{
    /// <summary>The second rate over the first: over 1, the second machine is faster.</summary>
    public double? Ratio => Second / First;
}

/// <summary>Two backends side by side.</summary>
/// <param name="First">A backend of the first report.</param>
/// <param name="Second">A backend of the second report.</param>
/// <param name="Workloads">The workloads that both have.</param>
internal sealed record ComparedBackends(
    BackendReport First, BackendReport Second, IReadOnlyList<ComparedWorkload> Workloads)
{
    /// <summary>The geometric mean of the ratios, each group with the same weight; null where there is none.</summary>
    public double? Overall
    {
        get
        {
            (WorkloadGroup, double)[] ratios = [.. Workloads
                .Where(workload => workload.Ratio is not null)
                .Select(workload => (workload.Group, workload.Ratio!.Value))];
            return ratios.Length == 0 ? null : Score.Overall(ratios);
        }
    }
}

/// <summary>Puts two reports side by side.</summary>
internal static class Comparison
{
    /// <summary>
    /// Pairs backends of the same id; where both reports have one backend alone, those, whatever their ids.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The reports are of different versions, or have no backend in common.
    /// </exception>
    public static IReadOnlyList<ComparedBackends> Of(BenchmarkReport first, BenchmarkReport second)
    {
        if (first.Version != second.Version)
        {
            throw new ArgumentException(
                $"the workloads are of version {first.Version} and of version {second.Version}, which do different "
                + "work; run the benchmark again with the same vem", nameof(second));
        }

        ComparedBackends[] pairs = first.Backends.Count == 1 && second.Backends.Count == 1
            ? [Pair(first.Backends[0], second.Backends[0])]
            : [.. first.Backends.Join(
                second.Backends, backend => backend.Backend.Id, backend => backend.Backend.Id, Pair)];
        return pairs.Length > 0
            ? pairs
            : throw new ArgumentException(
                $"the first has the backends {Ids(first)}, the second {Ids(second)}; expected one in common",
                nameof(second));
    }

    private static ComparedBackends Pair(BackendReport first, BackendReport second) => new(
        first, second, [.. first.Workloads.Join(
            second.Workloads, workload => workload.Name, workload => workload.Name,
            (a, b) => new ComparedWorkload(a.Name, a.Group, a.Unit, RightRate(a), RightRate(b)))]);

    private static double? RightRate(WorkloadResult result) => result.IsRight ? result.Rate : null;

    private static string Ids(BenchmarkReport report) =>
        string.Join(", ", report.Backends.Select(backend => backend.Backend.Id));
}
