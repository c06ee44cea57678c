using VemKernels.Simd;
using VemKernels.Solvers.RandomSearch;

namespace VemKernels.Solvers.Tests.RandomSearch;

/// <summary>Redundant alphas: interpolation from a skeleton.</summary>
internal sealed class AlphaSkeletonTests
{
    /// <summary>
    /// Scores as cross-validation makes them: for each target a positive mixture of (alpha / (lambda + alpha))^2.
    /// </summary>
    private static double[,] Scores(int targets, double[] alphas, int seed)
    {
        Random random = new(seed);
        double[] lambdas = [.. Enumerable.Range(0, 60).Select(i => Math.Pow(10, (i * 0.1) - 1))];
        double[,] scores = new double[targets, alphas.Length];
        for (int t = 0; t < targets; t++)
        {
            foreach (double lambda in lambdas)
            {
                double weight = random.NextDouble() * random.NextDouble();
                for (int a = 0; a < alphas.Length; a++)
                {
                    scores[t, a] -= weight * Math.Pow(alphas[a] / (lambda + alphas[a]), 2);
                }
            }
        }

        return scores;
    }

    [Test]
    public void A_fine_grid_needs_few_alphas_and_others_are_interpolated_within_tolerance()
    {
        double[] alphas = [.. Enumerable.Range(0, 49).Select(i => Math.Pow(10, (i * 0.125) - 2))];
        AlphaSkeleton skeleton = AlphaSkeleton.Choose(Scores(400, alphas, 1), 1e-7);
        Assert.That(skeleton.Skeleton, Has.Length.LessThan(40).And.Length.GreaterThan(4));
        Assert.That(
            skeleton.Error(Scores(300, alphas, 2)), Is.LessThan(1e-6), "on targets that the choice has not seen");
    }

    [Test]
    public void Equal_columns_need_one_alpha()
    {
        double[,] scores = new double[10, 4];
        for (int i = 0; i < 10; i++)
        {
            for (int j = 0; j < 4; j++)
            {
                scores[i, j] = (i + 1) * (j + 2.0);
            }
        }

        AlphaSkeleton skeleton = AlphaSkeleton.Choose(scores, 1e-7);
        Assert.That(skeleton.Skeleton, Has.Length.EqualTo(1));
        Assert.That(skeleton.Error(scores), Is.LessThan(1e-14));
    }

    [Test]
    public void Independent_columns_need_all()
    {
        Random random = new(3);
        double[,] scores = new double[50, 6];
        for (int i = 0; i < 50; i++)
        {
            for (int j = 0; j < 6; j++)
            {
                scores[i, j] = random.NextDouble();
            }
        }

        Assert.That(AlphaSkeleton.Choose(scores, 1e-7).Skeleton, Has.Length.EqualTo(6));
    }

    [Test]
    public void Alphas_that_took_no_part_stand_for_themselves()
    {
        double[,] scores = { { 1, 2 }, { 2, 4 }, { 3, 6 } };
        AlphaSkeleton skeleton = AlphaSkeleton.Choose(scores, 1e-7).Among([1, 3], 4);
        Assert.That(skeleton.Skeleton, Has.Length.EqualTo(3).And.Contains(0).And.Contains(2));
        double[,] full = { { 5, 1, 7, 2 }, { 6, 2, 8, 4 } };
        Assert.That(skeleton.Error(full), Is.LessThan(1e-14));
    }

    [Test]
    public void A_search_with_interpolated_alphas_finds_what_the_full_grid_finds([Values(30, 150)] int features)
    {
        const int Targets = 3500;
        using SmallProblem<float> problem = new(seed: 8, samples: 90, Targets, [features]);
        double[] alphas = [.. Enumerable.Range(0, 20).Select(i => Math.Pow(10, (i * 0.5) - 3))];
        using SimdBackend backend = new();
        RandomSearchOptions options = new() { Alphas = alphas, Weights = WeightKind.None };
        Fold[] folds = CrossValidationSplits.KFold(90, 5);
        using RandomSearchResult<float> interpolated =
            RidgeCV.Solve(backend, problem.Features[0].View, problem.Targets, folds, options);
        using RandomSearchResult<float> full = RidgeCV.Solve(
            backend, problem.Features[0].View, problem.Targets, folds, options with { RedundantAlphaTolerance = 0 });
        int differing = 0;
        for (int j = 0; j < Targets; j++)
        {
            Assert.That(
                interpolated.CvScores[0, j],
                Is.EqualTo(full.CvScores[0, j]).Within(3e-6 * Math.Abs(full.CvScores[0, j])), $"target {j}");
            differing += interpolated.BestAlphas[0, j] == full.BestAlphas[0, j] ? 0 : 1;
        }

        Assert.That(differing, Is.LessThan(Targets / 100), "targets that choose another alpha: ties only");
    }
}
