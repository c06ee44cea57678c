namespace VemKernels.Cli.Report;

/// <summary>A stacked histogram: how many voxels of each group have which score.</summary>
internal static class ScoreHistogram
{
    private const double BinWidth = 0.025;
    private const double BarGap = 1;
    private const int HorizontalTicks = 8;

    /// <summary>Room above the highest bar.</summary>
    private const double Headroom = 1.06;

    /// <summary>Draws the histogram.</summary>
    /// <param name="scores">The score of each voxel, at most 1.</param>
    /// <param name="groups">The group of each voxel.</param>
    /// <param name="names">The names of the groups.</param>
    /// <param name="threshold">A score to mark.</param>
    /// <param name="thresholdName">What it means.</param>
    public static string Draw(
        IReadOnlyList<float> scores, IReadOnlyList<int> groups, IReadOnlyList<string> names, double threshold,
        string thresholdName)
    {
        int lowest = (int)Math.Floor(scores.Min() / BinWidth);
        int bins = (int)Math.Floor(scores.Max() / BinWidth) - lowest + 1;
        int[,] counts = new int[names.Count, bins];
        for (int voxel = 0; voxel < scores.Count; voxel++)
        {
            counts[groups[voxel], (int)Math.Floor(scores[voxel] / BinWidth) - lowest]++;
        }

        int highest = Enumerable.Range(0, bins).Max(
            bin => Enumerable.Range(0, names.Count).Sum(group => counts[group, bin]));
        Scale across = Frame.Across(lowest * BinWidth, (lowest + bins) * BinWidth);
        Scale up = Frame.Up(0, highest * Headroom);
        Svg svg = new(Frame.Width, Frame.Height, "Histogram of test correlations");
        Frame.DrawVertical(svg, up, "voxels", "F0");
        for (int bin = 0; bin < bins; bin++)
        {
            double left = (lowest + bin) * BinWidth;
            int below = 0;
            for (int group = 0; group < names.Count; group++)
            {
                int count = counts[group, bin];
                if (count > 0)
                {
                    string hint = $"{names[group]}: {count} voxels, {Frame.Number(left, "F3")} to "
                        + $"{Frame.Number(left + BinWidth, "F3")}";
                    svg.Rectangle(
                        across[left] + (BarGap / 2), up[below + count], across[left + BinWidth] - across[left] - BarGap,
                        up[below] - up[below + count], $"fill-{group}", hint);
                }

                below += count;
            }
        }

        DrawThreshold(svg, across[threshold], thresholdName);
        Frame.DrawHorizontal(
            svg, across, across.Ticks(HorizontalTicks), tick => (Frame.Number(tick, "F1"), ""),
            "correlation on the test run");
        return svg.ToString();
    }

    private static void DrawThreshold(Svg svg, double x, string name)
    {
        const double TextGap = 6;
        const double TextDrop = 12;
        svg.Line(x, Frame.Top, x, Frame.Bottom, "mark");
        svg.Text(x + TextGap, Frame.Top + TextDrop, name, "start", "number");
    }
}
