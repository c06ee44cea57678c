using VemKernels.Data;

namespace VemKernels.Cli.Tests;

/// <summary>The line of the README on real fMRI, against the results of the field's reference implementation.</summary>
public sealed class HaxbyTests
{
    private const string Folder = "data/haxby2001";

    [TestCase("float32", 2e-6, 1e-4)]
    [TestCase("float64", 1e-6, 1e-8)]
    public void One_line_gives_what_the_reference_gives(
        string dtype, double scoreTolerance, double correlationTolerance)
    {
        string data = SharedData.Require(Folder);
        using TemporaryFolder folder = new();
        Vem.Succeed(
            "fit", "--features", $"category={InData("samples.tsv")}:category", "--features",
            $"motion={InData("motion.tsv")}",
            "--responses", InData("bold.nii.gz"), "--mask", InData("mask.nii.gz"), "--runs",
            $"{InData("samples.tsv")}:run",
            "--train-runs", "1-10", "--test-runs", "11,12", "--delays", "category=1,2,3,4", "--zscore-runs",
            "--baseline", "rest",
            "--dtype", dtype, "--out", folder["out"]);

        using NpzFile reference = NpzFile.Open(InData("reference.npz"));
        using Matrix<double> gammas = Reference("gammas");
        using Matrix<double> scores = Reference("cv_scores");
        using Matrix<double> alphas = Reference("best_alphas");
        using Matrix<double> correlations = Reference("test_correlation");
        using Matrix<double> referenceDeltas = Reference("deltas");
        using Matrix<double> ownDeltas = Own("deltas");
        using Matrix<double> ownAlphas = Own("best_alphas");
        using Matrix<double> ownCorrelations = Own("test_correlation");
        Assert.That(ownDeltas.Columns, Is.EqualTo(scores.Columns));

        Assert.Multiple(() =>
        {
            int same = 0;
            for (nint voxel = 0; voxel < scores.Columns; voxel++)
            {
                int chosen = Candidate(gammas, ownDeltas, ownAlphas, voxel);
                double best = Enumerable.Range(0, (int)scores.Rows).Max(candidate => scores[candidate, voxel]);
                Assert.That(
                    scores[chosen, voxel], Is.GreaterThanOrEqualTo(best - scoreTolerance), $"score of voxel {voxel}");
                if (chosen == Candidate(gammas, referenceDeltas, alphas, voxel))
                {
                    same++;
                    Assert.That(ownAlphas[voxel, 0], Is.EqualTo(alphas[voxel, 0]).Within(1e-4).Percent,
                        $"alpha of voxel {voxel}");
                    Assert.That(
                        ownCorrelations[voxel, 0], Is.EqualTo(correlations[voxel, 0]).Within(correlationTolerance),
                        $"correlation of voxel {voxel}");
                }
            }

            TestContext.Out.WriteLine($"{dtype}: the same candidate in {same} of {scores.Columns} voxels");
            Assert.That(same, Is.GreaterThan(0.9 * scores.Columns));
        });

        string InData(string file) => Path.Combine(data, file);

        Matrix<double> Own(string name) => NpyFile.Read<double>(Path.Combine(folder["out"], $"{name}.npy"));

        Matrix<double> Reference(string name)
        {
            using NpyArray array = reference[name];
            return array.ToMatrix<double>();
        }
    }

    /// <summary>The candidate whose weights gamma = exp(delta) alpha are nearest.</summary>
    private static int Candidate(Matrix<double> gammas, Matrix<double> deltas, Matrix<double> alphas, nint voxel) =>
        Enumerable.Range(0, (int)gammas.Rows).MinBy(candidate => Enumerable.Range(0, (int)gammas.Columns).Sum(
            space => Math.Abs(gammas[candidate, space] - (Math.Exp(deltas[space, voxel]) * alphas[voxel, 0]))));
}
