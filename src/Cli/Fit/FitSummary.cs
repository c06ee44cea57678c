using System.Numerics;
using VemKernels.Cli.Inputs;
using VemKernels.Cli.Score;

namespace VemKernels.Cli.Fit;

/// <summary>What summary.json holds.</summary>
/// <param name="Version">Version of vem.</param>
/// <param name="Sizes">How much data there was.</param>
/// <param name="Options">The options as they were understood.</param>
/// <param name="Backend">What computed.</param>
/// <param name="TimingsSeconds">Seconds by stage, in order.</param>
/// <param name="CvScore">The cross-validation score of what was chosen for each target; null where nothing was.</param>
/// <param name="TestR2">R2 on the test samples; null without test.</param>
/// <param name="TestCorrelation">Correlation on the test samples; null without test.</param>
/// <param name="ConstantTargets">Targets without variance; null where an earlier version wrote.</param>
/// <param name="SplitGap">How far split r2 is from adding up; null without test.</param>
/// <param name="ConstantFeatures">Features without variance; null where an earlier version wrote.</param>
internal sealed record FitSummary(
    string Version,
    FitSizes Sizes,
    IReadOnlyDictionary<string, object?> Options,
    BackendInfo Backend,
    IReadOnlyDictionary<string, double> TimingsSeconds,
    ScoreSummary? CvScore,
    ScoreSummary? TestR2,
    ScoreSummary? TestCorrelation,
    ConstantTargets? ConstantTargets = null,
    SplitGap? SplitGap = null,
    ConstantFeatures? ConstantFeatures = null)
{
    /// <summary>What a user should know of the scores, a line each: of what, and what.</summary>
    public IEnumerable<(string Of, string Text)> Notes()
    {
        if (ConstantFeatures?.Describe() is { } features)
        {
            yield return ("Constant features", features);
        }

        if (ConstantTargets is { Count: > 0 } constant)
        {
            (string targets, string are) = (Counted.Text(constant.Count, "target"), constant.Count == 1 ? "is" : "are");
            string[] scores =
            [
                .. new[]
                {
                    ("cv score", constant.CvScore), ("test r2", constant.TestR2),
                    ("test correlation", constant.TestCorrelation),
                }.Where(score => score.Item2 is not null).Select(score => $"{score.Item1} {score.Item2}"),
            ];
            yield return (
                "Constant targets", $"{targets} of {Sizes.Targets:N0} {are} constant over the training samples (the "
                    + $"first is {constant.First}, counted from 0), so that nothing can be learned of them"
                    + (scores.Length == 0 ? "" : $"; their scores: {string.Join("; ", scores)}"));
        }

        if (SplitGap?.Describe(Sizes.Targets) is { } gap)
        {
            yield return ("Split r2", gap);
        }
    }
}

/// <summary>How much data a fit had.</summary>
/// <remarks>Runs are written as on the command line (1-10,12), null where there are none.</remarks>
internal sealed record FitSizes(
    int Samples, int TrainingSamples, int TestSamples, long Targets, IReadOnlyList<SpaceSize> Spaces, long Candidates,
    int Alphas, int Folds, string? TrainingRuns = null, string? TestRuns = null, string? OtherRuns = null);

/// <summary>How many features a space has, after delays, and from which columns.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Features">Features after delays.</param>
/// <param name="Columns">Columns of its table; null where the features came from a .npy file or by groups.</param>
/// <param name="SourceColumns">With groups: its columns of the one feature matrix, from 0.</param>
internal sealed record SpaceSize(
    string Name, int Features, IReadOnlyList<string>? Columns, IReadOnlyList<int>? SourceColumns = null)
{
    /// <summary>The size of a space.</summary>
    public static SpaceSize Of(SpaceDescription space) =>
        new(
        space.Name, space.Features, space.Columns?.Select(column => column.Name).ToArray(), space.SourceColumns);
}

/// <summary>A score over targets.</summary>
/// <param name="Median">Half of the targets score less.</param>
/// <param name="Best">The highest.</param>
internal sealed record ScoreSummary(double Median, double Best)
{
    /// <summary>As it is printed.</summary>
    public override string ToString() => $"median {Median:F4}, best {Best:F4}";

    /// <summary>Summarises scores; a target whose score is NaN counts as the worst.</summary>
    public static ScoreSummary Of<T>(IReadOnlyCollection<T> scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] sorted = [.. scores.Select(double.CreateTruncating)];
        Array.Sort(sorted);
        int middle = sorted.Length / 2;
        double median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new(median, sorted[^1]);
    }
}
