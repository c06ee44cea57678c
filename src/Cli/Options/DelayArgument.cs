using System.Globalization;

namespace VemKernels.Cli.Options;

/// <summary>The delays of a feature space: NAME=1,2,3,4 or NAME=1-4.</summary>
/// <param name="Name">The name of the space.</param>
/// <param name="Delays">In samples, in the order wanted; may be negative.</param>
internal sealed record DelayArgument(string Name, IReadOnlyList<int> Delays)
{
    /// <summary>More than anyone delays by: a longer range is a slip of the keyboard.</summary>
    private const int MostDelays = 1000;

    /// <summary>Parses numbers and inclusive ranges of numbers that are not negative.</summary>
    /// <exception cref="FormatException">Anything else, or a delay named twice.</exception>
    public static DelayArgument Parse(string text)
    {
        const string Expected = "NAME=1,2,3,4 or NAME=1-4";
        (string name, string rest) = NamedText.Split(text, Expected);
        List<int> delays = [];
        foreach (string part in rest.Split(',', StringSplitOptions.TrimEntries))
        {
            foreach (int delay in ParsePart(part, Expected))
            {
                if (delays.Contains(delay))
                {
                    throw new FormatException($"delay {delay} is named twice");
                }

                delays.Add(delay);
            }
        }

        return new(name, delays);
    }

    /// <summary>One delay, or a range such as 1-4. A leading dash is a sign.</summary>
    private static IEnumerable<int> ParsePart(string part, string expected)
    {
        int dash = part.IndexOf('-', Math.Min(1, part.Length));
        string first = dash < 0 ? part : part[..dash];
        string last = dash < 0 ? part : part[(dash + 1)..];
        return int.TryParse(first, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int from)
            && int.TryParse(last, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int to)
            && (dash < 0 || (from >= 0 && from <= to && to - from < MostDelays))
            ? Enumerable.Range(from, to - from + 1)
            : throw new FormatException(
                $"'{part}' is not a whole number of samples, or a range of them; expected {expected}");
    }

    /// <summary>As it was written.</summary>
    public override string ToString() => $"{Name}={string.Join(',', Delays)}";
}
