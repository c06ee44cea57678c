using System.Numerics;

namespace VemKernels.Solvers.Tests.RandomSearch;

/// <summary>The random search as a whole: weights, budgets, progress, cancellation, refusals.</summary>
[TestFixtureSource(typeof(SolverBackends), nameof(SolverBackends.WithElementTypes))]
internal sealed class SearchTests<T>(SolverBackend backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Samples = 40;

    private static readonly double[] Alphas = [0.1, 1, 10, 100, 1000];

    private IBackend _backend = null!;

    private static double Tolerance => typeof(T) == typeof(float) ? 1e-4 : 1e-9;

    private static Fold[] Folds => CrossValidationSplits.KFold(Samples, 4);

    [SetUp]
    public void Start() => _backend = backend.Create();

    [TearDown]
    public void Stop() => _backend.Dispose();

    [Test]
    public void Primal_and_dual_weights_predict_the_same([Values] bool intercept, [Values(6, 30)] int features)
    {
        using SmallProblem<T> problem = new(
            seed: 11, Samples, targets: 9, [features, features + 3], offset: intercept ? 3 : 0);
        using Matrix<double> gammas = DirichletSamples.Generate(5, 2, [1.0], 3);
        RandomSearchOptions options = new() { Alphas = Alphas, FitIntercept = intercept };
        using RandomSearchResult<T> dual = BandedRidge.Solve(
            _backend, problem.FeatureViews, problem.Targets, gammas.View, Folds,
            options with { Weights = WeightKind.Dual });
        using RandomSearchResult<T> primal = BandedRidge.Solve(
            _backend, problem.FeatureViews, problem.Targets, gammas.View, Folds,
            options with { Weights = WeightKind.Primal });
        using SmallProblem<T> fresh = new(
            seed: 12, samples: 13, targets: 9, [features, features + 3], offset: intercept ? 3 : 0);
        Matrix<T>[] kernels =
        [
            .. Enumerable.Range(0, 2).Select(
                i => Predictions.LinearKernel(_backend, fresh.Features[i].View, problem.Features[i].View)),
        ];
        using Matrix<T> fromDual = new(13, 9);
        Predictions.Predict(
            _backend, [.. kernels.Select(k => k.View)], dual.Weights!.View, dual.Deltas.View, dual.Intercept?.View,
            fromDual.View);
        for (int i = 0; i < 13; i++)
        {
            for (int j = 0; j < 9; j++)
            {
                double expected = intercept ? double.CreateTruncating(primal.Intercept![0, j]) : 0;
                nint row = 0;
                foreach (Matrix<T> X in fresh.Features)
                {
                    for (int k = 0; k < X.Columns; k++)
                    {
                        expected += double.CreateTruncating(X[i, k]) * double.CreateTruncating(primal.Weights![row++, j]);
                    }
                }

                Assert.That(
                    double.CreateTruncating(fromDual[i, j]), Is.EqualTo(expected).Within(100 * Tolerance),
                    $"({i}, {j})");
            }
        }

        foreach (Matrix<T> kernel in kernels)
        {
            kernel.Dispose();
        }
    }

    [Test]
    public void Dual_weights_solve_the_regularised_system()
    {
        using SmallProblem<T> problem = new(seed: 13, Samples, targets: 6, [20, 30]);
        using Matrix<double> gammas = Matrix<double>.From(2, 2, [0.5, 0.5, 0.9, 0.1]);
        using RandomSearchResult<T> fit = MultipleKernelRidge.Solve(
            _backend, problem.KernelViews, problem.Targets, gammas.View, Folds, new() { Alphas = Alphas });
        for (int t = 0; t < 6; t++)
        {
            double alpha = double.CreateTruncating(fit.BestAlphas[0, t]);
            int candidate = fit.BestCandidates[t];
            double[,] system = problem.Kernel([gammas[candidate, 0], gammas[candidate, 1]], fromFeatures: false);
            for (int i = 0; i < Samples; i++)
            {
                system[i, i] += alpha;
            }

            double[] expected = PlainCrossValidation.Solve(
                system, [.. Enumerable.Range(0, Samples).Select(i => double.CreateTruncating(problem.Y[i, t]))]);
            for (int i = 0; i < Samples; i++)
            {
                Assert.That(
                    double.CreateTruncating(fit.Weights![i, t]), Is.EqualTo(alpha * expected[i]).Within(Tolerance));
            }
        }
    }

    [Test]
    public void A_small_budget_streams_small_tiles_and_changes_nothing_but_rounding()
    {
        using SmallProblem<T> problem = new(seed: 14, Samples, targets: 500, [20, 30]);
        using Matrix<double> gammas = DirichletSamples.Generate(4, 2, [1.0], 5);
        RandomSearchOptions options = new() { Alphas = Alphas, FitIntercept = true, CheckFinite = false };
        using RandomSearchResult<T> roomy = BandedRidge.Solve(
            _backend, problem.FeatureViews, new HiddenSource(problem.Y.View), gammas.View, Folds, options);
        MemoryBudgetException refused = Assert.Throws<MemoryBudgetException>(() => BandedRidge.Solve(
            _backend, problem.FeatureViews, new HiddenSource(problem.Y.View), gammas.View, Folds,
            options with { Memory = new(1000) }))!;
        HiddenSource streamed = new(problem.Y.View);
        using RandomSearchResult<T> tight = BandedRidge.Solve(
            _backend, problem.FeatureViews, streamed, gammas.View, Folds,
            options with { Memory = new(refused.NeededBytes) });
        Assert.That(streamed.LargestTile, Is.LessThanOrEqualTo(64));
        for (int j = 0; j < 500; j++)
        {
            for (int c = 0; c < 4; c++)
            {
                Assert.That(
                    double.CreateTruncating(tight.CvScores[c, j]),
                    Is.EqualTo(double.CreateTruncating(roomy.CvScores[c, j])).Within(Tolerance));
            }

            if (roomy.BestCandidates[j] == tight.BestCandidates[j] && roomy.BestAlphas[0, j] == tight.BestAlphas[0, j])
            {
                Assert.That(
                    double.CreateTruncating(tight.Weights![7, j]),
                    Is.EqualTo(double.CreateTruncating(roomy.Weights![7, j])).Within(Tolerance));
            }
        }
    }

    [Test]
    public void The_caller_may_force_features_or_kernels(
        [Values(6, 30)] int features, [Values] bool intercept, [Values] WeightKind weights)
    {
        using SmallProblem<T> problem = new(
            seed: 23, Samples, targets: 9, [features, features + 3], offset: intercept ? 1 : 0);
        using Matrix<double> gammas = DirichletSamples.Generate(3, 2, [1.0], 3);
        RandomSearchOptions options = new() { Alphas = Alphas, FitIntercept = intercept, Weights = weights };
        using RandomSearchResult<T> byFeatures = BandedRidge.Solve(
            _backend, problem.FeatureViews, problem.Targets, gammas.View, Folds,
            options with { Space = SearchSpace.Features });
        using RandomSearchResult<T> byKernels = BandedRidge.Solve(
            _backend, problem.FeatureViews, problem.Targets, gammas.View, Folds,
            options with { Space = SearchSpace.Kernels });
        Assert.That(
            byFeatures.Timings.Select(stage => stage.Key), Does.Contain("Gram matrix").And.Not.Contain("kernels"));
        Assert.That(
            byKernels.Timings.Select(stage => stage.Key), Does.Contain("kernels").And.Not.Contain("Gram matrix"));
        for (int j = 0; j < 9; j++)
        {
            for (int c = 0; c < 3; c++)
            {
                double score = double.CreateTruncating(byKernels.CvScores[c, j]);
                Assert.That(
                    double.CreateTruncating(byFeatures.CvScores[c, j]),
                    Is.EqualTo(score).Within(Tolerance * Math.Max(1, Math.Abs(score))));
            }

            Assert.That(byFeatures.BestAlphas[0, j], Is.EqualTo(byKernels.BestAlphas[0, j]));
            for (nint i = 0; i < (byKernels.Weights?.Rows ?? 0); i++)
            {
                Assert.That(
                    double.CreateTruncating(byFeatures.Weights![i, j]),
                    Is.EqualTo(double.CreateTruncating(byKernels.Weights![i, j])).Within(10 * Tolerance),
                    $"weight {i} of target {j}");
            }
        }

        Assert.That(
            () => MultipleKernelRidge.Solve(
                _backend, problem.KernelViews, problem.Targets, gammas.View, Folds,
                new() { Space = SearchSpace.Features }),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("options"));
    }

    [Test]
    public void Features_of_more_columns_than_samples_serve_tiny_alphas()
    {
        using SmallProblem<T> problem = new(seed: 24, samples: 20, targets: 4, [30]);
        Fold[] folds = CrossValidationSplits.KFold(20, 4);
        foreach (double alpha in (double[])[1e-7, 1e-3])
        {
            RandomSearchOptions options = new() { Alphas = [alpha] };
            using RandomSearchResult<T> byFeatures = RidgeCV.Solve(
                _backend, problem.Features[0].View, problem.Targets, folds,
                options with { Space = SearchSpace.Features });
            using RandomSearchResult<T> byKernels = RidgeCV.Solve(
                _backend, problem.Features[0].View, problem.Targets, folds,
                options with { Space = SearchSpace.Kernels });
            for (int j = 0; j < 4; j++)
            {
                double score = double.CreateTruncating(byKernels.CvScores[0, j]);
                Assert.That(
                    double.CreateTruncating(byFeatures.CvScores[0, j]),
                    Is.EqualTo(score).Within(100 * Tolerance * Math.Max(1, Math.Abs(score))), $"alpha {alpha}");
            }
        }
    }

    [Test]
    public void A_decomposition_by_svd_budgets_its_own_memory()
    {
        using SmallProblem<T> problem = new(seed: 25, Samples, targets: 9, [30]);
        long Needed(Diagonalization by) => Assert.Throws<MemoryBudgetException>(() => KernelRidgeCV.Solve(
            _backend, problem.Kernels[0].View, problem.Targets, Folds,
            new() { Alphas = Alphas, Diagonalization = by, Memory = new(1000) }).Dispose())!.NeededBytes;
        Assert.That(
            Needed(Diagonalization.Svd) - Needed(Diagonalization.Eigenvalues),
            Is.GreaterThanOrEqualTo(2 * Samples * Samples * sizeof(double)));
    }

    [Test]
    public void A_linear_kernel_stops_when_it_is_cancelled()
    {
        using SmallProblem<T> problem = new(seed: 26, Samples, targets: 2, [30]);
        MatrixView<T> X = problem.Features[0].View;
        Assert.That(
            () => Predictions.LinearKernel(_backend, X, X, new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());
        AssertNothingLeft();
    }

    [Test]
    public void A_score_of_the_callers_own_sees_predictions_without_the_intercept([Values] bool intercept)
    {
        const int Many = 2100;
        using SmallProblem<T> problem = new(seed: 27, samples: 12, Many, [5, 4], offset: intercept ? 2 : 0);
        using Matrix<T> offset = new(1, Many);
        offset.View.Fill(T.CreateTruncating(intercept ? 2 : 0));
        using Matrix<T> deltas = new(2, 1);
        using Matrix<T> predictions = new(12, Many);
        Predictions.Predict(_backend, problem.KernelViews, problem.Y.View, deltas.View, offset.View, predictions.View);
        using Matrix<double> scores = Predictions.Score(
            _backend, problem.KernelViews, problem.Y.View, deltas.View, intercept ? offset.View : null, problem.Targets,
            (truth, predicted, values) =>
            {
                for (int j = 0; j < values.Length; j++)
                {
                    values[j] = truth[3, j] - predicted[3, j];
                }
            });
        for (int j = 0; j < Many; j++)
        {
            double expected = double.CreateTruncating(problem.Y[3, j]) - double.CreateTruncating(predictions[3, j]);
            Assert.That(scores[0, j], Is.EqualTo(expected).Within(Tolerance * (1 + Math.Abs(expected))));
        }

        InvalidTimeZoneException thrown = new("the caller's own");
        Assert.That(
            () => Predictions.Score(
                _backend, problem.KernelViews, problem.Y.View, deltas.View, null, problem.Targets,
                (_, _, _) => throw thrown),
            Throws.Exception.SameAs(thrown));
        AssertNothingLeft();
    }

    [Test]
    public void Progress_rises_to_one_and_stages_are_timed()
    {
        using SmallProblem<T> problem = new(seed: 15, Samples, targets: 30, [20]);
        List<FitProgress> reports = [];
        using RandomSearchResult<T> fit = RidgeCV.Solve(
            _backend, problem.Features[0].View, problem.Targets, Folds, new() { Alphas = Alphas },
            progress: new Recorder(reports.Add));
        Assert.That(reports.Select(report => report.Fraction), Is.Ordered);
        Assert.That(reports[^1].Fraction, Is.EqualTo(1));
        Assert.That(reports.Count, Is.GreaterThan(5));
        Assert.That(
            fit.Timings.Select(stage => stage.Key),
            Does.Contain("factorisation").And.Contain("cross-validation").And.Contain("refit"));
    }

    [Test]
    public void Cancellation_stops_before_the_next_tile_and_frees_everything([Values(1, 3, 6)] int reports)
    {
        using SmallProblem<T> problem = new(seed: 16, Samples, targets: 30, [20]);
        using CancellationTokenSource source = new();
        int seen = 0;
        Recorder progress = new(_ =>
        {
            if (++seen == reports)
            {
                source.Cancel();
            }
        });
        Assert.That(
            () => RidgeCV.Solve(
                _backend, problem.Features[0].View, problem.Targets, Folds, new() { Alphas = Alphas }, null, progress,
                source.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(seen, Is.EqualTo(reports), "work that was reported after the cancellation");
        AssertNothingLeft();
    }

    [Test]
    public void A_fit_frees_all_device_memory()
    {
        using SmallProblem<T> problem = new(seed: 17, Samples, targets: 30, [20, 12]);
        using Matrix<double> gammas = DirichletSamples.Generate(3, 2, [1.0], 5);
        foreach (ScoreKind kind in Enum.GetValues<ScoreKind>())
        {
            using RandomSearchResult<T> fit = BandedRidge.Solve(
                _backend, problem.FeatureViews, problem.Targets, gammas.View, Folds,
                new() { Alphas = Alphas, Score = kind, FitIntercept = true });
            AssertNothingLeft();
        }
    }

    [Test]
    public void A_candidate_of_one_space_leaves_minus_infinity_for_the_other()
    {
        using SmallProblem<T> problem = new(seed: 18, Samples, targets: 5, [10, 10]);
        using Matrix<double> gammas = Matrix<double>.From(2, 2, [1, 0, 0, 1]);
        using RandomSearchResult<T> fit = BandedRidge.Solve(
            _backend, problem.FeatureViews, problem.Targets, gammas.View, Folds, new() { Alphas = Alphas });
        for (int j = 0; j < 5; j++)
        {
            int chosen = fit.BestCandidates[j];
            Assert.That(T.IsNegativeInfinity(fit.Deltas[1 - chosen, j]));
            Assert.That(T.IsFinite(fit.Deltas[chosen, j]));
        }
    }

    [Test]
    public void One_alpha_for_all_shares_the_candidate_among_kernels_and_not_among_features()
    {
        using SmallProblem<T> problem = new(seed: 19, Samples, targets: 40, [10, 10]);
        using Matrix<double> gammas = Matrix<double>.From(2, 2, [1, 0, 0, 1]);
        RandomSearchOptions options = new() { Alphas = Alphas, LocalAlpha = false };
        using RandomSearchResult<T> kernels = MultipleKernelRidge.Solve(
            _backend, problem.KernelViews, problem.Targets, gammas.View, Folds, options);
        using RandomSearchResult<T> features = BandedRidge.Solve(
            _backend, problem.FeatureViews, problem.Targets, gammas.View, Folds, options);
        Assert.That(kernels.BestCandidates.Distinct().Count(), Is.EqualTo(1));
        Assert.That(features.BestCandidates.Distinct().Count(), Is.EqualTo(2));
        foreach (int candidate in new[] { 0, 1 })
        {
            Assert.That(
                Enumerable.Range(0, 40).Where(j => features.BestCandidates[j] == candidate).Select(j => features.BestAlphas[0, j]).Distinct().Count(),
                Is.EqualTo(1), "alphas of one candidate");
        }
    }

    [Test]
    public void Bad_arguments_are_named()
    {
        using SmallProblem<T> problem = new(seed: 20, Samples, targets: 3, [4, 5]);
        using Matrix<double> gammas = Matrix<double>.From(1, 2, [0.5, 0.5]);
        using Matrix<double> narrow = Matrix<double>.From(1, 1, [1.0]);
        using Matrix<double> negative = Matrix<double>.From(1, 2, [1.5, -0.5]);
        using Matrix<T> empty = new(Samples, 0);
        using Matrix<T> shorter = new(Samples - 1, 2);
        void Throws(string part, Action call) =>
            Assert.That(call, NUnit.Framework.Throws.ArgumentException.With.Message.Contains(part));
        void Fit(RandomSearchOptions? options = null, Matrix<double>? candidates = null, IReadOnlyList<MatrixView<T>>? features = null, Fold[]? folds = null) =>
            BandedRidge.Solve(
                _backend, features ?? problem.FeatureViews, problem.Targets, (candidates ?? gammas).View,
                folds ?? Folds, options ?? new()).Dispose();
        Throws("alpha", () => Fit(new() { Alphas = [1, 0] }));
        Throws("alpha", () => Fit(new() { Alphas = [double.NaN] }));
        Throws("No alpha", () => Fit(new() { Alphas = [] }));
        Throws("gammas", () => Fit(candidates: narrow));
        Throws("gammas", () => Fit(candidates: negative));
        Throws("features[1]", () => Fit(features: [problem.Features[0].View, empty.View]));
        Throws("features[1]", () => Fit(features: [problem.Features[0].View, shorter.View]));
        Throws("split", () => Fit(folds: []));
        Throws("split", () => Fit(folds: CrossValidationSplits.KFold(Samples - 1, 3)));
        Throws("Conservative", () => Fit(new() { Conservative = true, LocalAlpha = false }));
        Throws("kernels[0]", () => MultipleKernelRidge.Solve(
            _backend, [problem.Features[0].View], problem.Targets, narrow.View, Folds, new()).Dispose());
        problem.Kernels[0][3, 5] += T.One;
        Throws("not symmetric", () => MultipleKernelRidge.Solve(
            _backend, [problem.Kernels[0].View], problem.Targets, narrow.View, Folds, new()).Dispose());
        problem.Y[4, 2] = T.NaN;
        Throws("NaN", () => Fit());
        AssertNothingLeft();
    }

    [Test]
    public void Scores_without_predictions_kept_equal_scores_of_predictions()
    {
        using SmallProblem<T> problem = new(seed: 21, Samples, targets: 12, [10, 7]);
        using SmallProblem<T> fresh = new(seed: 22, samples: 21, targets: 12, [10, 7]);
        using Matrix<double> gammas = DirichletSamples.Generate(3, 2, [1.0], 5);
        using RandomSearchResult<T> fit = BandedRidge.Solve(
            _backend, problem.FeatureViews, problem.Targets, gammas.View, Folds, new() { Alphas = Alphas });
        Matrix<T>[] kernels =
        [
            .. Enumerable.Range(0, 2).Select(
                i => Predictions.LinearKernel(_backend, fresh.Features[i].View, problem.Features[i].View)),
        ];
        MatrixView<T>[] views = [.. kernels.Select(k => k.View)];
        using Matrix<T> predictions = new(21, 12);
        Predictions.Predict(_backend, views, fit.Weights!.View, fit.Deltas.View, null, predictions.View);
        using TestScores<T> scores = Predictions.Score(
            _backend, views, fit.Weights!.View, fit.Deltas.View, fresh.Targets);
        using Matrix<T> r2 = Scores.Of(_backend, ScoreKind.R2, fresh.Y.View, predictions.View);
        using Matrix<T> correlation = Scores.Of(_backend, ScoreKind.Correlation, fresh.Y.View, predictions.View);
        for (int j = 0; j < 12; j++)
        {
            Assert.That(
                double.CreateTruncating(scores.R2[0, j]),
                Is.EqualTo(double.CreateTruncating(r2[0, j])).Within(Tolerance));
            Assert.That(
                double.CreateTruncating(scores.Correlation[0, j]),
                Is.EqualTo(double.CreateTruncating(correlation[0, j])).Within(Tolerance));
            double error = 0;
            double squares = 0;
            for (int i = 0; i < 21; i++)
            {
                double y = double.CreateTruncating(fresh.Y[i, j]);
                error += Math.Pow(y - double.CreateTruncating(predictions[i, j]), 2);
                squares += y * y;
            }

            double sum = double.CreateTruncating(scores.R2Split[0, j] + scores.R2Split[1, j]);
            Assert.That(
                sum, Is.EqualTo(1 - (error / squares)).Within(Tolerance * 10), "split scores add up to the joint one");
        }

        foreach (Matrix<T> kernel in kernels)
        {
            kernel.Dispose();
        }
    }

    private void AssertNothingLeft()
    {
        if (_backend is Reference.ReferenceBackend reference)
        {
            Assert.That(reference.LiveMatrices, Is.Zero, "matrices left on the device");
        }
    }

    private sealed class Recorder(Action<FitProgress> record) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => record(value);
    }

    /// <summary>Responses that cannot be adopted: they are only to be had by tiles.</summary>
    private sealed class HiddenSource(MatrixView<T> view) : TargetSource<T>
    {
        public int LargestTile { get; private set; }

        public override nint Samples => view.Rows;

        public override nint Targets => view.Columns;

        protected override void ReadTile(nint first, MatrixView<T> tile)
        {
            LargestTile = Math.Max(LargestTile, (int)tile.Columns);
            view.SliceColumns(first, tile.Columns).CopyTo(tile);
        }
    }
}
