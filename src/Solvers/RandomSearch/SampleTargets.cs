namespace VemKernels.Solvers.RandomSearch;

/// <summary>
/// A sample spread over all targets, in blocks, on which redundancy of alphas is judged: neighbouring voxels are
/// alike, and the first ones
/// of a brain are at its edge.
/// </summary>
/// <param name="Targets">The targets; those to judge on come first.</param>
/// <param name="Judged">How many there are to judge on; the rest checks.</param>
internal readonly record struct SampleTargets(int[] Targets, int Judged)
{
    /// <summary>One block in so many is for checking.</summary>
    private const int CheckEvery = 3;

    /// <summary>Spreads a sample of about the size wanted; its blocks are a cache line or more.</summary>
    public static SampleTargets Spread(int targets, int wanted, int block)
    {
        int blocks = wanted / block / CheckEvery * CheckEvery;
        List<int> judged = [];
        List<int> check = [];
        for (int b = 0; b < blocks; b++)
        {
            int first = (int)((long)b * (targets - block) / (blocks - 1));
            (b % CheckEvery == CheckEvery - 1 ? check : judged).AddRange(Enumerable.Range(first, block));
        }

        return new SampleTargets([.. judged, .. check], judged.Count);
    }
}
