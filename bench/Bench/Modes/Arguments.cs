namespace VemKernels.Bench.Modes;

/// <summary>What follows a mode on the command line.</summary>
internal sealed class Arguments(IReadOnlyList<string> words)
{
    /// <summary>The word at a position.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public string Positional(int position) =>
        position < words.Count ? words[position] : throw new ArgumentException($"Argument {position + 1} is missing.");

    /// <summary>Whether an option is there.</summary>
    public bool Has(string option) => words.Contains(option);

    /// <summary>The word after an option; null where the option is not there.</summary>
    public string? Text(string option)
    {
        for (int i = 0; i + 1 < words.Count; i++)
        {
            if (words[i] == option)
            {
                return words[i + 1];
            }
        }

        return null;
    }

    /// <summary>The number after an option.</summary>
    /// <exception cref="ArgumentException">The option is not there and has no default, or is no number.</exception>
    public int Integer(string option, int? absent = null)
    {
        if (Text(option) is not { } text)
        {
            return absent ?? throw new ArgumentException($"{option} is missing.");
        }

        return int.TryParse(text, out int value) ? value : throw new ArgumentException($"{option} {text}: not a number.");
    }
}
