using VemKernels.Solvers;

namespace VemKernels.Cli.Options;

/// <summary>Some runs: 1-10,12.</summary>
/// <param name="Text">As they were written.</param>
/// <param name="Runs">Their labels.</param>
internal sealed record RunList(string Text, int[] Runs)
{
    private const int ShortestRange = 3;

    /// <summary>Parses numbers and inclusive ranges.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static RunList Parse(string text) => new(text, RunSelection.Parse(text));

    /// <summary>Writes runs as they are parsed: ascending, three or more in a row as a range.</summary>
    public static string Describe(IEnumerable<int> runs)
    {
        int[] sorted = [.. runs.Order()];
        List<string> parts = [];
        for (int first = 0; first < sorted.Length;)
        {
            int count = 1;
            while (sorted[first] >= 0 && first + count < sorted.Length
                && sorted[first + count] == sorted[first] + count)
            {
                count++;
            }

            if (count < ShortestRange)
            {
                count = 1;
            }

            parts.Add(count == 1 ? $"{sorted[first]}" : $"{sorted[first]}-{sorted[first + count - 1]}");
            first += count;
        }

        return string.Join(',', parts);
    }

    /// <summary>As they were written.</summary>
    public override string ToString() => Text;
}
