namespace VemKernels.Solvers;

/// <summary>
/// The usual ways to split samples for cross-validation. Training sets are ascending and complement the validation
/// sets.
/// </summary>
public static class CrossValidationSplits
{
    /// <summary>
    /// Contiguous folds; the first samples mod folds of them are one sample longer (scikit-learn's KFold).
    /// </summary>
    /// <param name="samples">How many samples.</param>
    /// <param name="folds">How many folds, 2 to samples.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer folds than 2, or more than samples.</exception>
    public static Fold[] KFold(int samples, int folds)
    {
        CheckFolds(samples, folds);
        return ByGroup(GroupsInOrder(samples, folds), folds);
    }

    /// <summary>
    /// Folds of shuffled samples: what scikit-learn's <c>KFold(folds, shuffle=True, random_state=seed)</c> gives. The
    /// validation sets are ascending.
    /// </summary>
    /// <param name="samples">How many samples.</param>
    /// <param name="folds">How many folds, 2 to samples.</param>
    /// <param name="seed">Seed, 0 to 2^32 - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// Fewer folds than 2, more than samples, or a seed out of range.
    /// </exception>
    public static Fold[] ShuffledKFold(int samples, int folds, long seed)
    {
        CheckFolds(samples, folds);
        int[] groupOfPosition = GroupsInOrder(samples, folds);
        int[] order = new RandomState(seed).Permutation(samples);
        int[] groupOfSample = new int[samples];
        for (int i = 0; i < samples; i++)
        {
            groupOfSample[order[i]] = groupOfPosition[i];
        }

        return ByGroup(groupOfSample, folds);
    }

    /// <summary>One fold for each run, in the order in which the runs first appear.</summary>
    /// <param name="runOfSample">The label of each sample's run; a run need not be contiguous.</param>
    /// <exception cref="ArgumentException">Fewer than two runs.</exception>
    public static Fold[] LeaveOneRunOut(ReadOnlySpan<int> runOfSample)
    {
        Dictionary<int, int> groups = [];
        int[] groupOfSample = new int[runOfSample.Length];
        for (int i = 0; i < runOfSample.Length; i++)
        {
            if (!groups.TryGetValue(runOfSample[i], out int group))
            {
                group = groups.Count;
                groups.Add(runOfSample[i], group);
            }

            groupOfSample[i] = group;
        }

        if (groups.Count < 2)
        {
            string found = groups.Count == 0 ? "no samples" : $"one run only, run {runOfSample[0]}";
            throw new ArgumentException(
                $"Leaving one run out needs at least two runs; there is {found}.", nameof(runOfSample));
        }

        return ByGroup(groupOfSample, groups.Count);
    }

    /// <summary>One fold for each run, the runs given by their first samples.</summary>
    /// <param name="onsets">First sample of each run: 0, then ascending.</param>
    /// <param name="samples">How many samples.</param>
    /// <exception cref="ArgumentException">
    /// Fewer than two runs, or onsets that do not start at 0, ascend and stay under samples.
    /// </exception>
    public static Fold[] FromRunOnsets(ReadOnlySpan<int> onsets, int samples)
    {
        if (onsets.Length < 2)
        {
            throw new ArgumentException(
                $"Leaving one run out needs at least two runs; there are {onsets.Length} onsets.", nameof(onsets));
        }

        if (onsets[0] != 0)
        {
            throw new ArgumentException($"The first run starts at sample {onsets[0]}; expected 0.", nameof(onsets));
        }

        int[] groupOfSample = new int[samples];
        for (int run = 0; run < onsets.Length; run++)
        {
            int first = onsets[run];
            int end = run + 1 < onsets.Length ? onsets[run + 1] : samples;
            if (first >= end)
            {
                throw new ArgumentException(
                    $"Run onsets must ascend and stay under {samples}; onset {run} is {first} and its run ends at {end}.",
                    
                    nameof(onsets));
            }

            if (end > samples)
            {
                throw new ArgumentException(
                    $"Run onset {end} is not under the number of samples, {samples}.", nameof(onsets));
            }

            groupOfSample.AsSpan(first, end - first).Fill(run);
        }

        return ByGroup(groupOfSample, onsets.Length);
    }

    private static void CheckFolds(int samples, int folds)
    {
        if (folds < 2 || folds > samples)
        {
            throw new ArgumentOutOfRangeException(
                nameof(folds), $"{folds} folds of {samples} samples; expected at least 2 folds, and no more than samples.");
        }
    }

    private static int[] GroupsInOrder(int samples, int folds)
    {
        (int size, int longer) = Math.DivRem(samples, folds);
        int[] groups = new int[samples];
        int first = 0;
        for (int fold = 0; fold < folds; fold++)
        {
            int count = fold < longer ? size + 1 : size;
            groups.AsSpan(first, count).Fill(fold);
            first += count;
        }

        return groups;
    }

    private static Fold[] ByGroup(int[] groupOfSample, int groups)
    {
        Fold[] folds = new Fold[groups];
        for (int group = 0; group < groups; group++)
        {
            List<int> train = [];
            List<int> validation = [];
            for (int i = 0; i < groupOfSample.Length; i++)
            {
                (groupOfSample[i] == group ? validation : train).Add(i);
            }

            folds[group] = new Fold([.. train], [.. validation], groupOfSample.Length);
        }

        return folds;
    }
}
