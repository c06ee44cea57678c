using System.Globalization;

namespace VemKernels.Solvers;

/// <summary>Reads lists of runs as people write them: "1-10,12".</summary>
public static class RunSelection
{
    /// <summary>More runs than anyone records: a longer range is a slip of the keyboard.</summary>
    private const int MaximumRuns = 100_000;

    /// <summary>Parses numbers and inclusive ranges, separated by commas; spaces are ignored.</summary>
    /// <returns>The runs in the order written.</returns>
    /// <exception cref="FormatException">
    /// Anything else, a descending range or a run named twice; one line that quotes the text.
    /// </exception>
    public static int[] Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<int> runs = [];
        HashSet<int> seen = [];
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            (int first, int last) = ParseRange(part, text);
            if ((long)last - first + runs.Count >= MaximumRuns)
            {
                throw new FormatException($"Runs \"{text}\": more than {MaximumRuns} runs.");
            }

            for (int run = first; run <= last; run++)
            {
                if (!seen.Add(run))
                {
                    throw new FormatException($"Runs \"{text}\": run {run} is named twice.");
                }

                runs.Add(run);
            }
        }

        return [.. runs];
    }

    private static (int First, int Last) ParseRange(string part, string text)
    {
        int dash = part.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0)
        {
            int run = ParseRun(part, part, text);
            return (run, run);
        }

        int first = ParseRun(part[..dash].Trim(), part, text);
        int last = ParseRun(part[(dash + 1)..].Trim(), part, text);
        return last < first
            ? throw new FormatException($"Runs \"{text}\": \"{part}\" descends.")
            : (first, last);
    }

    private static int ParseRun(string number, string part, string text) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int run)
            ? run
            : throw new FormatException(
                $"Runs \"{text}\": \"{part}\" is not a run or a range of runs; expected such as \"1-10,12\".");
}
