using System.Numerics;
using VemKernels.Simd;

namespace VemKernels.Solvers.Tests.RandomSearch;

/// <summary>Each target's best alpha by contenders, against every alpha evaluated by itself on every target.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed class ContenderTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Samples = 48;
    private const int Targets = 640;

    private static readonly double[] Wide = [.. Enumerable.Range(0, 20).Select(i => Math.Pow(10, -5 + (i * 15.0 / 19)))];
    private static readonly double[] Narrow = [.. Enumerable.Range(0, 13).Select(i => Math.Pow(10, i * 0.4))];

    /// <summary>One after the other, with repeats: order and ties must not matter.</summary>
    private static readonly double[] Unordered = [100, 0.1, 1e4, 10, 1, 100, 1e3, 1e-3, 1e6, 10];

    private static double Tolerance => typeof(T) == typeof(float) ? 2e-5 : 1e-9;

    private static IEnumerable<double[]> Grids => [Wide, Narrow, Unordered];

    [Test]
    public void The_best_alpha_is_the_best_of_all(
        [ValueSource(nameof(Grids))] double[] alphas, [Values] ScoreKind kind, [Values(20, 70)] int features,
        [Values(0.0, 1.0, 30.0)] double noise)
    {
        using SmallProblem<T> problem = new(seed: 3, Samples, Targets, [features], noise: noise);
        Compare(problem, Options(alphas) with { Score = kind });
    }

    [Test]
    public void Every_way_finds_it(
        [Values(CrossValidationWay.Triangular, CrossValidationWay.Residual, CrossValidationWay.Resolution)] CrossValidationWay way,
        [Values] bool intercept)
    {
        using SmallProblem<T> problem = new(seed: 5, Samples, Targets, [30], offset: 1);
        Compare(problem, Options(Wide) with { Way = way, FitIntercept = intercept });
    }

    /// <summary>Large alphas too, whose scores follow from the limit that predicts nothing.</summary>
    [Test]
    public void Scattered_folds_of_unequal_sizes_find_it([Values(0.0, 30.0)] double noise, [Values] bool intercept)
    {
        using SmallProblem<T> problem = new(seed: 8, Samples, Targets, [30], noise: noise);
        int[] order = [.. Enumerable.Range(0, Samples).OrderBy(i => i * 7919 % Samples)];
        int[] ends = [0, Samples / 6, Samples / 2, Samples];
        Fold[] folds = [.. Enumerable.Range(0, 3).Select(f => new Fold(
            [.. order.Where((_, i) => i < ends[f] || i >= ends[f + 1])], order[ends[f]..ends[f + 1]], Samples))];
        double[] alphas = [.. Enumerable.Range(-2, 14).Select(i => Math.Pow(10, i))];
        Compare(problem, Options(alphas) with { FitIntercept = intercept }, folds);
    }

    [Test]
    public void Cholesky_factors_find_it(
        [Values] ScoreKind kind, [Values] bool intercept, [Values(20, 70)] int features)
    {
        using SmallProblem<T> problem = new(seed: 5, Samples, Targets, [features], offset: 1);
        Compare(problem, Options(Narrow) with { Score = kind, FitIntercept = intercept, Factoring = Factoring.Cholesky });
    }

    [Test]
    public void Unlike_targets_are_found_among_noise([Values] ScoreKind kind)
    {
        using SmallProblem<T> problem = new(seed: 6, Samples, Targets, [30], noise: 20);
        for (int i = 0; i < Samples; i++)
        {
            T clean = problem.Features[0][i, 0] + problem.Features[0][i, 3];
            problem.Y[i, 20] = clean; // Not in the sample: its blocks of 16 begin at multiples of about 125.
            problem.Y[i, 100] = clean;
            problem.Y[i, 101] = T.Zero;
            problem.Y[i, 102] = T.CreateTruncating(3);
            problem.Y[i, 103] = T.CreateTruncating(1e-6) * clean;
            problem.Y[i, 104] = problem.Y[i, 300];
            problem.Y[i, 0] = T.Zero;
        }

        using RandomSearchResult<T> fit = Compare(problem, Options(Wide) with { Score = kind });
        Assert.That(fit.BestAlphas[0, 104], Is.EqualTo(fit.BestAlphas[0, 300]), "the same target twice");
        Assert.That(fit.CvScores[0, 104], Is.EqualTo(fit.CvScores[0, 300]).Within(1e-5 * Math.Abs(double.CreateTruncating(fit.CvScores[0, 300]))));
    }

    [Test]
    public void The_bits_do_not_depend_on_threads()
    {
        using SmallProblem<T> problem = new(seed: 7, Samples, Targets, [30, 20]);
        using Matrix<double> gammas = DirichletSamples.Generate(5, 2, [1.0], 0);
        using SimdBackend one = new(threads: 1);
        using SimdBackend three = new(threads: 3);
        using RandomSearchResult<T> expected = Solve(one);
        using RandomSearchResult<T> found = Solve(three);
        for (int j = 0; j < Targets; j++)
        {
            Assert.That(found.BestAlphas[0, j], Is.EqualTo(expected.BestAlphas[0, j]));
            for (int c = 0; c < 5; c++)
            {
                Assert.That(found.CvScores[c, j], Is.EqualTo(expected.CvScores[c, j]));
            }
        }

        RandomSearchResult<T> Solve(IBackend backend) => MultipleKernelRidge.Solve(
            backend, problem.KernelViews, problem.Targets, gammas.View, CrossValidationSplits.KFold(Samples, 4), Options(Wide));
    }

    private static RandomSearchOptions Options(double[] alphas) => new() { Alphas = alphas, Weights = WeightKind.None };

    /// <summary>The fit, after comparing it with one fit an alpha, from eigenvalues.</summary>
    private static RandomSearchResult<T> Compare(SmallProblem<T> problem, RandomSearchOptions options, Fold[]? splits = null)
    {
        using SimdBackend backend = new();
        Fold[] folds = splits ?? CrossValidationSplits.KFold(Samples, 4);
        RandomSearchResult<T> fit = KernelRidgeCV.Solve(backend, problem.Kernels[0].View, problem.Targets, folds, options);
        double[][] scores = [.. options.Alphas.Select(alpha =>
        {
            using RandomSearchResult<T> single = KernelRidgeCV.Solve(
                backend, problem.Kernels[0].View, problem.Targets, folds,
                options with { Alphas = [alpha], Factoring = Factoring.Eigenvalues });
            return Enumerable.Range(0, Targets).Select(j => double.CreateTruncating(single.CvScores[0, j])).ToArray();
        })];
        for (int j = 0; j < Targets; j++)
        {
            double best = scores.Max(alpha => alpha[j]);
            double chosen = double.CreateTruncating(fit.BestAlphas[0, j]);
            int index = Array.FindIndex([.. options.Alphas], alpha => Math.Abs(alpha - chosen) < 1e-3 * alpha);

            // A target that is fitted all but exactly has rounding of the size of its own squares, not of what is left:
            // in float three epsilons.
            double within = Tolerance * (options.Score == ScoreKind.NegativeSquaredError
                ? Math.Abs(best) + (1e-2 * Math.Abs(scores[^1][j]))
                : Math.Max(1, Math.Abs(best)));
            Assert.That(
                double.CreateTruncating(fit.CvScores[0, j]), Is.EqualTo(best).Within(within), $"score of target {j}");
            Assert.That(scores[index][j], Is.EqualTo(best).Within(within), $"alpha {chosen} of target {j}");
        }

        return fit;
    }
}
