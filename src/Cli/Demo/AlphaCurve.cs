using VemKernels.Solvers;

namespace VemKernels.Cli.Demo;

/// <summary>Cross-validated R2 against alpha, for groups of voxels.</summary>
/// <param name="Alphas">The grid.</param>
/// <param name="Scores">For each group, the mean over its voxels at each alpha.</param>
internal sealed record AlphaCurve(IReadOnlyList<double> Alphas, IReadOnlyList<double[]> Scores)
{
    /// <summary>Voxels of each group that are looked at: a picture needs no more.</summary>
    private const int VoxelsPerGroup = 120;

    /// <summary>Cross-validates ridge regression on each group's features, one alpha at a time.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="features">For each group, prepared training features, samples x features.</param>
    /// <param name="responses">Prepared training responses.</param>
    /// <param name="groupOfVoxel">The group of each voxel.</param>
    /// <param name="alphas">The grid.</param>
    /// <param name="folds">Splits of the training samples.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static AlphaCurve Compute(
        IBackend backend, IReadOnlyList<MatrixView<float>> features, TargetSource<float> responses,
        IReadOnlyList<int> groupOfVoxel,
        IReadOnlyList<double> alphas, IReadOnlyList<Fold> folds, CancellationToken cancellation)
    {
        List<double[]> scores = [];
        for (int group = 0; group < features.Count; group++)
        {
            int[] voxels = [.. Enumerable.Range(0, groupOfVoxel.Count).Where(
                voxel => groupOfVoxel[voxel] == group).Take(VoxelsPerGroup)];
            using Matrix<float> chosen = Matrix<float>.Uninitialized(responses.Samples, voxels.Length);
            for (int i = 0; i < voxels.Length; i++)
            {
                responses.Read(voxels[i], chosen.View.SliceColumns(i, 1));
            }

            MatrixTargetSource<float> targets = new(chosen.View);
            scores.Add(
                [.. alphas.Select(alpha => MeanScore(backend, features[group], targets, alpha, folds, cancellation))]);
        }

        return new(alphas, scores);
    }

    private static double MeanScore(
        IBackend backend, MatrixView<float> features, TargetSource<float> targets, double alpha,
        IReadOnlyList<Fold> folds,
        CancellationToken cancellation)
    {
        RandomSearchOptions options = new() { Alphas = [alpha], Score = ScoreKind.R2, Weights = WeightKind.None };
        using RandomSearchResult<float> result = RidgeCV.Solve(
            backend, features, targets, folds, options, cancellation: cancellation);
        double sum = 0;
        foreach (float score in result.CvScores.View.RowSpan(0))
        {
            sum += score;
        }

        return sum / targets.Targets;
    }
}
