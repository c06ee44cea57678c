using System.Numerics;

namespace VemKernels.Cli.Score;

/// <summary>
/// How far split r2 is from adding up to r2. The split divides by the squares of the responses about the training mean,
/// r2 by those about their own: they agree where the two means do, as with z-scores inside runs.
/// </summary>
/// <param name="Largest">The largest difference of any target.</param>
/// <param name="Targets">How many targets differ by more than the tolerance.</param>
internal sealed record SplitGap(double Largest, long Targets)
{
    /// <summary>Differences that two decimals show; of large negative r2, relative to them.</summary>
    private const double Tolerance = 0.005;

    /// <summary>Compares scores; what is not finite does not count.</summary>
    /// <param name="r2">1 x targets.</param>
    /// <param name="split">Parts x targets.</param>
    public static SplitGap Of<T>(MatrixView<T> r2, MatrixView<T> split)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double largest = 0;
        long targets = 0;
        for (nint target = 0; target < r2.Columns; target++)
        {
            double joint = double.CreateTruncating(r2[0, target]), sum = 0;
            for (nint part = 0; part < split.Rows; part++)
            {
                sum += double.CreateTruncating(split[part, target]);
            }

            double gap = Math.Abs(joint - sum);
            if (double.IsFinite(gap))
            {
                largest = Math.Max(largest, gap);
                targets += gap > Tolerance * Math.Max(1, Math.Abs(joint)) ? 1 : 0;
            }
        }

        return new(largest, targets);
    }

    /// <summary>What a user should know of it; null where it cannot be seen.</summary>
    /// <param name="all">How many targets were scored.</param>
    public string? Describe(long all) => Targets == 0 ? null
        : $"split r2 does not add up to r2 in {Targets:N0} of {Counted.Text(all, "target")} (largest gap "
            + $"{Largest:G3}): it divides by squares about the training mean, and adds up where the tested responses "
            + "have that mean (with --zscore-runs they do)";
}
