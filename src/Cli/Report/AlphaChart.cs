namespace VemKernels.Cli.Report;

/// <summary>Lines of cross-validated scores against alpha, one a group, each with its best alpha marked.</summary>
internal static class AlphaChart
{
    private const double DotRadius = 2.5;
    private const double BestRadius = 5.5;
    private const double Headroom = 0.08;

    /// <summary>Scores under this are cut off: R2 of voxels that nothing explains goes far down.</summary>
    private const double Floor = -0.25;

    /// <summary>Draws the chart.</summary>
    /// <param name="alphas">The grid, ascending.</param>
    /// <param name="scores">For each group, the score at each alpha.</param>
    /// <param name="groups">The groups.</param>
    public static string Draw(
        IReadOnlyList<double> alphas, IReadOnlyList<double[]> scores, IReadOnlyList<ReportGroup> groups)
    {
        double highest = scores.Max(line => line.Max());
        double lowest = Math.Max(Floor, scores.Min(line => line.Min()));
        double room = Headroom * (highest - lowest);
        Scale across = Frame.Across(Math.Log10(alphas[0]), Math.Log10(alphas[^1]));
        Scale up = Frame.Up(lowest - room, highest + room);
        Svg svg = new(Frame.Width, Frame.Height, "Cross-validated R2 against alpha");
        Frame.DrawVertical(svg, up, "cross-validated R\u00b2", "F2");
        Frame.DrawHorizontal(
            svg, across, across.Ticks(alphas.Count).Where(tick => Math.Abs(tick - Math.Round(tick)) < Headroom),
            tick => ("10", Frame.Number(tick, "F0")), "alpha");
        for (int group = groups.Count - 1; group >= 0; group--)
        {
            DrawLine(svg, alphas, scores[group], groups[group], across, up);
        }

        return svg.ToString();
    }

    private static void DrawLine(
        Svg svg, IReadOnlyList<double> alphas, double[] scores, ReportGroup group, Scale across, Scale up)
    {
        // Alphas ascend, and scores fall off to the left: the line begins where it comes up through the floor.
        int first = Array.FindIndex(scores, score => score >= up.From);
        if (first < 0)
        {
            return;
        }

        List<(double X, double Y)> points =
            [.. Enumerable.Range(first, scores.Length - first).Select(
                i => (across[Math.Log10(alphas[i])], up[scores[i]]))];
        if (first > 0)
        {
            double rise = (scores[first] - up.From) / (scores[first] - scores[first - 1]);
            double crossing = Math.Log10(alphas[first]) - (
                rise * (Math.Log10(alphas[first]) - Math.Log10(alphas[first - 1])));
            points.Insert(0, (across[crossing], up[up.From]));
        }

        svg.Polyline(points, $"line stroke-{group.Colour}");
        int best = Array.IndexOf(scores, scores.Max());
        for (int i = first; i < scores.Length; i++)
        {
            string hint = $"{group.Name}: alpha {alphas[i]:G3}, R\u00b2 "
                + $"{Frame.Number(scores[i], "F3")}{(i == best ? ", the best" : "")}";
            svg.Dot(across[Math.Log10(alphas[i])], up[scores[i]], i == best ? BestRadius
                : DotRadius, $"fill-{group.Colour}", hint);
        }
    }
}
