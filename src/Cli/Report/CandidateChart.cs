using VemKernels.Cli.Fit;

namespace VemKernels.Cli.Report;

/// <summary>
/// Scores of cross-validation, row by row: a dot each, and where it makes sense a line of the best so far.
/// </summary>
internal static class CandidateChart
{
    private const double DotRadius = 3.5;
    private const double Headroom = 0.08;
    private const int HorizontalTicks = 10;

    /// <summary>What the colours mean.</summary>
    public static IReadOnlyList<ReportGroup> Groups(CandidateScores scores) =>
        scores.BestSoFar is null ? [] : ReportGroup.OfSpaces(["by itself", "best so far"]);

    /// <summary>Draws the chart.</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="noun">What a row is.</param>
    /// <param name="axis">The name of the axis of scores.</param>
    public static string Draw(CandidateScores scores, string noun, string axis)
    {
        IReadOnlyList<double> best = scores.BestSoFar ?? [];
        double[] all = [.. scores.Medians.Concat(best).Where(double.IsFinite).DefaultIfEmpty(0)];
        double room = Math.Max(Headroom * (all.Max() - all.Min()), 1e-6);
        Scale across = Frame.Across(0.5, scores.Medians.Count + 0.5);
        Scale up = Frame.Up(all.Min() - room, all.Max() + room);
        Svg svg = new(Frame.Width, Frame.Height, $"Score of each {noun}");
        Frame.DrawVertical(svg, up, axis, "G3");
        Frame.DrawHorizontal(
            svg, across, across.Ticks(HorizontalTicks).Where(tick => Math.Abs(tick - Math.Round(tick)) < Headroom),
            tick => (Frame.Number(tick, "F0"), ""), noun);
        svg.Polyline(
            best.Select((score, i) => (X: across[i + 1], Y: up[score])).Where(point => double.IsFinite(point.Y)),
            "line stroke-1");
        for (int i = 0; i < scores.Medians.Count; i++)
        {
            if (double.IsFinite(scores.Medians[i]))
            {
                svg.Dot(
                    across[i + 1], up[scores.Medians[i]], DotRadius, "fill-0",
                    $"{noun} {i + 1}: {Frame.Number(scores.Medians[i], "G4")}");
            }
        }

        return svg.ToString();
    }
}
