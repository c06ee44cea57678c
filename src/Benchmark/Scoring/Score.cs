using VemKernels.Benchmark.Reports;
using VemKernels.Benchmark.Workloads;

namespace VemKernels.Benchmark.Scoring;

/// <summary>
/// One number from many ratios: the geometric mean, each group of workloads with the same weight. (Of ratios no other
/// mean ranks machines the same whichever of them is the reference: Fleming and Wallace, "How not to lie with
/// statistics", CACM 29, 1986.)
/// </summary>
internal static class Score
{
    /// <summary>What the reference machine scores.</summary>
    public const double OfReference = 100;

    /// <summary>The geometric mean of ratios.</summary>
    /// <exception cref="ArgumentException">There is none, or one is not positive and finite.</exception>
    public static double GeometricMean(IEnumerable<double> ratios)
    {
        double[] all = [.. ratios];
        if (all.Length == 0 || all.Any(ratio => !(ratio > 0) || double.IsInfinity(ratio)))
        {
            throw new ArgumentException(
                $"Ratios [{string.Join(", ", all)}]; expected at least one, each positive and finite.", nameof(ratios));
        }

        return Math.Exp(all.Average(Math.Log));
    }

    /// <summary>The geometric mean of each group.</summary>
    public static IReadOnlyDictionary<WorkloadGroup, double> OfGroups(
        IEnumerable<(WorkloadGroup Group, double Ratio)> ratios) => ratios
            .GroupBy(item => item.Group)
            .OrderBy(group => group.Key)
            .ToDictionary(group => group.Key, group => GeometricMean(group.Select(item => item.Ratio)));

    /// <summary>The geometric mean of the groups' geometric means.</summary>
    public static double Overall(IEnumerable<(WorkloadGroup Group, double Ratio)> ratios) =>
        GeometricMean(OfGroups(ratios).Values);

    /// <summary>Why results get no score; null where they get one.</summary>
    /// <param name="results">Of all workloads that were run.</param>
    /// <param name="complete">Whether that was all of them.</param>
    public static string? Obstacle(IReadOnlyList<WorkloadResult> results, bool complete)
    {
        string wrong = Names(results.Where(result => result.IsWrong));
        string failed = Names(results.Where(result => result.Failure is not null));
        string unknown = Names(results.Where(result => result.OverReference is null));
        return wrong.Length > 0 ? $"wrong results: {wrong}"
            : failed.Length > 0 ? $"could not run: {failed}"
            : !complete ? "only a part of the workloads was run"
            : unknown.Length > 0 ? $"not measured on the reference machine: {unknown}"
            : null;
    }

    private static string Names(IEnumerable<WorkloadResult> results) =>
        string.Join(", ", results.Select(result => result.Name));
}
