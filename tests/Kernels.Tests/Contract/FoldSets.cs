namespace VemKernels.Kernels.Tests.Contract;

/// <summary>The kinds of splits that cross-validation meets.</summary>
public enum FoldKind
{
    /// <summary>Runs of unequal length, each held out once.</summary>
    Partition,

    /// <summary>Every sample validated once, in random order.</summary>
    Shuffled,

    /// <summary>Rows next to the validated ones are neither trained on nor scored.</summary>
    Gapped,

    /// <summary>Random subsets, which overlap between folds, one of them a single row.</summary>
    Overlapping,

    /// <summary>Training rows drawn with repeats; the rows not drawn are scored.</summary>
    Bootstrap,
}

/// <summary>Sets of folds, seeded.</summary>
internal static class FoldSets
{
    public static IReadOnlyList<Fold> Make(FoldKind kind, int samples)
    {
        int[] all = [.. Enumerable.Range(0, samples)];
        int[] shuffled = [.. all];
        new Random(Seed: 1).Shuffle(shuffled);
        int[] ends = [0, samples / 4, samples / 2, samples];
        return kind switch
        {
            FoldKind.Partition => Pieces(ends, (first, end) => Without(all, all[first..end])),
            FoldKind.Shuffled => Pieces(ends, (first, end) => Without(shuffled, shuffled[first..end])),
            FoldKind.Gapped => Pieces(ends, (first, end) => new Fold(
                [.. all.Where(i => i < first - 2 || i >= end + 3)], all.AsSpan(first..end), samples)),
            FoldKind.Overlapping =>
            [
                Without(all, shuffled[..(samples / 2)]),
                Without(shuffled, shuffled[(samples / 3)..]),
                Without(all, shuffled[^1..]),
            ],
            _ => [Bootstrap(samples, seed: 2), Bootstrap(samples, seed: 3)],
        };
    }

    /// <summary>A fold that scores some of the rows that it is trained on.</summary>
    public static Fold Overlapped(int samples)
    {
        int[] all = [.. Enumerable.Range(0, samples)];
        return new Fold(all.AsSpan(..^3), all.AsSpan(^5..), samples);
    }

    private static List<Fold> Pieces(int[] ends, Func<int, int, Fold> fold) =>
        [.. ends.Zip(ends.Skip(1), fold)];

    private static Fold Without(int[] all, int[] validation) =>
        new([.. all.Except(validation)], validation, all.Length);

    private static Fold Bootstrap(int samples, int seed)
    {
        Random random = new(seed);
        int[] train = [.. Enumerable.Range(0, samples).Select(_ => random.Next(samples))];
        return new Fold(train, [.. Enumerable.Range(0, samples).Except(train)], samples);
    }
}
