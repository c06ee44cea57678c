using System.Numerics;

namespace VemKernels.Solvers.Tests.RandomSearch;

/// <summary>
/// Cross-validation from one factorisation against each fold solved by itself: every way, score, kind of split and
/// alpha.
/// </summary>
[TestFixtureSource(typeof(SolverBackends), nameof(SolverBackends.WithElementTypes))]
internal sealed class CrossValidationTests<T>(SolverBackend backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double TieSlope = 1e-10;

    private IBackend _backend = null!;

    private static double Tolerance => typeof(T) == typeof(float) ? 3e-5 : 1e-8;

    [SetUp]
    public void Start() => _backend = backend.Create();

    [TearDown]
    public void Stop() => _backend.Dispose();

    [Test]
    public void Every_way_gives_the_scores_of_folds_solved_one_by_one(
        [Values(CrossValidationWay.Automatic, CrossValidationWay.Triangular, CrossValidationWay.Resolution, CrossValidationWay.Residual)] CrossValidationWay way,
        [Values] ScoreKind kind, [Values] bool intercept, [Values(10, 60)] int features)
    {
        bool cannot = (way == CrossValidationWay.Triangular && kind != ScoreKind.NegativeSquaredError)
            || (way == CrossValidationWay.Residual && kind == ScoreKind.Correlation && intercept);
        if (cannot)
        {
            Assert.Pass("This way does not serve this score; that it says so is another test.");
        }

        using SmallProblem<T> problem = new(seed: 1, samples: 41, targets: 7, [features, 5]);
        Fold[] folds = CrossValidationSplits.KFold(41, 4);
        Check(problem, folds, [1e-2, 0.7, 30, 1e4], kind, intercept, way, fromFeatures: true, Tolerance);
        Check(problem, folds, [1e-2, 0.7, 30, 1e4], kind, intercept, way, fromFeatures: false, Tolerance);
    }

    [Test]
    public void Cholesky_gives_the_scores_of_folds_solved_one_by_one(
        [Values(CrossValidationWay.Automatic, CrossValidationWay.Triangular, CrossValidationWay.Resolution)] CrossValidationWay way,
        [Values] ScoreKind kind, [Values] bool intercept, [Values(10, 60)] int features)
    {
        if (way == CrossValidationWay.Triangular && kind != ScoreKind.NegativeSquaredError)
        {
            Assert.Pass("This way does not serve this score.");
        }

        using SmallProblem<T> problem = new(seed: 1, samples: 41, targets: 7, [features, 5]);
        Check(
            problem, CrossValidationSplits.KFold(41, 4), [1e-2, 0.7, 30, 1e4, 1e9], kind, intercept, way, fromFeatures: false,
            Tolerance, Factoring.Cholesky);
    }

    [Test]
    public void Cholesky_and_eigenvalues_give_the_same_weights(
        [Values(WeightKind.Dual, WeightKind.Primal)] WeightKind weights, [Values] bool intercept, [Values] bool indefinite)
    {
        using SmallProblem<T> problem = new(seed: 6, samples: 30, targets: 9, [40, 12]);
        for (int i = 0; i < 30 && indefinite; i++)
        {
            problem.Kernels[1][i, i] -= T.CreateTruncating(2);
        }

        using Matrix<double> gammas = Matrix<double>.From(2, 2, [0.5, 0.5, 0.9, 0.1]);
        RandomSearchResult<T> Solve(Factoring factoring) => MultipleKernelRidge.Solve(
            _backend, problem.KernelViews, problem.Targets, gammas.View, CrossValidationSplits.KFold(30, 5),
            new() { Alphas = [1, 10, 100], FitIntercept = intercept, Weights = weights, Factoring = factoring },
            problem.FeatureViews);
        using RandomSearchResult<T> byEigenvalues = Solve(Factoring.Eigenvalues);
        using RandomSearchResult<T> byCholesky = Solve(Factoring.Cholesky);
        Assert.That(byCholesky.BestCandidates, Is.EqualTo(byEigenvalues.BestCandidates));
        MatrixView<T> expected = byEigenvalues.Weights!.View;
        for (nint i = 0; i < expected.Rows; i++)
        {
            for (nint j = 0; j < expected.Columns; j++)
            {
                Assert.That(
                    double.CreateTruncating(byCholesky.Weights![i, j]),
                    Is.EqualTo(double.CreateTruncating(expected[i, j])).Within(10 * Tolerance), $"({i}, {j})");
            }
        }
    }

    [Test]
    public void Cholesky_does_not_serve_the_residual_way()
    {
        using SmallProblem<T> problem = new(seed: 6, samples: 20, targets: 2, [5]);
        using Matrix<double> one = Matrix<double>.From(1, 1, [1.0]);
        Assert.That(
            () => MultipleKernelRidge.Solve(
                _backend, problem.KernelViews, problem.Targets, one.View, CrossValidationSplits.KFold(20, 4),
                new() { Way = CrossValidationWay.Residual, Factoring = Factoring.Cholesky }),
            Throws.ArgumentException.With.Message.Contain("Cholesky"));
    }

    [Test]
    public void Any_splits_are_right(
        [Values("shuffled", "gapped", "overlapping", "bootstrap", "large", "leave one out")] string splits,
        [Values] ScoreKind kind, [Values] bool intercept)
    {
        if (splits == "leave one out" && kind != ScoreKind.NegativeSquaredError)
        {
            Assert.Pass("One sample has neither an r2 nor a correlation.");
        }

        const int Samples = 33;
        using SmallProblem<T> problem = new(seed: 2, Samples, targets: 5, [12, 40]);
        int[] all = [.. Enumerable.Range(0, Samples)];
        Fold[] folds = splits switch
        {
            "shuffled" => CrossValidationSplits.ShuffledKFold(Samples, 3, seed: 5),
            "gapped" =>
                [new([.. all[..12], .. all[20..]], all[14..18], Samples), new([.. all[..22]], all[24..], Samples)],
            "overlapping" => [new([.. all[..25]], all[20..], Samples), new([.. all[8..]], all[..12], Samples)],
            "bootstrap" => [new([.. all[..20], .. all[5..15]], all[20..], Samples), new([.. all[10..], .. all[10..]], all[..10], Samples)],
            "large" => [new(all[..11], all[11..], Samples), new(all[20..], all[..20], Samples)],
            _ => CrossValidationSplits.KFold(Samples, Samples),
        };
        Check(
            problem, folds, [0.1, 3, 100], kind, intercept, CrossValidationWay.Automatic, fromFeatures: false,
            Tolerance);
        Check(
            problem, folds, [0.1, 3, 100], kind, intercept, CrossValidationWay.Automatic, fromFeatures: true,
            Tolerance);
    }

    [Test]
    public void Scores_keep_their_digits_at_every_alpha([Values] ScoreKind kind, [Values] bool intercept)
    {
        // Full rank and rank-deficient kernels, alphas from a millionth of the smallest eigenvalue to 1e10.
        foreach (int features in (int[])[9, 50])
        {
            using SmallProblem<T> problem = new(seed: 3, samples: 36, targets: 5, [features]);
            Fold[] folds = CrossValidationSplits.KFold(36, 6);
            double[] alphas = [1e-5, 1e-3, 1, 1e3, 1e6, 1e10];
            double tolerance = typeof(T) == typeof(float) ? 2e-4 : 1e-6;
            Check(problem, folds, alphas, kind, intercept, CrossValidationWay.Automatic, fromFeatures: true, tolerance);
        }
    }

    [Test]
    public void Means_far_from_zero_do_not_cost_digits_with_an_intercept([Values] ScoreKind kind)
    {
        using SmallProblem<T> problem = new(seed: 4, samples: 30, targets: 4, [6, 7], offset: 20);
        Check(
            problem, CrossValidationSplits.KFold(30, 5), [1, 100], kind, intercept: true, CrossValidationWay.Automatic,
            fromFeatures: true, 20 * Tolerance);
    }

    [Test]
    public void An_indefinite_kernel_forbids_alphas_under_twice_its_lowest_eigenvalue()
    {
        using SmallProblem<T> problem = new(seed: 5, samples: 24, targets: 3, [30]);
        Matrix<T> K = problem.Kernels[0];
        for (int i = 0; i < 24; i++)
        {
            K[i, i] -= T.CreateTruncating(12);
        }

        using Matrix<double> one = Matrix<double>.From(1, 1, [1.0]);
        using RandomSearchResult<T> forbidden = MultipleKernelRidge.Solve(
            _backend, [K.View], problem.Targets, one.View, CrossValidationSplits.KFold(24, 4),
            new() { Alphas = [1, 2] });
        using RandomSearchResult<T> allowed = MultipleKernelRidge.Solve(
            _backend, [K.View], problem.Targets, one.View, CrossValidationSplits.KFold(24, 4),
            new() { Alphas = [1, 2, 1000] });
        for (int j = 0; j < 3; j++)
        {
            Assert.That(double.CreateTruncating(forbidden.CvScores[0, j]), Is.EqualTo(-1e5).Within(1e-2));
            Assert.That(double.CreateTruncating(allowed.BestAlphas[0, j]), Is.EqualTo(1000));
            Assert.That(double.CreateTruncating(allowed.CvScores[0, j]), Is.GreaterThan(-100));
        }
    }

    [Test]
    public void An_indefinite_kernel_is_scored_as_it_is_at_the_alphas_it_allows([Values] ScoreKind kind)
    {
        using SmallProblem<T> problem = new(seed: 8, samples: 24, targets: 3, [30]);
        for (int i = 0; i < 24; i++)
        {
            problem.Kernels[0][i, i] -= T.CreateTruncating(12);
        }

        Check(
            problem, CrossValidationSplits.KFold(24, 4), [100, 1e4], kind, intercept: false,
            CrossValidationWay.Automatic,
            fromFeatures: false, 10 * Tolerance);
    }

    [Test]
    public void A_conservative_choice_takes_the_deviation_of_the_best_alpha_whichever_alphas_are_forbidden()
    {
        using SmallProblem<T> problem = new(seed: 5, samples: 24, targets: 12, [30]);
        for (int i = 0; i < 24; i++)
        {
            problem.Kernels[0][i, i] -= T.CreateTruncating(12);
        }

        RandomSearchResult<T> Choose(double[] alphas) => KernelRidgeCV.Solve(
            _backend, problem.Kernels[0].View, problem.Targets, CrossValidationSplits.KFold(24, 4),
            new() { Alphas = alphas, Conservative = true });
        using RandomSearchResult<T> all = Choose([1, 2, 40, 80, 1e7]);
        using RandomSearchResult<T> allowed = Choose([40, 80, 1e7]);
        int moved = 0;
        for (int j = 0; j < 12; j++)
        {
            Assert.That(all.BestAlphas[0, j], Is.EqualTo(allowed.BestAlphas[0, j]));
            Assert.That(all.CvScores[0, j], Is.EqualTo(allowed.CvScores[0, j]));
            moved += all.BestAlphas[0, j] > T.CreateTruncating(40) ? 1 : 0;
        }

        Assert.That(moved, Is.Positive, "choices that the deviation moved");
    }

    [Test]
    public void A_gamma_of_zero_leaves_its_space_out([Values] bool fromFeatures, [Values] bool intercept)
    {
        using SmallProblem<T> problem = new(seed: 9, samples: 30, targets: 5, [8, 7], offset: intercept ? 2 : 0);
        using Matrix<double> gammas = Matrix<double>.From(1, 2, [1, 0]);
        Fold[] folds = CrossValidationSplits.KFold(30, 5);
        RandomSearchOptions options = new() { Alphas = [0.1, 10], FitIntercept = intercept };
        using RandomSearchResult<T> both = fromFeatures
            ? BandedRidge.Solve(
                _backend, problem.FeatureViews, problem.Targets, gammas.View, folds,
                options with { Weights = WeightKind.Primal })
            : MultipleKernelRidge.Solve(_backend, problem.KernelViews, problem.Targets, gammas.View, folds, options);
        using RandomSearchResult<T> alone = fromFeatures
            ? RidgeCV.Solve(
                _backend, problem.Features[0].View, problem.Targets, folds,
                options with { Weights = WeightKind.Primal })
            : KernelRidgeCV.Solve(_backend, problem.Kernels[0].View, problem.Targets, folds, options);
        for (int j = 0; j < 5; j++)
        {
            Assert.That(
                double.CreateTruncating(both.CvScores[0, j]),
                Is.EqualTo(double.CreateTruncating(alone.CvScores[0, j])).Within(10 * Tolerance));
            Assert.That(both.BestAlphas[0, j], Is.EqualTo(alone.BestAlphas[0, j]));
            Assert.That(T.IsNegativeInfinity(both.Deltas[1, j]));
            for (nint i = 0; i < both.Weights!.Rows; i++)
            {
                double expected = i < alone.Weights!.Rows ? double.CreateTruncating(alone.Weights[i, j]) : 0;
                Assert.That(
                    double.CreateTruncating(both.Weights[i, j]), Is.EqualTo(expected).Within(10 * Tolerance),
                    $"weight {i}");
            }
        }
    }

    [Test]
    public void Correlations_far_above_the_largest_eigenvalue_are_those_of_the_kernel_itself(
        [Values] bool intercept, [Values] bool fromFeatures)
    {
        using SmallProblem<T> problem = new(seed: 10, samples: 30, targets: 5, [8], offset: intercept ? 2 : 0);
        Fold[] folds = CrossValidationSplits.KFold(30, 5);
        double[,,] expected = PlainCrossValidation.Scores(
            problem.Kernel([1], fromFeatures), problem.Responses(), folds, [1e9], ScoreKind.Correlation, intercept);
        foreach (double alpha in (double[])[1e9, 1e20, 1e30])
        {
            using Matrix<double> one = One();
            using RandomSearchResult<T> fit = Fit(
                problem, one, folds, [alpha], ScoreKind.Correlation, intercept, CrossValidationWay.Automatic,
                fromFeatures);
            for (int t = 0; t < 5; t++)
            {
                double mean = Enumerable.Range(0, folds.Length).Average(f => expected[f, 0, t]);
                Assert.That(
                    double.CreateTruncating(fit.CvScores[0, t]) - (TieSlope * Math.Log(alpha)),
                    Is.EqualTo(mean).Within(Math.Max(Tolerance, 1e-6)),
                    $"alpha {alpha}");
            }
        }
    }

    [Test]
    public void A_constant_target_scores_zero_by_r2_and_correlation(
        [Values(ScoreKind.R2, ScoreKind.Correlation)] ScoreKind kind)
    {
        using SmallProblem<T> problem = new(seed: 6, samples: 30, targets: 3, [8]);
        problem.Y.View.SliceColumns(1, 1).Fill(T.CreateTruncating(2.5));
        using RandomSearchResult<T> fit = BandedRidge.Solve(
            _backend, problem.FeatureViews, problem.Targets, One().View, CrossValidationSplits.KFold(30, 5),
            new() { Alphas = [1, 10], Score = kind, FitIntercept = true });
        Assert.That(double.CreateTruncating(fit.CvScores[0, 1]), Is.EqualTo(0).Within(1e-9));
        Assert.That(
            double.CreateTruncating(fit.BestAlphas[0, 1]), Is.EqualTo(10), "of equal scores the larger alpha wins");
    }

    [Test]
    public void A_way_that_does_not_serve_says_so()
    {
        using SmallProblem<T> problem = new(seed: 7, samples: 20, targets: 3, [8]);
        Assert.That(
            () => BandedRidge.Solve(
                _backend, problem.FeatureViews, problem.Targets, One().View, CrossValidationSplits.KFold(20, 4),
                new() { Score = ScoreKind.R2, Way = CrossValidationWay.Triangular }),
            Throws.ArgumentException.With.Message.Contains("triangular"));
    }

    private static Matrix<double> One() => Matrix<double>.From(1, 1, [1.0]);

    /// <summary>
    /// One fit an alpha, so that every alpha's score is seen, and one with all, so that the choice is.
    /// </summary>
    private void Check(
        SmallProblem<T> problem, Fold[] folds, double[] alphas, ScoreKind kind, bool intercept, CrossValidationWay way,
        bool fromFeatures,
        double tolerance, Factoring factoring = Factoring.Eigenvalues)
    {
        double[] gamma = problem.Features.Length == 1 ? [1] : [0.75, 0.25];
        using Matrix<double> gammas = Matrix<double>.From(1, gamma.Length, gamma);
        double[,,] expected = PlainCrossValidation.Scores(
            problem.Kernel(gamma, fromFeatures), problem.Responses(), folds, alphas, kind, intercept);
        double[,] means = new double[alphas.Length, problem.Y.Columns];
        for (int a = 0; a < alphas.Length; a++)
        {
            using RandomSearchResult<T> fit = Fit(
                problem, gammas, folds, [alphas[a]], kind, intercept, way, fromFeatures, factoring);
            for (int t = 0; t < problem.Y.Columns; t++)
            {
                for (int f = 0; f < folds.Length; f++)
                {
                    means[a, t] += expected[f, a, t] / folds.Length;
                }

                Assert.That(
                    double.CreateTruncating(fit.CvScores[0, t]),
                    Is.EqualTo(means[a, t] + (TieSlope * Math.Log(alphas[a]))).Within(tolerance * Math.Max(1, Math.Abs(means[a, t]))),
                    $"alpha {alphas[a]}, target {t}, from {(fromFeatures ? "features" : "kernels")}");
            }
        }

        using RandomSearchResult<T> all = Fit(problem, gammas, folds, alphas, kind, intercept, way, fromFeatures, factoring);
        for (int t = 0; t < problem.Y.Columns; t++)
        {
            double best = Enumerable.Range(0, alphas.Length).Max(a => means[a, t]);
            int chosen = Array.FindIndex(
                alphas, alpha => Math.Abs(alpha - double.CreateTruncating(all.BestAlphas[0, t])) < 1e-3 * alpha);
            Assert.That(means[chosen, t], Is.EqualTo(best).Within(tolerance * Math.Max(1, Math.Abs(best))));
        }
    }

    private RandomSearchResult<T> Fit(
        SmallProblem<T> problem, Matrix<double> gammas, Fold[] folds, double[] alphas, ScoreKind kind, bool intercept,
        CrossValidationWay way,
        bool fromFeatures, Factoring factoring = Factoring.Eigenvalues)
    {
        RandomSearchOptions options = new()
        {
            Alphas = alphas, Score = kind, FitIntercept = intercept, Way = way, Weights = WeightKind.None,
            Factoring = factoring,
        };
        return fromFeatures
            ? BandedRidge.Solve(_backend, problem.FeatureViews, problem.Targets, gammas.View, folds, options)
            : MultipleKernelRidge.Solve(_backend, problem.KernelViews, problem.Targets, gammas.View, folds, options);
    }
}
