using System.Globalization;

namespace VemKernels.Cli.Options;

/// <summary>A grid of regularisation parameters: START:STOP:COUNT, spaced evenly in the logarithm, or a list.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="Values">The alphas, in the order written.</param>
internal sealed record AlphaGrid(string Text, IReadOnlyList<double> Values)
{
    private const int RangeParts = 3;

    /// <summary>A longer grid is a slip of the keyboard.</summary>
    private const int MaximumCount = 10_000;

    /// <summary>Parses 1e0:1e6:13 or 1,10,100.</summary>
    /// <exception cref="FormatException">Anything else, or an alpha that is not over 0 and finite.</exception>
    public static AlphaGrid Parse(string text) => Parse(text, ParseAlpha);

    /// <summary>Parses the same for penalties, which may be 0 in a list.</summary>
    /// <exception cref="FormatException">Anything else, or a penalty that is negative or not finite.</exception>
    public static AlphaGrid ParsePenalties(string text) => Parse(text, NumberText.NotNegative);

    /// <summary>As it was written.</summary>
    public override string ToString() => Text;

    private static AlphaGrid Parse(string text, Func<string, double> parseOfList)
    {
        string[] range = text.Split(':');
        return range.Length switch
        {
            1 => new(text, [.. text.Split(',').Select(parseOfList)]),
            RangeParts => new(text, Range(ParseAlpha(range[0]), ParseAlpha(range[1]), ParseCount(range[2]))),
            _ =>
                throw new FormatException("expected START:STOP:COUNT, such as 1e0:1e6:13, or a list, such as 1,10,100"),
        };
    }

    /// <summary>10^(a + i (b - a) / (count - 1)), as numpy.logspace computes it; the ends exact.</summary>
    private static double[] Range(double start, double stop, int count)
    {
        double[] alphas = new double[count];
        double first = Math.Log10(start);
        double step = (Math.Log10(stop) - first) / Math.Max(1, count - 1);
        for (int i = 0; i < count; i++)
        {
            alphas[i] = Math.Pow(10, first + (i * step));
        }

        alphas[^1] = stop;
        alphas[0] = start;
        return alphas;
    }

    private static double ParseAlpha(string text)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double alpha))
        {
            throw new FormatException($"'{text.Trim()}' is not a number; expected such as 1e0:1e6:13 or 1,10,100");
        }

        return alpha > 0 && double.IsFinite(alpha)
            ? alpha
            : throw new FormatException($"alpha {text.Trim()} is not over 0 and finite");
    }

    private static int ParseCount(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && count is > 0 and <= MaximumCount
            ? count
            : throw new FormatException($"'{text.Trim()}' is not a count of alphas, 1 to {MaximumCount}");
}
