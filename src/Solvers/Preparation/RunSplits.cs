namespace VemKernels.Solvers;

/// <summary>Splits that leave whole runs out, the runs in random order.</summary>
public static class RunSplits
{
    /// <summary>
    /// As many splits as runs, each leaving out some runs: what <c>generate_leave_one_run_out(samples, onsets,
    /// random_state=seed, n_runs_out=runsOut)</c> of the package voxelwise_tutorials gives. Every run is left out by
    /// runsOut splits.
    /// </summary>
    /// <remarks>
    /// Split i leaves out run i of each of runsOut permutations of the runs, drawn one after the other. Two
    /// permutations may agree there: that split then leaves out one run less, and counts as it does in that package.
    /// </remarks>
    /// <param name="samples">How many samples.</param>
    /// <param name="onsets">First sample of each run: 0, then ascending.</param>
    /// <param name="runsOut">How many runs a split leaves out, under the number of runs.</param>
    /// <param name="seed">Seed, 0 to 2^32 - 1; null for one from the operating system.</param>
    /// <returns>Splits whose training and validation samples ascend.</returns>
    /// <exception cref="ArgumentException">
    /// Fewer than two runs, or onsets that do not start at 0, ascend and stay under samples.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// Fewer than one run out, or all of them; a seed out of range.
    /// </exception>
    public static Fold[] LeaveRunsOut(int samples, ReadOnlySpan<int> onsets, int runsOut = 1, long? seed = null)
    {
        CheckOnsets(onsets, samples);
        int runs = onsets.Length;
        if (runsOut < 1 || runsOut >= runs)
        {
            throw new ArgumentOutOfRangeException(
                nameof(runsOut), $"{runsOut} of {runs} runs to leave out; expected at least 1, and fewer than all.");
        }

        RandomState random = RandomState.FromSeed(seed);
        int[][] permutations = new int[runsOut][];
        for (int i = 0; i < runsOut; i++)
        {
            permutations[i] = random.Permutation(runs);
        }

        Fold[] folds = new Fold[runs];
        for (int split = 0; split < runs; split++)
        {
            bool[] left = new bool[runs];
            foreach (int[] permutation in permutations)
            {
                left[permutation[split]] = true;
            }

            folds[split] = LeaveOut(left, onsets, samples);
        }

        return folds;
    }

    /// <summary>The same for runs given by their labels, numbered in the order of their samples.</summary>
    /// <param name="runs">The runs of the samples.</param>
    /// <param name="runsOut">How many runs a split leaves out, under the number of runs.</param>
    /// <param name="seed">Seed, 0 to 2^32 - 1; null for one from the operating system.</param>
    /// <exception cref="ArgumentException">Fewer than two runs.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// Fewer than one run out, or all of them; a seed out of range.
    /// </exception>
    public static Fold[] LeaveRunsOut(RunLabels runs, int runsOut = 1, long? seed = null)
    {
        ArgumentNullException.ThrowIfNull(runs);
        int[] onsets = new int[runs.Segments.Length];
        for (int i = 0; i < onsets.Length; i++)
        {
            onsets[i] = runs.Segments[i].First;
        }

        return LeaveRunsOut(runs.Samples, onsets, runsOut, seed);
    }

    private static Fold LeaveOut(ReadOnlySpan<bool> left, ReadOnlySpan<int> onsets, int samples)
    {
        List<int> train = [];
        List<int> validation = [];
        for (int run = 0; run < onsets.Length; run++)
        {
            int end = run + 1 < onsets.Length ? onsets[run + 1] : samples;
            (left[run] ? validation : train).AddRange(Enumerable.Range(onsets[run], end - onsets[run]));
        }

        return new Fold([.. train], [.. validation], samples);
    }

    private static void CheckOnsets(ReadOnlySpan<int> onsets, int samples)
    {
        if (onsets.Length < 2)
        {
            throw new ArgumentException(
                $"Leaving runs out needs at least two runs; there are {onsets.Length} onsets.", nameof(onsets));
        }

        if (onsets[0] != 0)
        {
            throw new ArgumentException($"The first run starts at sample {onsets[0]}; expected 0.", nameof(onsets));
        }

        for (int run = 0; run < onsets.Length; run++)
        {
            int end = run + 1 < onsets.Length ? onsets[run + 1] : samples;
            if (end <= onsets[run])
            {
                throw new ArgumentException(
                    $"Run onsets must ascend and stay under {samples}; onset {run} is {onsets[run]} and its run ends at {end}.",
                    nameof(onsets));
            }
        }
    }
}
