using System.Globalization;

namespace VemKernels.Cli.Options;

/// <summary>The delays of a feature space: NAME=1,2,3,4.</summary>
/// <param name="Name">The name of the space.</param>
/// <param name="Delays">In samples, in the order wanted; may be negative.</param>
internal sealed record DelayArgument(string Name, IReadOnlyList<int> Delays)
{
    /// <summary>Parses NAME=1,2,3,4.</summary>
    /// <exception cref="FormatException">Anything else, or a delay named twice.</exception>
    public static DelayArgument Parse(string text)
    {
        const string Expected = "NAME=1,2,3,4";
        (string name, string rest) = NamedText.Split(text, Expected);
        List<int> delays = [];
        foreach (string part in rest.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!int.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int delay))
            {
                throw new FormatException($"'{part}' is not a whole number of samples; expected {Expected}");
            }

            if (delays.Contains(delay))
            {
                throw new FormatException($"delay {delay} is named twice");
            }

            delays.Add(delay);
        }

        return new(name, delays);
    }

    /// <summary>As it was written.</summary>
    public override string ToString() => $"{Name}={string.Join(',', Delays)}";
}
