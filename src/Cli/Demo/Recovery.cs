using VemKernels.Solvers;

namespace VemKernels.Cli.Demo;

/// <summary>How well a fit found what drives a group of voxels.</summary>
/// <param name="Name">The space, or noise.</param>
/// <param name="Driven">Voxels that it drives.</param>
/// <param name="Best">Voxels that it explains best (for noise: that nothing explains).</param>
/// <param name="Found">Voxels that it drives and explains best.</param>
internal sealed record SpaceRecovery(string Name, int Driven, int Best, int Found)
{
    /// <summary>A space counts as recovered if so many of its voxels are found.</summary>
    private const double RecoveredShare = 0.9;

    /// <summary>Share of the driven voxels that are found.</summary>
    public double FoundShare => Driven == 0 ? 1 : (double)Found / Driven;

    /// <summary>Whether the fit found it.</summary>
    public bool IsRecovered => FoundShare >= RecoveredShare;
}

/// <summary>Compares what a fit explains with what was simulated.</summary>
/// <param name="Spaces">The spaces in order, then noise.</param>
/// <param name="Threshold">The test correlation above which a voxel counts as explained.</param>
internal sealed record Recovery(IReadOnlyList<SpaceRecovery> Spaces, double Threshold)
{
    /// <summary>Quantile of the normal distribution: one voxel of noise in a thousand is taken for explained.</summary>
    private const double OneInThousand = 3.09;

    /// <summary>
    /// Tells for each voxel which space explains most of its variance on the test samples, if its test correlation is
    /// significant. (The noise is white, so that the correlation of n samples has standard deviation 1 / sqrt(n) under
    /// the null hypothesis.)
    /// </summary>
    /// <param name="split">R2 split over spaces, spaces x voxels.</param>
    /// <param name="correlation">Test correlation of each voxel.</param>
    /// <param name="truth">The space that drives each voxel.</param>
    /// <param name="names">The spaces.</param>
    /// <param name="testSamples">How many samples were tested.</param>
    public static Recovery Of(
        MatrixView<float> split, ReadOnlySpan<float> correlation, ReadOnlySpan<int> truth, IReadOnlyList<string> names,
        int testSamples)
    {
        double threshold = OneInThousand / Math.Sqrt(testSamples);
        int noise = names.Count;
        int[] driven = new int[names.Count + 1];
        int[] best = new int[names.Count + 1];
        int[] found = new int[names.Count + 1];
        for (int voxel = 0; voxel < truth.Length; voxel++)
        {
            int actual = truth[voxel] == Simulation.NoiseOnly ? noise : truth[voxel];
            int explained = correlation[voxel] > threshold ? Largest(split, voxel) : noise;
            driven[actual]++;
            best[explained]++;
            found[actual] += actual == explained ? 1 : 0;
        }

        return new(
            [.. names.Append(DemoData.Noise).Select(
                (name, i) => new SpaceRecovery(name, driven[i], best[i], found[i]))], threshold);
    }

    private static int Largest(MatrixView<float> split, int voxel)
    {
        int largest = 0;
        for (int space = 1; space < split.Rows; space++)
        {
            largest = split[space, voxel] > split[largest, voxel] ? space : largest;
        }

        return largest;
    }
}
