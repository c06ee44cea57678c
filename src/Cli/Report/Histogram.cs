namespace VemKernels.Cli.Report;

/// <summary>The words of a histogram.</summary>
/// <param name="Title">What it shows, for those who cannot see it.</param>
/// <param name="Axis">The name of the axis of scores.</param>
/// <param name="Noun">What is counted, one of it.</param>
internal sealed record HistogramWords(string Title, string Axis, string Noun);

/// <summary>A stacked histogram: how many targets of each group have which score.</summary>
internal static class Histogram
{
    private const int MostBins = 60;
    private const double BarGap = 1;
    private const int HorizontalTicks = 8;

    /// <summary>Room above the highest bar.</summary>
    private const double Headroom = 1.06;

    /// <summary>Widths of bins are these times a power of ten.</summary>
    private static readonly double[] RoundWidths = [1, 2.5, 5, 10];

    /// <summary>
    /// Below this share of the scores, those far from the others are counted in the leftmost bar: R2 has no lower
    /// bound.
    /// </summary>
    private const double TailShare = 0.02;

    /// <summary>Draws the histogram.</summary>
    /// <param name="scores">The score of each target; one that is no number is not drawn.</param>
    /// <param name="groups">The group of each target.</param>
    /// <param name="names">The groups.</param>
    /// <param name="words">What it says.</param>
    /// <param name="threshold">A score to mark; null for none.</param>
    /// <param name="thresholdName">What it means.</param>
    public static string Draw(
        IReadOnlyList<float> scores, IReadOnlyList<int> groups, IReadOnlyList<ReportGroup> names, HistogramWords words,
        double? threshold = null, string thresholdName = "")
    {
        (double width, int lowest, int[,] counts) = Count(scores, groups, names.Count);
        int bins = counts.GetLength(1);
        int highest = Enumerable.Range(0, bins).Max(
            bin => Enumerable.Range(0, names.Count).Sum(group => counts[group, bin]));
        Scale across = Frame.Across(lowest * width, (lowest + bins) * width);
        Scale up = Frame.Up(0, Math.Max(1, highest) * Headroom);
        Svg svg = new(Frame.Width, Frame.Height, words.Title);
        Frame.DrawVertical(svg, up, $"{words.Noun}s", highest < HorizontalTicks ? "0.#" : "F0");
        string format = FormatOf(width);
        bool hasTail = Below(scores, lowest * width) > 0;
        for (int bin = 0; bin < bins; bin++)
        {
            double left = (lowest + bin) * width;
            string range = bin == 0 && hasTail ? $"under {Frame.Number(left + width, format)}"
                : $"{Frame.Number(left, format)} to {Frame.Number(left + width, format)}";
            int below = 0;
            for (int group = 0; group < names.Count; group++)
            {
                int count = counts[group, bin];
                if (count > 0)
                {
                    svg.Rectangle(
                        across[left] + (BarGap / 2), up[below + count], across[left + width] - across[left] - BarGap,
                        up[below] - up[below + count], $"fill-{names[group].Colour}",
                        $"{names[group].Name}: {Counted.Text(count, words.Noun)}, {range}");
                }

                below += count;
            }
        }

        if (threshold is { } mark)
        {
            DrawThreshold(svg, across[mark], thresholdName);
        }

        Frame.DrawHorizontal(
            svg, across, across.Ticks(HorizontalTicks), tick => (Frame.Number(tick, "0.######"), ""), words.Axis);
        return svg.ToString();
    }

    /// <summary>How many scores are counted in the leftmost bar though they lie under it; where it begins.</summary>
    public static (int Count, double Limit) Tail(IReadOnlyList<float> scores)
    {
        (double width, int lowest, _) = Count(scores, new int[scores.Count], 1);
        return (Below(scores, lowest * width), lowest * width);
    }

    private static (double Width, int Lowest, int[,] Counts) Count(
        IReadOnlyList<float> scores, IReadOnlyList<int> groups, int groupCount)
    {
        double[] sorted = [.. scores.Where(float.IsFinite).Select(score => (double)score).Order()];
        if (sorted.Length == 0)
        {
            return (1, 0, new int[groupCount, 1]);
        }

        double to = sorted[^1], from = sorted[0], low = sorted[(int)(TailShare * sorted.Length)];
        from = low - from > to - low ? low : from;
        double width = Width(from, to);
        int lowest = (int)Math.Floor(from / width);
        int[,] counts = new int[groupCount, (int)Math.Floor(to / width) - lowest + 1];
        for (int target = 0; target < scores.Count; target++)
        {
            if (float.IsFinite(scores[target]))
            {
                double bin = Math.Max(0, Math.Floor(scores[target] / width) - lowest);
                counts[groups[target], (int)bin]++;
            }
        }

        return (width, lowest, counts);
    }

    /// <summary>The least round width with few enough bins; for equal scores a hundredth of their size.</summary>
    private static double Width(double from, double to)
    {
        const double OfSize = 0.01;
        double least = Math.Max((to - from) / (MostBins - 1), OfSize * OfSize * Math.Max(Math.Abs(from), Math.Abs(to)));
        if (least == 0)
        {
            return OfSize;
        }

        double power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        return power * RoundWidths.First(round => round * power >= least);
    }

    private static int Below(IReadOnlyList<float> scores, double limit) =>
        scores.Count(score => float.IsFinite(score) && score < limit);

    /// <summary>As many digits as tell bins apart.</summary>
    private static string FormatOf(double width) => $"F{Math.Clamp(1 - (int)Math.Floor(Math.Log10(width)), 0, 9)}";

    private static void DrawThreshold(Svg svg, double x, string name)
    {
        const double TextGap = 6;
        const double TextDrop = 12;
        svg.Line(x, Frame.Top, x, Frame.Bottom, "mark");
        svg.Text(x + TextGap, Frame.Top + TextDrop, name, "start", "number");
    }
}
