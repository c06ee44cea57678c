namespace VemKernels.Interop;

/// <summary>Splits of cross-validation from the caller's lists.</summary>
internal static unsafe class Splits
{
    /// <summary>The splits of so many samples.</summary>
    /// <exception cref="ArgumentException">No splits, lists that are none, or samples that there are not.</exception>
    public static Fold[] Read(VemSplits* splits, nint samples)
    {
        if (splits is null)
        {
            throw new ArgumentException("splits is null; expected splits of cross-validation.", nameof(splits));
        }

        VemSplits given = Structures.Read(splits, sizeof(VemSplits), nameof(splits));
        if (given.Count < 1 || given.Count > int.MaxValue)
        {
            throw new ArgumentException($"splits: {given.Count} of them; expected at least 1.", nameof(splits));
        }

        int rows = Fields.Count(samples, nameof(samples));
        Fold[] folds = new Fold[given.Count];
        long train = 0;
        long validation = 0;
        for (int i = 0; i < folds.Length; i++)
        {
            folds[i] = new Fold(
                Part(given.Train, given.TrainEnds, i, ref train, rows, "train"),
                Part(given.Validation, given.ValidationEnds, i, ref validation, rows, "validation"), rows);
        }

        return folds;
    }

    private static int[] Part(long* values, long* ends, int split, ref long first, int samples, string name)
    {
        if (values is null || ends is null)
        {
            throw new ArgumentException($"splits.{name} or splits.{name}_ends is null; expected lists.", name);
        }

        long end = ends[split];
        if (end < first || end - first > int.MaxValue)
        {
            throw new ArgumentException(
                $"splits.{name}_ends[{split}] is {end}; expected at least {first}, and not much more.", name);
        }

        int[] part = new int[end - first];
        for (int i = 0; i < part.Length; i++)
        {
            long sample = values[first + i];
            if (sample < 0 || sample >= samples)
            {
                throw new ArgumentException(
                    $"splits.{name}[{first + i}] is {sample}; expected 0 to {samples - 1}.", name);
            }

            part[i] = (int)sample;
        }

        first = end;
        return part;
    }
}
