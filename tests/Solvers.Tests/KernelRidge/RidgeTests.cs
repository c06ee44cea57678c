using System.Numerics;
using VemKernels.Solvers.Tests.RandomSearch;

namespace VemKernels.Solvers.Tests.FixedAlpha;

[TestFixtureSource(typeof(SolverBackends), nameof(SolverBackends.WithElementTypes))]
internal sealed class RidgeTests<T>(SolverBackend backend) : DualSolverFixture<T>(backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Targets = 9;

    [Test]
    public void Weights_solve_the_normal_equations(
        [Values] RidgeSolver solver, [Values(5, 24, 31)] int features, [Values] bool onePerTarget)
    {
        using SmallProblem<T> problem = new(seed: 1, samples: 24, Targets, [features]);
        double[] alphas = onePerTarget ? PerTarget(Targets, seed: 2) : [3.0];
        using RidgeResult<T> fit = Ridge.Solve(
            Backend, problem.Features[0].View, problem.Targets, new() { Alphas = alphas, Solver = solver });
        RegressionOracle.RequireClose(fit.Weights!.View, Expected(problem, alphas), Tolerance);
    }

    [Test]
    public void The_automatic_choice_goes_by_size_and_by_alpha()
    {
        Assert.That(Chosen(features: 10, alpha: 1), Is.EqualTo(RidgeSolver.Gram));
        Assert.That(Chosen(features: 30, alpha: 1), Is.EqualTo(RidgeSolver.Kernel));
        Assert.That(
            Chosen(features: 10, alpha: 1e-9),
            Is.EqualTo(typeof(T) == typeof(double) ? RidgeSolver.Svd : RidgeSolver.Gram));

        RidgeSolver Chosen(int features, double alpha)
        {
            using SmallProblem<T> problem = new(seed: 3, samples: 20, Targets, [features]);
            using RidgeResult<T> fit = Ridge.Solve(
                Backend, problem.Features[0].View, problem.Targets, new() { Alphas = [alpha] });
            return fit.Solver;
        }
    }

    [Test]
    public void An_intercept_is_that_of_a_column_of_ones_without_a_penalty(
        [Values] RidgeSolver solver, [Values(6, 30)] int features, [Values] bool weighted)
    {
        const int Samples = 20;
        using SmallProblem<T> problem = new(seed: 4, Samples, Targets, [features], offset: 2);
        double[] sampleWeights = [.. Enumerable.Range(0, Samples).Select(i => weighted ? i % 4 : 1.0)];
        RidgeOptions options = new() { Alphas = [2.0], FitIntercept = true, Solver = solver, SampleWeights = weighted ? sampleWeights : null };
        using RidgeResult<T> fit = Ridge.Solve(Backend, problem.Features[0].View, problem.Targets, options);
        double[,] dual = RegressionOracle.DualWithIntercept(
            problem.Kernel([1.0], fromFeatures: true), problem.Responses(), 2.0, sampleWeights);
        double[,] weights = new double[features, Targets];
        double[,] intercept = new double[1, Targets];
        for (int j = 0; j < Targets; j++)
        {
            intercept[0, j] = dual[Samples, j];
            for (int k = 0; k < features; k++)
            {
                weights[k, j] = Enumerable.Range(0, Samples)
                    .Sum(i => double.CreateTruncating(problem.Features[0][i, k]) * dual[i, j]);
            }
        }

        RegressionOracle.RequireClose(fit.Weights!.View, weights, Tolerance);
        RegressionOracle.RequireClose(fit.Intercept!.View, intercept, Tolerance);
    }

    [Test]
    public void Primal_predictions_are_features_times_weights_plus_the_intercept()
    {
        using SmallProblem<T> problem = new(seed: 5, samples: 12, Targets, [4], offset: 1);
        using RidgeResult<T> fit = Ridge.Solve(
            Backend, problem.Features[0].View, problem.Targets, new() { FitIntercept = true });
        using Matrix<T> predicted = new(12, Targets);
        Predictions.PredictPrimal(
            Backend, problem.Features[0].View, fit.Weights!.View, fit.Intercept!.View, predicted.View);
        double expected = double.CreateTruncating(fit.Intercept[0, 3]) + Enumerable.Range(0, 4).Sum(k =>
            double.CreateTruncating(problem.Features[0][7, k] * fit.Weights[k, 3]));
        Assert.That(double.CreateTruncating(predicted[7, 3]), Is.EqualTo(expected).Within(1e-4));
    }

    [Test]
    public void A_small_budget_takes_more_tiles_and_a_tiny_one_is_refused()
    {
        using SmallProblem<T> problem = new(seed: 6, samples: 20, 40, [7]);
        using RidgeResult<T> whole = Ridge.Solve(Backend, problem.Features[0].View, problem.Targets, new());
        using RidgeResult<T> tiled = Ridge.Solve(
            Backend, problem.Features[0].View, problem.Targets, new() { Memory = new MemoryBudget(16_800_000) });
        Assert.That(tiled.Weights![6, 39], Is.EqualTo(whole.Weights![6, 39]));
        Assert.That(
            () => Ridge.Solve(
                Backend, problem.Features[0].View, problem.Targets, new() { Memory = new MemoryBudget(1000) }),
            Throws.InstanceOf<MemoryBudgetException>());
    }

    [Test]
    public void Bad_arguments_are_named()
    {
        using SmallProblem<T> problem = new(seed: 7, samples: 12, Targets, [4]);
        using Matrix<T> tooLong = new(13, 4);
        Expect("features", problem, new(), tooLong.View);
        Expect("alphas", problem, new() { Alphas = [0.0] });
        Expect("alphas", problem, new() { Alphas = [1.0, 2.0] });
        Expect("sampleWeights", problem, new() { SampleWeights = [1.0] });
        Expect("sampleWeights", problem, new() { SampleWeights = new double[12] });
        problem.Features[0][3, 2] = T.NaN;
        Expect("features", problem, new());

        void Expect(string name, SmallProblem<T> data, RidgeOptions options, MatrixView<T>? features = null) =>
            Assert.That(
                () => Ridge.Solve(Backend, features ?? data.Features[0].View, data.Targets, options),
                Throws.InstanceOf<ArgumentException>().With.Property("ParamName").EqualTo(name));
    }

    /// <summary>X' (XX' + alpha I)^-1 y.</summary>
    private static double[,] Expected(SmallProblem<T> problem, double[] alphas)
    {
        double[,] K = problem.Kernel([1.0], fromFeatures: true);
        double[,] dual = RegressionOracle.Dual(_ => K, problem.Responses(), j => alphas[alphas.Length == 1 ? 0 : j]);
        Matrix<T> X = problem.Features[0];
        double[,] weights = new double[X.Columns, Targets];
        for (int k = 0; k < X.Columns; k++)
        {
            for (int j = 0; j < Targets; j++)
            {
                weights[k, j] = Enumerable.Range(0, (int)X.Rows).Sum(
                    i => double.CreateTruncating(X[i, k]) * dual[i, j]);
            }
        }

        return weights;
    }
}
