namespace VemKernels.Cli;

/// <summary>Finds the word that somebody meant.</summary>
internal static class Spelling
{
    /// <summary>One slip is forgiven in this many letters.</summary>
    private const int LettersPerSlip = 3;

    /// <summary>The known word nearest to one that is not known; null if none is near.</summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        int slips = Math.Max(1, word.Length / LettersPerSlip);
        return known.Select(candidate => (Word: candidate, Slips: Distance(word, candidate)))
            .Where(candidate => candidate.Slips <= slips)
            .OrderBy(candidate => candidate.Slips)
            .FirstOrDefault().Word;
    }

    /// <summary>
    /// How many letters must be put in, left out, changed or swapped with their neighbour: the optimal string alignment
    /// distance, d[i, j] being that of the first i and j letters.
    /// </summary>
    private static int Distance(string a, string b)
    {
        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    d[i, j] = i + j;
                    continue;
                }

                int change = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
