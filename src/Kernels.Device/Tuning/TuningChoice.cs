namespace VemKernels.Device;

/// <summary>Picks the fastest of some candidates.</summary>
internal static class TuningChoice
{
    /// <summary>
    /// By how much a candidate must beat the default: medians of bursts repeat to about this on a busy machine.
    /// </summary>
    private const double Margin = 0.03;

    /// <summary>
    /// Pairs of the default and what was found, one after the other, that decide in the end: the fastest of many in one
    /// pass is often one whose turn came while the machine was quiet.
    /// </summary>
    public const int Rounds = 5;

    /// <summary>Measures all once, then the fastest in turn with the default, and picks one.</summary>
    /// <param name="candidates">The default first.</param>
    /// <param name="measure">Seconds of a candidate; null where its results are wrong or it does not run.</param>
    /// <param name="cancellation">Checked before each candidate.</param>
    /// <returns>
    /// The fastest, and its seconds: the default where none is clearly faster, or none ran at all (then null). The
    /// seconds of the default; null where its results are wrong.
    /// </returns>
    public static (T Best, double? Seconds, double? DefaultSeconds) Pick<T>(
        IReadOnlyList<T> candidates, Func<T, double?> measure, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        T usual = candidates[0];
        double? ofDefault = measure(usual);
        T best = usual;
        double? seconds = ofDefault;
        double limit = ofDefault * (1 - Margin) ?? double.PositiveInfinity;
        foreach (T candidate in candidates.Skip(1))
        {
            cancellation.ThrowIfCancellationRequested();
            if (measure(candidate) is { } found && found < limit)
            {
                (best, seconds, limit) = (candidate, found, found);
            }
        }

        return ofDefault is null || seconds == ofDefault ? (best, seconds, ofDefault)
            : Decide(usual, best, measure, cancellation);
    }

    private static (T Best, double? Seconds, double? DefaultSeconds) Decide<T>(
        T usual, T found, Func<T, double?> measure, CancellationToken cancellation)
    {
        double[] ofDefault = new double[Rounds];
        double[] ofFound = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            ofDefault[round] = measure(usual) ?? double.PositiveInfinity;
            ofFound[round] = measure(found) ?? double.PositiveInfinity;
        }

        double before = Median(ofDefault);
        double after = Median(ofFound);
        return after < before * (1 - Margin) ? (found, after, before) : (usual, before, before);
    }

    /// <summary>The median.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
