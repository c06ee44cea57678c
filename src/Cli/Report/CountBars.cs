using VemKernels.Cli.Fit;

namespace VemKernels.Cli.Report;

/// <summary>How many targets chose each value of a grid: a bar a value, evenly spaced.</summary>
internal static class CountBars
{
    private const int MostLabels = 15;
    private const double BarShare = 0.8;
    private const double Headroom = 1.06;
    private const int FewCounts = 8;
    private const double Whole = 1e-9;

    /// <summary>Draws the bars.</summary>
    public static string Draw(GridChoice choice)
    {
        int values = choice.Grid.Count;
        int highest = Math.Max(1, choice.Counts.Max());
        Scale across = Frame.Across(-0.5, values - 0.5);
        Scale up = Frame.Up(0, highest * Headroom);
        Svg svg = new(Frame.Width, Frame.Height, $"How many targets chose each {choice.Name}");
        Frame.DrawVertical(svg, up, "targets", highest < FewCounts ? "0.#" : "F0");
        for (int i = 0; i < values; i++)
        {
            if (choice.Counts[i] > 0)
            {
                svg.Rectangle(
                    across[i - (BarShare / 2)], up[choice.Counts[i]], across[BarShare] - across[0],
                    up[0] - up[choice.Counts[i]], "fill-0",
                    $"{choice.Name} {choice.Grid[i]:G4}: {Counted.Text(choice.Counts[i], "target")}");
            }
        }

        Frame.DrawHorizontal(
            svg, across, Labelled(choice.Grid), tick => Label(choice.Grid[(int)tick]), choice.Name);
        return svg.ToString();
    }

    /// <summary>The values to write: whole powers of ten where there are some, else all; not too many.</summary>
    private static IEnumerable<double> Labelled(IReadOnlyList<double> grid)
    {
        int[] powers = [.. Enumerable.Range(0, grid.Count).Where(i => grid[i] == 0 || Power(grid[i]) is not null)];
        int[] labelled = powers.Length > 1 ? powers : [.. Enumerable.Range(0, grid.Count)];
        int step = (labelled.Length + MostLabels - 1) / MostLabels;
        return labelled.Where((_, i) => i % step == 0).Select(i => (double)i);
    }

    /// <summary>Whole powers of ten as such; other numbers by three digits.</summary>
    private static (string Text, string Exponent) Label(double value) =>
        Power(value) is { } power ? ("10", Frame.Number(power, "F0")) : (Frame.Number(value, "G3"), "");

    /// <summary>The exponent of a whole power of ten; null for other numbers.</summary>
    private static double? Power(double value)
    {
        double power = value > 0 ? Math.Log10(value) : double.NaN;
        return Math.Abs(power - Math.Round(power)) < Whole ? Math.Round(power) : null;
    }
}
