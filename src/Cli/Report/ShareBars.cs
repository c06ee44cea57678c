using VemKernels.Cli.Demo;

namespace VemKernels.Cli.Report;

/// <summary>Horizontal bars of 100 %: how the explained variance of each group of voxels splits over spaces.</summary>
internal static class ShareBars
{
    private const double RowHeight = 52;
    private const double BarHeight = 30;
    private const double Left = 168;
    private const double Right = Frame.Width - 112;
    private const double Gap = 12;
    private const double HalfDigit = 4;
    private const double AxisHeight = 40;

    /// <summary>Shares under this have no room for their number.</summary>
    private const double SmallestLabelled = 0.08;

    /// <summary>A group whose mean R2 is under this has nothing to share out.</summary>
    private const double Nothing = 0.01;

    /// <summary>Draws the bars.</summary>
    /// <param name="groups">The shares of each group.</param>
    /// <param name="names">The names of the groups; the spaces come first.</param>
    public static string Draw(IReadOnlyList<ExplainedShares> groups, IReadOnlyList<string> names)
    {
        double bottom = groups.Count * RowHeight;
        Scale across = new(0, 1, Left, Right);
        Svg svg = new(Frame.Width, bottom + AxisHeight, "Share of explained variance by space");
        foreach (double tick in across.Ticks(4))
        {
            svg.Line(across[tick], 0, across[tick], bottom, "grid");
            svg.Text(across[tick], bottom + (2 * Gap), tick.ToString("P0").Replace(" ", ""), "middle", "number");
        }

        for (int group = 0; group < groups.Count; group++)
        {
            DrawRow(svg, groups[group], names, group, across);
        }

        return svg.ToString();
    }

    private static void DrawRow(Svg svg, ExplainedShares shares, IReadOnlyList<string> names, int group, Scale across)
    {
        double middle = (group + 0.5) * RowHeight;
        double top = middle - (BarHeight / 2);
        bool isNoise = group == names.Count - 1;
        svg.Text(Left - Gap, middle + HalfDigit, isNoise ? $"voxels of {names[group]}"
            : $"driven by {names[group]}", "end", "name");
        svg.Text(Right + Gap, middle + HalfDigit, $"R\u00b2 {Frame.Number(shares.MeanR2, "F3")}", "start", "number");
        if (shares.MeanR2 < Nothing)
        {
            svg.Rectangle(Left, top, Right - Left, BarHeight, "empty", "nothing is explained");
            svg.Text(
                (Left + Right) / 2, middle + HalfDigit, "nothing is explained, as it should be", "middle", "number");
            return;
        }

        double from = 0;
        for (int space = 0; space < shares.Shares.Count; space++)
        {
            double share = shares.Shares[space];
            svg.Rectangle(
                across[from], top, across[from + share] - across[from], BarHeight, $"fill-{space}",
                $"{names[space]}: {share:P1}");
            if (share >= SmallestLabelled)
            {
                svg.Text(across[from + (share / 2)], middle
                    + HalfDigit, share.ToString("P0").Replace(" ", ""), "middle", "on-fill");
            }

            from += share;
        }
    }
}
