using VemKernels.Solvers;

namespace VemKernels.Cli.Demo;

/// <summary>Cross-validated R2 against alpha, for groups of voxels.</summary>
/// <param name="Alphas">The grid.</param>
/// <param name="Scores">For each group, the mean over its voxels at each alpha.</param>
internal sealed record AlphaCurve(IReadOnlyList<double> Alphas, IReadOnlyList<double[]> Scores)
{
    /// <summary>Voxels of each group that are looked at: a picture needs no more.</summary>
    private const int VoxelsPerGroup = 120;

    /// <summary>Cross-validates all spaces with equal weights, one alpha at a time.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="features">Prepared training features of all spaces, samples x features.</param>
    /// <param name="responses">Prepared training responses.</param>
    /// <param name="groupOfVoxel">The group of each voxel, 0 to groups - 1.</param>
    /// <param name="groups">How many groups.</param>
    /// <param name="alphas">The grid.</param>
    /// <param name="folds">Splits of the training samples.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static AlphaCurve Compute(
        IBackend backend, MatrixView<float> features, TargetSource<float> responses, ReadOnlySpan<int> groupOfVoxel, int groups,
        IReadOnlyList<double> alphas, IReadOnlyList<Fold> folds, CancellationToken cancellation)
    {
        (int[] voxels, int[] groupOf) = Choose(groupOfVoxel, groups);
        using Matrix<float> chosen = Matrix<float>.Uninitialized(responses.Samples, voxels.Length);
        for (int i = 0; i < voxels.Length; i++)
        {
            responses.Read(voxels[i], chosen.View.SliceColumns(i, 1));
        }

        MatrixTargetSource<float> targets = new(chosen.View);
        double[][] scores = [.. Enumerable.Range(0, groups).Select(_ => new double[alphas.Count])];
        for (int a = 0; a < alphas.Count; a++)
        {
            RandomSearchOptions options = new() { Alphas = [alphas[a]], Score = ScoreKind.R2, Weights = WeightKind.None };
            using RandomSearchResult<float> result = RidgeCV.Solve(
                backend, features, targets, folds, options, cancellation: cancellation);
            for (int i = 0; i < voxels.Length; i++)
            {
                scores[groupOf[i]][a] += result.CvScores[0, i] / groupOf.Count(group => group == groupOf[i]);
            }
        }

        return new(alphas, scores);
    }

    /// <summary>The first voxels of each group.</summary>
    private static (int[] Voxels, int[] GroupOf) Choose(ReadOnlySpan<int> groupOfVoxel, int groups)
    {
        List<int> voxels = [];
        List<int> groupOf = [];
        int[] counts = new int[groups];
        for (int voxel = 0; voxel < groupOfVoxel.Length; voxel++)
        {
            int group = groupOfVoxel[voxel];
            if (counts[group]++ < VoxelsPerGroup)
            {
                voxels.Add(voxel);
                groupOf.Add(group);
            }
        }

        return ([.. voxels], [.. groupOf]);
    }
}
