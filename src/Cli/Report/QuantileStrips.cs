namespace VemKernels.Cli.Report;

/// <summary>
/// How numbers spread over targets, a strip a space: a thin line over nine tenths of the targets, a bar over half of
/// them, a mark at the median.
/// </summary>
internal static class QuantileStrips
{
    private const double RowHeight = 46;
    private const double BarHeight = 18;
    private const double Left = 168;
    private const double Right = Frame.Width - 24;
    private const double Gap = 12;
    private const double HalfDigit = 4;
    private const double AxisHeight = 52;
    private const double NameDrop = 44;
    private const int Ticks = 8;
    private const double Room = 0.04;

    private static readonly double[] Shares = [0.05, 0.25, 0.5, 0.75, 0.95];

    /// <summary>Draws the strips.</summary>
    /// <param name="rows">A space's number for each target; what is not finite is left out.</param>
    /// <param name="spaces">The spaces.</param>
    /// <param name="axis">What the numbers are.</param>
    public static string Draw(
        IReadOnlyList<IReadOnlyList<float>> rows, IReadOnlyList<ReportGroup> spaces, string axis)
    {
        double[][] quantiles = [.. rows.Select(Of)];
        double[] all = [.. quantiles.SelectMany(row => row)];
        double from = all.DefaultIfEmpty(0).Min(), to = all.DefaultIfEmpty(1).Max();
        double room = Math.Max(Room * (to - from), Room);
        Scale across = new(from - room, to + room, Left, Right);
        double bottom = rows.Count * RowHeight;
        Svg svg = new(Frame.Width, bottom + AxisHeight, $"Spread of {axis}");
        foreach (double tick in across.Ticks(Ticks))
        {
            svg.Line(across[tick], 0, across[tick], bottom, "grid");
            svg.Text(across[tick], bottom + (2 * Gap), Frame.Number(tick, "0.####"), "middle", "number");
        }

        for (int row = 0; row < rows.Count; row++)
        {
            DrawRow(svg, quantiles[row], spaces[row], (row + 0.5) * RowHeight, across);
        }

        svg.Text((Left + Right) / 2, bottom + NameDrop, axis, "middle", "name");
        return svg.ToString();
    }

    private static void DrawRow(Svg svg, double[] quantiles, ReportGroup space, double middle, Scale across)
    {
        const int Low = 1, Middle = 2, High = 3;
        svg.Text(Left - Gap, middle + HalfDigit, space.Name, "end", "name");
        if (quantiles.Length == 0)
        {
            svg.Text(Left + Gap, middle + HalfDigit, "of no target finite", "start", "number");
            return;
        }

        svg.Line(across[quantiles[0]], middle, across[quantiles[^1]], middle, $"stroke-{space.Colour}");
        svg.Rectangle(
            across[quantiles[Low]], middle - (BarHeight / 2),
            Math.Max(1, across[quantiles[High]] - across[quantiles[Low]]), BarHeight, $"fill-{space.Colour}",
            $"{space.Name}: median {Frame.Number(quantiles[Middle], "F2")}, half of the targets "
            + $"{Frame.Number(quantiles[Low], "F2")} to {Frame.Number(quantiles[High], "F2")}");
        svg.Line(
            across[quantiles[Middle]], middle - (BarHeight / 2) - HalfDigit, across[quantiles[Middle]],
            middle + (BarHeight / 2) + HalfDigit, "axis median");
    }

    private static double[] Of(IReadOnlyList<float> numbers)
    {
        float[] sorted = [.. numbers.Where(float.IsFinite).Order()];
        return sorted.Length == 0
            ? [] : [.. Shares.Select(share => (double)sorted[(int)(share * (sorted.Length - 1))])];
    }
}
