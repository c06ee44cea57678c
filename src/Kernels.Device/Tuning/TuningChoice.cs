namespace VemKernels.Device;

/// <summary>Picks the fastest of some candidates.</summary>
internal static class TuningChoice
{
    /// <summary>
    /// By how much a candidate must beat the default: medians of bursts repeat to about this on a busy machine.
    /// </summary>
    private const double Margin = 0.03;

    /// <summary>Measures all and picks one.</summary>
    /// <param name="candidates">The default first.</param>
    /// <param name="measure">Seconds of a candidate; null where its results are wrong or it does not run.</param>
    /// <param name="cancellation">Checked before each candidate.</param>
    /// <returns>
    /// The fastest, and its seconds: the default where none is clearly faster, or none ran at all (then null). The
    /// seconds of the default.
    /// </returns>
    public static (T Best, double? Seconds, double? DefaultSeconds) Pick<T>(
        IReadOnlyList<T> candidates, Func<T, double?> measure, CancellationToken cancellation)
    {
        T best = candidates[0];
        cancellation.ThrowIfCancellationRequested();
        double? ofDefault = measure(best);
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

        return (best, seconds, ofDefault);
    }

    /// <summary>The median.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
