namespace VemKernels.Cli.Report;

/// <summary>How the explained variance of a group of targets splits over spaces.</summary>
/// <param name="MeanR2">Mean over voxels of the R2 of all spaces together.</param>
/// <param name="Shares">
/// Share of each space in what is explained, summing to 1: means over voxels of the split R2, negative means taken as
/// nothing.
/// </param>
internal sealed record ExplainedShares(double MeanR2, IReadOnlyList<double> Shares)
{
    /// <summary>Computes the shares of each group.</summary>
    /// <param name="split">R2 split over spaces, spaces x voxels.</param>
    /// <param name="groups">The group of each voxel: a space, or the number of spaces for noise.</param>
    public static IReadOnlyList<ExplainedShares> Of(MatrixView<float> split, IReadOnlyList<int> groups) =>
        [.. Enumerable.Range(0, (int)split.Rows + 1).Select(group => OfGroup(split, groups, group))];

    private static ExplainedShares OfGroup(MatrixView<float> split, IReadOnlyList<int> groups, int group)
    {
        int[] voxels = [.. Enumerable.Range(0, groups.Count).Where(voxel => groups[voxel] == group)];
        double[] means = [.. Enumerable.Range(0, (int)split.Rows).Select(
            space => voxels.Sum(voxel => (double)split[space, voxel]) / Math.Max(1, voxels.Length))];
        return Of(means.Sum(), means);
    }

    /// <summary>The shares of some targets.</summary>
    /// <param name="meanR2">Their mean R2.</param>
    /// <param name="meanSplit">Their mean split R2 of each space.</param>
    public static ExplainedShares Of(double meanR2, IReadOnlyList<double> meanSplit)
    {
        double positive = meanSplit.Sum(mean => Math.Max(0, mean));
        return new(meanR2, [.. meanSplit.Select(mean => positive > 0 ? Math.Max(0, mean) / positive : 0)]);
    }
}
