using System.Numerics;

namespace VemKernels.Solvers.Tests.RandomSearch;

/// <summary>
/// A caller's own score in cross-validation: the built-in scores written again give the built-in results; what else it
/// is promised.
/// </summary>
[TestFixtureSource(typeof(SolverBackends), nameof(SolverBackends.WithElementTypes))]
internal sealed class CustomScoreTests<T>(SolverBackend backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Samples = 30;

    private const int Targets = 7;

    private static readonly double[] Alphas = [1e-2, 1, 50, 1e4];

    private IBackend _backend = null!;

    private static double Tolerance => typeof(T) == typeof(float) ? 3e-5 : 1e-9;

    [SetUp]
    public void Start() => _backend = backend.Create();

    [TearDown]
    public void Stop() => _backend.Dispose();

    [Test]
    public void A_score_written_again_gives_the_same_choice_in_every_way(
        [Values(ScoreKind.R2, ScoreKind.Correlation, ScoreKind.NegativeSquaredError)] ScoreKind kind,
        [Values(CrossValidationWay.Automatic, CrossValidationWay.Resolution, CrossValidationWay.Residual)] CrossValidationWay way,
        [Values] bool intercept, [Values(8, 50)] int features)
    {
        if (way == CrossValidationWay.Residual && intercept)
        {
            Assert.Pass("This way does not serve predictions with an intercept; that it says so is another test.");
        }

        using SmallProblem<T> problem = new(seed: 31, Samples, Targets, [features, 5], offset: intercept ? 2 : 0);
        Fold[] folds = CrossValidationSplits.KFold(Samples, 4);
        RandomSearchOptions options = new() { Alphas = Alphas, Way = way, FitIntercept = intercept };
        RequireSame(problem, folds, options, kind);
    }

    [Test]
    public void Any_splits_serve(
        [Values("shuffled", "overlapping", "bootstrap", "large", "mixed")] string splits, [Values] bool intercept)
    {
        using SmallProblem<T> problem = new(seed: 32, Samples, Targets, [12, 40], offset: intercept ? 2 : 0);
        int[] all = [.. Enumerable.Range(0, Samples)];
        Fold[] folds = splits switch
        {
            "shuffled" => CrossValidationSplits.ShuffledKFold(Samples, 3, seed: 5),
            "overlapping" => [new([.. all[..22]], all[18..], Samples), new([.. all[8..]], all[..12], Samples)],
            "bootstrap" => [new([.. all[..20], .. all[5..15]], all[20..], Samples), new([.. all[10..], .. all[10..]], all[..10], Samples)],
            "large" => [new(all[..11], all[11..], Samples), new(all[20..], all[..20], Samples)],
            _ => [new(all[..20], all[20..], Samples), new([.. all[10..], .. all[10..]], all[..10], Samples)],
        };
        RandomSearchOptions options = new() { Alphas = Alphas, FitIntercept = intercept };
        RequireSame(problem, folds, options, ScoreKind.R2);
        RequireSame(problem, folds, options, ScoreKind.Correlation);
    }

    [Test]
    public void Shared_alphas_conservative_choices_and_jitter_serve()
    {
        using SmallProblem<T> problem = new(seed: 33, Samples, Targets, [12, 40]);
        Fold[] folds = CrossValidationSplits.KFold(Samples, 4);
        RequireSame(problem, folds, new() { Alphas = Alphas, LocalAlpha = false }, ScoreKind.R2);
        RequireSame(problem, folds, new() { Alphas = Alphas, Conservative = true }, ScoreKind.R2);
        RequireSame(problem, folds, new() { Alphas = Alphas, JitterAlphas = true, Seed = 3 }, ScoreKind.Correlation);
    }

    [Test]
    public void Predictions_at_alphas_far_above_the_largest_eigenvalue_keep_their_digits(
        [Values] bool intercept, [Values(8, 50)] int features)
    {
        using SmallProblem<T> problem = new(seed: 34, Samples, Targets, [features], offset: intercept ? 5 : 0);
        Fold[] folds = CrossValidationSplits.KFold(Samples, 4);
        foreach (double alpha in (double[])[1e6, 1e12])
        {
            RequireSame(problem, folds, new() { Alphas = [alpha], FitIntercept = intercept }, ScoreKind.Correlation);
        }

        // They shrink as 1 / alpha, below the limit from which the solver takes that for granted and above it.
        double Size(double alpha)
        {
            double largest = 0;
            using RandomSearchResult<T> fit = Fit(
                problem, folds, new() { Alphas = [alpha], FitIntercept = intercept, CustomScore = Record }, true);
            return largest;

            void Record(MatrixView<double> truth, MatrixView<double> predictions, Span<double> scores)
            {
                scores.Clear();
                for (nint i = 0; i < predictions.Rows; i++)
                {
                    largest = Math.Max(largest, Math.Abs(predictions[i, 0]));
                }
            }
        }

        Assert.That(Size(1e12) * 1e6 / Size(1e6), Is.EqualTo(1).Within(1e-2));
    }

    [Test]
    public void The_score_sees_validation_rows_in_double_on_the_callers_thread([Values] bool intercept)
    {
        using SmallProblem<T> problem = new(seed: 35, Samples, Targets, [6], offset: 4);
        Fold[] folds = CrossValidationSplits.KFold(Samples, 3);
        double[,] Y = problem.Responses();
        int thread = Environment.CurrentManagedThreadId;
        int calls = 0;
        int running = 0;
        CustomScore check = (truth, predictions, scores) =>
        {
            Assert.That(Interlocked.Increment(ref running), Is.EqualTo(1));
            Assert.That(Environment.CurrentManagedThreadId, Is.EqualTo(thread));
            Assert.That(
                (truth.Columns, predictions.Rows, predictions.Columns, scores.Length),
                Is.EqualTo(((nint)Targets, truth.Rows, (nint)Targets, Targets)));
            bool isAFold = folds.Any(fold => Matches(fold, truth, Y, intercept));
            Assert.That(isAFold, "responses of a fold's validation rows");
            scores.Clear();
            calls++;
            running--;
        };
        using RandomSearchResult<T> fit = Fit(
            problem, folds, new() { Alphas = Alphas, FitIntercept = intercept, CustomScore = check }, false);
        Assert.That(calls, Is.EqualTo(folds.Length * Alphas.Length));
    }

    [Test]
    public void What_the_score_throws_comes_out_unchanged_and_nothing_is_written()
    {
        using SmallProblem<T> problem = new(seed: 36, Samples, Targets, [6]);
        using Matrix<T> weights = new(Samples, Targets);
        weights.View.Fill(T.CreateTruncating(7));
        InvalidTimeZoneException thrown = new("the caller's own");
        int calls = 0;
        RandomSearchOptions options = new() { Alphas = Alphas, CustomScore = (_, _, scores) => Third(scores) };
        Assert.That(
            () => KernelRidgeCV.Solve(
                _backend, problem.Kernels[0].View, problem.Targets, CrossValidationSplits.KFold(Samples, 3), options,
                weights.View),
            Throws.Exception.SameAs(thrown));
        Assert.That(
            Enumerable.Range(0, Samples).SelectMany(i => weights.View.RowSpan(i).ToArray()),
            Is.All.EqualTo(T.CreateTruncating(7)));
        if (_backend is Reference.ReferenceBackend reference)
        {
            Assert.That(reference.LiveMatrices, Is.Zero, "matrices left on the device");
        }

        void Third(Span<double> scores)
        {
            scores.Clear();
            if (++calls == 3)
            {
                throw thrown;
            }
        }
    }

    [Test]
    public void A_score_that_is_not_finite_or_not_written_makes_its_alpha_unusable([Values] bool conservative)
    {
        using SmallProblem<T> problem = new(seed: 37, Samples, targets: 3, [6]);
        Fold[] folds = CrossValidationSplits.KFold(Samples, 3);

        // Target 0: NaN at the smallest alpha, which would win otherwise, in one fold. Target 1: never written. Target
        // 2: infinite always.
        int call = 0;
        CustomScore score = (truth, predictions, scores) =>
        {
            int alpha = call++ / folds.Length;
            scores[0] = alpha == 0 && call == 2 ? double.NaN : -alpha;
            scores[2] = double.PositiveInfinity;
        };
        using RandomSearchResult<T> fit = Fit(
            problem, folds, new() { Alphas = Alphas, CustomScore = score, Conservative = conservative },
            fromFeatures: false);
        Assert.That(double.CreateTruncating(fit.BestAlphas[0, 0]), Is.EqualTo(conservative ? Alphas[^1] : Alphas[1]));
        for (int j = 1; j < 3; j++)
        {
            Assert.That(double.CreateTruncating(fit.CvScores[0, j]), Is.EqualTo(-1e5).Within(1e-2));
            Assert.That(
                double.CreateTruncating(fit.BestAlphas[0, j]), Is.EqualTo(Alphas[^1]),
                "of equal scores the larger alpha wins");
        }
    }

    [Test]
    public void Every_alpha_is_evaluated_however_many_targets_there_are_and_tiles_stay_small()
    {
        const int Many = 3200;
        const int Few = 12;
        double[] alphas = [0.1, 1, 10, 100, 1000, 1e4];
        using SmallProblem<T> problem = new(seed: 38, Few, Many, [4]);
        Fold[] folds = CrossValidationSplits.KFold(Few, 2);
        long evaluated = 0;
        int widest = 0;
        CustomScore score = (truth, predictions, scores) =>
        {
            evaluated += scores.Length;
            widest = Math.Max(widest, scores.Length);
            for (int j = 0; j < scores.Length; j++)
            {
                // How many signs are right: not smooth in alpha.
                scores[j] = 0;
                for (nint i = 0; i < truth.Rows; i++)
                {
                    scores[j] += Math.Sign(truth[i, j]) == Math.Sign(predictions[i, j]) ? 1 : 0;
                }
            }
        };
        RandomSearchOptions options = new() { Alphas = alphas, CustomScore = score, Weights = WeightKind.None };
        MemoryBudgetException refused = Assert.Throws<MemoryBudgetException>(
            () => Fit(problem, folds, options with { Memory = new(1000) }, fromFeatures: false).Dispose())!;
        using RandomSearchResult<T> tight = Fit(
            problem, folds, options with { Memory = new(refused.NeededBytes) }, fromFeatures: false);
        Assert.That(widest, Is.LessThanOrEqualTo(64));
        Assert.That(evaluated, Is.EqualTo((long)Many * alphas.Length * folds.Length));
        using RandomSearchResult<T> roomy = Fit(problem, folds, options, fromFeatures: false);
        Assert.That(widest, Is.EqualTo(Math.Min(Many, _backend.Info.PreferredTile)));
        Assert.That(Same(tight.CvScores, roomy.CvScores), Is.GreaterThan(0.99 * Many), "targets of the same score");
    }

    [Test]
    public void Ways_that_cannot_serve_say_so()
    {
        using SmallProblem<T> problem = new(seed: 39, Samples, Targets, [6]);
        CustomScore none = (_, _, scores) => scores.Clear();
        void Refuses(RandomSearchOptions options) => Assert.That(
            () => Fit(problem, CrossValidationSplits.KFold(Samples, 3), options, fromFeatures: true),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("options"));
        Refuses(new() { CustomScore = none, Way = CrossValidationWay.Triangular });
        Refuses(new() { CustomScore = none, Way = CrossValidationWay.Residual, FitIntercept = true });
    }

    [Test]
    public void The_hyper_gradient_reports_it([Values] bool intercept)
    {
        using SmallProblem<T> problem = new(seed: 40, Samples, Targets, [6, 9], offset: intercept ? 2 : 0);
        Fold[] folds = CrossValidationSplits.KFold(Samples, 3);
        HyperGradientOptions options =
            new() { MaxIterations = 3, FitIntercept = intercept, Score = ScoreKind.R2, Seed = 1 };
        using HyperGradientResult<T> expected = HyperGradientDescent.Solve(
            _backend, problem.KernelViews, problem.Targets, folds, options);
        using HyperGradientResult<T> actual = HyperGradientDescent.Solve(
            _backend, problem.KernelViews, problem.Targets, folds,
            options with { Score = ScoreKind.Correlation, CustomScore = Again(ScoreKind.R2) });
        RequireClose(actual.CvScores, expected.CvScores, "scores");
        RequireClose(actual.Deltas, expected.Deltas, "deltas");
    }

    private static CustomScore Again(ScoreKind kind) => (truth, predictions, scores) =>
    {
        for (int j = 0; j < scores.Length; j++)
        {
            int column = j;
            double[] y = [.. Enumerable.Range(0, (int)truth.Rows).Select(i => truth[i, column])];
            double[] p = [.. Enumerable.Range(0, (int)truth.Rows).Select(i => predictions[i, column])];
            scores[j] = PlainCrossValidation.Score(kind, y, p);
        }
    };

    private static bool Matches(Fold fold, MatrixView<double> truth, double[,] Y, bool intercept)
    {
        bool same = truth.Rows == fold.Validation.Length;
        for (int j = 0; j < Targets && same; j++)
        {
            double mean = 0;
            foreach (int i in fold.Train)
            {
                mean += intercept ? Y[i, j] / fold.Train.Length : 0;
            }

            for (int v = 0; v < fold.Validation.Length && same; v++)
            {
                same = Math.Abs(truth[v, j] - (Y[fold.Validation[v], j] - mean)) <= (intercept ? Tolerance : 0);
            }
        }

        return same;
    }

    private static int Same(Matrix<T> a, Matrix<T> b) =>
        Enumerable.Range(0, (int)a.Columns).Count(j => a[0, j] == b[0, j]);

    private static void RequireClose(Matrix<T> actual, Matrix<T> expected, string name)
    {
        for (nint i = 0; i < expected.Rows; i++)
        {
            for (nint j = 0; j < expected.Columns; j++)
            {
                double value = double.CreateTruncating(expected[i, j]);
                Assert.That(
                    double.CreateTruncating(actual[i, j]),
                    Is.EqualTo(value).Within(Tolerance * Math.Max(1, Math.Abs(value))),
                    $"{name} ({i}, {j})");
            }
        }
    }

    /// <summary>
    /// Compares a built-in score with the same score as the caller's own: scores of each alpha by itself, and the
    /// choice among all.
    /// </summary>
    private void RequireSame(SmallProblem<T> problem, Fold[] folds, RandomSearchOptions options, ScoreKind kind)
    {
        foreach (bool fromFeatures in (bool[])[true, false])
        {
            foreach (double alpha in options.Alphas)
            {
                RandomSearchOptions one = options with { Alphas = [alpha], Weights = WeightKind.None };
                using RandomSearchResult<T> expected = Fit(problem, folds, one with { Score = kind }, fromFeatures);
                using RandomSearchResult<T> actual = Fit(
                    problem, folds, one with { CustomScore = Again(kind) }, fromFeatures);
                RequireClose(actual.CvScores, expected.CvScores, $"{kind} at {alpha}, from {(fromFeatures ? "features" : "kernels")}");
            }

            using RandomSearchResult<T> allExpected = Fit(problem, folds, options with { Score = kind }, fromFeatures);
            using RandomSearchResult<T> allActual = Fit(
                problem, folds, options with { CustomScore = Again(kind) }, fromFeatures);
            RequireClose(allActual.CvScores, allExpected.CvScores, $"{kind}");
            RequireClose(allActual.BestAlphas, allExpected.BestAlphas, $"alphas by {kind}");
        }
    }

    private RandomSearchResult<T> Fit(
        SmallProblem<T> problem, Fold[] folds, RandomSearchOptions options, bool fromFeatures)
    {
        double[] gamma = problem.Features.Length == 1 ? [1] : [0.75, 0.25];
        using Matrix<double> gammas = Matrix<double>.From(1, gamma.Length, gamma);
        return fromFeatures
            ? BandedRidge.Solve(_backend, problem.FeatureViews, problem.Targets, gammas.View, folds, options)
            : MultipleKernelRidge.Solve(_backend, problem.KernelViews, problem.Targets, gammas.View, folds, options);
    }
}
