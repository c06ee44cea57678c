namespace VemKernels.Cli.Report;

/// <summary>A bar of a <see cref="ShareBars"/>.</summary>
/// <param name="Label">Which targets it is of.</param>
/// <param name="Explained">What is explained of them.</param>
/// <param name="Nothing">What to write where nothing is.</param>
internal sealed record ShareRow(string Label, ExplainedShares Explained, string Nothing);

/// <summary>Horizontal bars of 100 %: how the explained variance of groups of targets splits over spaces.</summary>
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
    /// <param name="rows">The bars.</param>
    /// <param name="spaces">The spaces; more may follow them.</param>
    public static string Draw(IReadOnlyList<ShareRow> rows, IReadOnlyList<ReportGroup> spaces)
    {
        double bottom = rows.Count * RowHeight;
        Scale across = new(0, 1, Left, Right);
        Svg svg = new(Frame.Width, bottom + AxisHeight, "Share of explained variance by space");
        foreach (double tick in across.Ticks(4))
        {
            svg.Line(across[tick], 0, across[tick], bottom, "grid");
            svg.Text(across[tick], bottom + (2 * Gap), tick.ToString("P0").Replace(" ", ""), "middle", "number");
        }

        for (int row = 0; row < rows.Count; row++)
        {
            DrawRow(svg, rows[row], spaces, (row + 0.5) * RowHeight, across);
        }

        return svg.ToString();
    }

    private static void DrawRow(
        Svg svg, ShareRow row, IReadOnlyList<ReportGroup> spaces, double middle, Scale across)
    {
        ExplainedShares shares = row.Explained;
        double top = middle - (BarHeight / 2);
        svg.Text(Left - Gap, middle + HalfDigit, row.Label, "end", "name");
        svg.Text(Right + Gap, middle + HalfDigit, $"R\u00b2 {Frame.Number(shares.MeanR2, "F3")}", "start", "number");
        if (shares.MeanR2 < Nothing)
        {
            svg.Rectangle(Left, top, Right - Left, BarHeight, "empty", "nothing is explained");
            svg.Text((Left + Right) / 2, middle + HalfDigit, row.Nothing, "middle", "number");
            return;
        }

        double from = 0;
        for (int space = 0; space < shares.Shares.Count; space++)
        {
            double share = shares.Shares[space];
            svg.Rectangle(
                across[from], top, across[from + share] - across[from], BarHeight, $"fill-{spaces[space].Colour}",
                $"{spaces[space].Name}: {share:P1}");
            if (share >= SmallestLabelled)
            {
                svg.Text(across[from + (share / 2)], middle
                    + HalfDigit, share.ToString("P0").Replace(" ", ""), "middle", "on-fill");
            }

            from += share;
        }
    }
}
