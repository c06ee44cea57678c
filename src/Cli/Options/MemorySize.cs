using System.Globalization;

namespace VemKernels.Cli.Options;

/// <summary>An amount of memory: 4GB, 500MB, 2GiB, or plain bytes.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="Bytes">In bytes.</param>
internal sealed record MemorySize(string Text, long Bytes)
{
    private const double Decimal = 1000;
    private const double Binary = 1024;
    private const string Powers = "KMGT";

    /// <summary>
    /// Parses a number and a unit: B, KB, MB, GB, TB (powers of 1000), KiB, MiB, GiB, TiB (powers of 1024); no unit:
    /// bytes.
    /// </summary>
    /// <exception cref="FormatException">Anything else, or less than one byte.</exception>
    public static MemorySize Parse(string text)
    {
        string trimmed = text.Trim();
        int digits = trimmed.TakeWhile(letter => char.IsAsciiDigit(letter) || letter == '.').Count();
        if (!double.TryParse(
            trimmed[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            || Factor(trimmed[digits..].Trim().ToUpperInvariant()) is not { } factor)
        {
            throw new FormatException("expected an amount of memory, such as 4GB, 500MB or 2GiB");
        }

        double bytes = number * factor;
        return bytes is >= 1 and < long.MaxValue
            ? new(text, (long)bytes)
            : throw new FormatException("expected at least one byte, and no more than an address holds");
    }

    /// <summary>The least whole number of the largest decimal unit that holds some bytes, as it is parsed.</summary>
    public static string RoundUp(long bytes)
    {
        int power = Math.Min(Powers.Length, (int)Math.Log(Math.Max(bytes, 1), Decimal));
        string unit = power == 0 ? "B" : $"{Powers[power - 1]}B";
        return string.Create(
            CultureInfo.InvariantCulture, $"{Math.Ceiling(bytes / Math.Pow(Decimal, power)):0}{unit}");
    }

    /// <summary>As it was written.</summary>
    public override string ToString() => Text;

    /// <summary>Bytes of a unit in capitals; null for none that we know.</summary>
    private static double? Factor(string unit)
    {
        if (unit is "" or "B")
        {
            return 1;
        }

        int power = Powers.IndexOf(unit[0], StringComparison.Ordinal) + 1;
        return (power, unit[1..]) switch
        {
            (0, _) => null,
            (_, "" or "B") => Math.Pow(Decimal, power),
            (_, "IB") => Math.Pow(Binary, power),
            _ => null,
        };
    }
}
