using System.Globalization;

namespace VemKernels.Cli.Options;

/// <summary>Numbers as options write them.</summary>
internal static class NumberText
{
    /// <summary>A finite number.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static double Finite(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number)
            ? number
            : throw new FormatException($"'{text.Trim()}' is not a finite number");

    /// <summary>A finite number, 0 or more.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static double NotNegative(string text) => Finite(text) is >= 0 and double number
        ? number
        : throw new FormatException($"{text.Trim()} is negative; expected 0 or more");

    /// <summary>A finite number over 0.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static double Positive(string text) => Finite(text) is > 0 and double number
        ? number
        : throw new FormatException($"{text.Trim()} is not over 0");

    /// <summary>Numbers, separated by commas.</summary>
    /// <exception cref="FormatException">The parser of one of them.</exception>
    public static Func<string, double[]> List(Func<string, double> parse) =>
        text => [.. text.Split(',').Select(parse)];

    /// <summary>A number as it is read back exactly.</summary>
    public static string Of(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
