using System.Numerics;
using VemKernels.Solvers.HyperGradient;
using VemKernels.Reference;
using VemKernels.Solvers.Tests.RandomSearch;

namespace VemKernels.Solvers.Tests.HyperGradient;

/// <summary>
/// Hyper-gradient descent as a whole: intercept, refinement, weights, budgets, cancellation, refusals.
/// </summary>
[TestFixtureSource(typeof(SolverBackends), nameof(SolverBackends.WithElementTypes))]
internal sealed class HyperGradientDescentTests<T>(SolverBackend backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Samples = 40;

    /// <summary>So tight that the path does not depend on how the linear systems are solved.</summary>
    private static readonly HyperGradientOptions Options = new()
    {
        MaxIterations = 4, Seed = 1, CgTolerances = [typeof(T) == typeof(float) ? 1e-5 : 1e-10],
    };

    private IBackend _backend = null!;

    private static double Tolerance => typeof(T) == typeof(float) ? 2e-3 : 1e-6;

    private static Fold[] Folds => CrossValidationSplits.KFold(Samples, 4);

    [SetUp]
    public void Start() => _backend = backend.Create();

    [TearDown]
    public void Stop() => _backend.Dispose();

    [Test]
    public void Scores_rise()
    {
        using SmallProblem<T> problem = new(seed: 41, Samples, targets: 9, [15, 10, 5], noise: 0.5);
        using HyperGradientResult<T> fit = Fit(problem, Options);
        double first = Enumerable.Range(0, 9).Average(j => double.CreateTruncating(fit.CvScores[0, j]));
        double last = Enumerable.Range(0, 9).Average(
            j => double.CreateTruncating(fit.CvScores[Options.MaxIterations - 1, j]));
        Assert.That(last, Is.GreaterThan(first));
        AssertNothingLeft();
    }

    [Test]
    public void Responses_and_features_may_be_shifted_where_there_is_an_intercept([Values] HyperGradientMethod method)
    {
        using SmallProblem<T> problem = new(seed: 42, Samples, targets: 9, [15, 10]);
        using SmallProblem<T> centred = new(seed: 42, Samples, targets: 9, [15, 10]);
        T shift = T.CreateTruncating(3);
        for (int i = 0; i < Samples; i++)
        {
            for (int j = 0; j < 9; j++)
            {
                problem.Y[i, j] += shift;
            }

            for (int k = 0; k < Samples; k++)
            {
                // As if the features of both samples had been shifted by a vector.
                problem.Kernels[0][i, k] += T.CreateTruncating(2 + (0.1 * (i + k)));
            }
        }

        HyperGradientOptions options = Options with { FitIntercept = true, Method = method, Weights = WeightKind.Dual };
        using HyperGradientResult<T> shifted = Fit(problem, options);
        using HyperGradientResult<T> plain = Fit(centred, options);
        AssertClose(shifted.Deltas, plain.Deltas, "deltas");
        AssertClose(shifted.CvScores, plain.CvScores, "scores");
        AssertClose(shifted.Weights!, plain.Weights!, "dual weights");
        for (int j = 0; j < 9; j++)
        {
            // Predictions of the training samples are what they were, plus the shift of the responses.
            Assert.That(
                Predict(problem, shifted, 5, j), Is.EqualTo(Predict(centred, plain, 5, j) + 3).Within(10 * Tolerance));
        }

        AssertNothingLeft();
    }

    [Test]
    public void Primal_and_dual_weights_predict_the_same([Values] bool intercept)
    {
        using SmallProblem<T> problem = new(seed: 43, Samples, targets: 9, [6, 9], offset: intercept ? 1 : 0);
        HyperGradientOptions options = Options with { FitIntercept = intercept };
        using HyperGradientResult<T> dual = Fit(problem, options with { Weights = WeightKind.Dual });
        using HyperGradientResult<T> primal = Fit(problem, options with { Weights = WeightKind.Primal });
        for (int j = 0; j < 9; j++)
        {
            double expected = intercept ? double.CreateTruncating(primal.Intercept![0, j]) : 0;
            nint row = 0;
            foreach (Matrix<T> X in problem.Features)
            {
                for (int k = 0; k < X.Columns; k++)
                {
                    expected += double.CreateTruncating(X[7, k] * primal.Weights![row++, j]);
                }
            }

            Assert.That(Predict(problem, dual, 7, j), Is.EqualTo(expected).Within(10 * Tolerance));
        }

        AssertNothingLeft();
    }

    [Test]
    public void Dual_weights_solve_the_regularised_system()
    {
        using SmallProblem<T> problem = new(seed: 44, Samples, targets: 9, [15, 10]);
        using HyperGradientResult<T> fit = Fit(problem, Options with { Weights = WeightKind.Dual });
        for (int j = 0; j < 9; j++)
        {
            for (int i = 0; i < Samples; i++)
            {
                double sum = Predict(problem, fit, i, j) + double.CreateTruncating(fit.Weights![i, j]);
                Assert.That(sum, Is.EqualTo(double.CreateTruncating(problem.Y[i, j])).Within(Tolerance));
            }
        }
    }

    [Test]
    public void A_random_search_is_refined_in_one_call()
    {
        using SmallProblem<T> problem = new(seed: 45, Samples, targets: 9, [15, 10, 5]);
        using Matrix<double> gammas = DirichletSamples.Generate(6, 3, [1.0], 2);
        using RandomSearchResult<T> search = MultipleKernelRidge.Solve(
            _backend, problem.KernelViews, problem.Targets, gammas.View, Folds, new() { Alphas = [1, 10, 100] });
        using HyperGradientResult<T> refined = HyperGradientDescent.Refine(
            _backend, problem.KernelViews, problem.Targets, search, Folds, Options with { Weights = WeightKind.Dual });
        for (int j = 0; j < 9; j++)
        {
            double best = Enumerable.Range(0, 6).Max(c => double.CreateTruncating(search.CvScores[c, j]));
            Assert.That(
                double.CreateTruncating(refined.CvScores[0, j]), Is.EqualTo(best).Within(Tolerance),
                "begins where the search ended");
            Assert.That(
                double.CreateTruncating(refined.CvScores[3, j]), Is.GreaterThanOrEqualTo(best - Tolerance),
                "and does not fall behind");
        }

        AssertNothingLeft();
    }

    [Test]
    public void A_kernel_left_out_stays_out()
    {
        using SmallProblem<T> problem = new(seed: 46, Samples, targets: 5, [10, 10]);
        using Matrix<T> deltas = new(2, 5);
        deltas.View.SliceRows(0, 1).Fill(T.NegativeInfinity);
        using HyperGradientResult<T> fit = HyperGradientDescent.Solve(
            _backend, problem.KernelViews, problem.Targets, Folds, Options, InitialDeltas<T>.Given(deltas.View));
        for (int j = 0; j < 5; j++)
        {
            Assert.That(T.IsNegativeInfinity(fit.Deltas[0, j]));
            Assert.That(T.IsFinite(fit.Deltas[1, j]));
        }
    }

    [Test]
    public void A_small_budget_works_on_small_tiles_and_changes_nothing_but_rounding()
    {
        const int Targets = 150;
        using SmallProblem<T> problem = new(seed: 47, Samples, Targets, [15, 10]);
        HyperGradientOptions options = Options with { MaxIterations = 2, Weights = WeightKind.Dual };
        MemoryBudgetException refused = Assert.Throws<MemoryBudgetException>(
            () => Fit(problem, options with { Memory = new(1000) }))!;
        using HyperGradientResult<T> roomy = Fit(problem, options);
        using HyperGradientResult<T> tight = Fit(problem, options with { Memory = new(refused.NeededBytes) });
        AssertClose(tight.Deltas, roomy.Deltas, "deltas");
        AssertClose(tight.CvScores, roomy.CvScores, "scores");
        AssertClose(tight.Weights!, roomy.Weights!, "weights");
    }

    [Test]
    public void Targets_that_have_converged_keep_their_score()
    {
        using SmallProblem<T> problem = new(seed: 48, Samples, targets: 9, [15, 10]);
        using HyperGradientResult<T> step = Fit(problem, Options with { MaxIterations = 1 });
        double[] moves =
        [
            .. Enumerable.Range(0, 9).Select(
                j => Enumerable.Range(0, 2).Max(i => Math.Abs(double.CreateTruncating(step.Deltas[i, j]) + 1))).Order(),
        ];
        using HyperGradientResult<T> fit = Fit(
            problem,
            Options with { Tolerance = (moves[4] + moves[5]) / 2 / Descent<T>.RetirementShare, MaxIterations = 8 });
        Assert.That(fit.Iterations.Distinct().Count(), Is.GreaterThan(1), "targets stop at different times");
        for (int j = 0; j < 9; j++)
        {
            for (int row = fit.Iterations[j]; row < 8; row++)
            {
                Assert.That(fit.CvScores[row, j], Is.EqualTo(fit.CvScores[fit.Iterations[j] - 1, j]));
            }
        }
    }

    [Test]
    public void Progress_rises_to_one_and_cancellation_stops_at_the_next_fold()
    {
        using SmallProblem<T> problem = new(seed: 49, Samples, targets: 20, [15, 10]);
        List<double> fractions = [];
        using HyperGradientResult<T> fit = Fit(
            problem, Options, new Recorder(report => fractions.Add(report.Fraction)));
        Assert.That(fractions, Is.Ordered);
        Assert.That(fractions[^1], Is.EqualTo(1));
        foreach (int reports in new[] { 1, 5 })
        {
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
                () => Fit(problem, Options, progress, source.Token), Throws.InstanceOf<OperationCanceledException>());
            Assert.That(seen, Is.EqualTo(reports), "work that was reported after the cancellation");
        }

        AssertNothingLeft();
    }

    [Test]
    public void Bad_arguments_are_named()
    {
        using SmallProblem<T> problem = new(seed: 50, Samples, targets: 3, [4, 5]);
        using Matrix<T> narrow = new(2, 2);
        using Matrix<T> infinite = new(2, 3);
        infinite.View.Fill(T.PositiveInfinity);
        void Throws(string part, Action call) =>
            Assert.That(call, NUnit.Framework.Throws.ArgumentException.With.Message.Contains(part));
        void From(InitialDeltas<T> initial) => HyperGradientDescent.Solve(
            _backend, problem.KernelViews, problem.Targets, Folds, Options, initial).Dispose();
        Throws("initial", () => From(InitialDeltas<T>.Given(narrow.View)));
        Throws("deltas(0, 0)", () => From(InitialDeltas<T>.Given(infinite.View)));
        Throws("finite", () => From(InitialDeltas<T>.Constant(1e4)));
        Throws("MaxIterations", () => Fit(problem, Options with { MaxIterations = 0 }));
        Throws("Tolerance", () => Fit(problem, Options with { Tolerance = 0 }));
        Throws("CgTolerances", () => Fit(problem, Options with { CgTolerances = [1e-3, 1e-3] }));
        Throws("features", () => HyperGradientDescent.Solve(
            _backend, problem.KernelViews, problem.Targets, Folds,
            Options with { Weights = WeightKind.Primal }).Dispose());
        Throws(
            "split",
            () => HyperGradientDescent.Solve(_backend, problem.KernelViews, problem.Targets, [], Options).Dispose());
        problem.Y[4, 2] = T.NaN;
        Throws("NaN", () => Fit(problem, Options));
        AssertNothingLeft();
    }

    private HyperGradientResult<T> Fit(
        SmallProblem<T> problem, HyperGradientOptions options, IProgress<FitProgress>? progress = null,
        CancellationToken cancellation = default) =>
        HyperGradientDescent.Solve(
            _backend, problem.KernelViews, problem.Targets, Folds, options, InitialDeltas<T>.Constant(-1),
            options.Weights == WeightKind.Primal ? problem.FeatureViews : null, progress: progress,
            cancellation: cancellation);

    /// <summary>The prediction of a training sample.</summary>
    private static double Predict(SmallProblem<T> problem, HyperGradientResult<T> fit, int sample, int target)
    {
        double sum = fit.Intercept is { } intercept ? double.CreateTruncating(intercept[0, target]) : 0;
        for (int i = 0; i < problem.Kernels.Length; i++)
        {
            double weight = Math.Exp(double.CreateTruncating(fit.Deltas[i, target]));
            for (int k = 0; k < Samples; k++)
            {
                sum += weight * double.CreateTruncating(problem.Kernels[i][sample, k]) * double.CreateTruncating(fit.Weights![k, target]);
            }
        }

        return sum;
    }

    private static void AssertClose(Matrix<T> actual, Matrix<T> expected, string name)
    {
        for (nint i = 0; i < expected.Rows; i++)
        {
            for (nint j = 0; j < expected.Columns; j++)
            {
                Assert.That(
                    double.CreateTruncating(actual[i, j]),
                    Is.EqualTo(double.CreateTruncating(expected[i, j])).Within(Tolerance), $"{name}({i}, {j})");
            }
        }
    }

    private void AssertNothingLeft()
    {
        if (_backend is ReferenceBackend reference)
        {
            Assert.That(reference.LiveMatrices, Is.Zero, "matrices left on the device");
        }
    }

    private sealed class Recorder(Action<FitProgress> record) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => record(value);
    }
}
