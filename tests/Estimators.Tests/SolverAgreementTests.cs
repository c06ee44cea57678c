using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators.Tests;

/// <summary>Estimators keep what their solver, called directly, returns: the same bits.</summary>
[TestFixtureSource(typeof(EstimatorBackend), nameof(EstimatorBackend.WithElementTypes))]
internal sealed class SolverAgreementTests<T>(EstimatorBackend backend) : EstimatorFixture<T>(backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly double[] SampleWeights =
        [.. Enumerable.Range(0, Problem<T>.Train).Select(i => 0.5 + (i % 3))];

    private static readonly double[] AlphaATarget = [.. Enumerable.Range(1, Problem<T>.Targets).Select(j => 0.5 * j)];

    [Test]
    public void Ridge([Values] bool intercept, [Values] bool weighted)
    {
        using Problem<T> problem = new(Backend, offset: 1);
        RidgeOptions options = new() { Alphas = AlphaATarget, FitIntercept = intercept };
        using Ridge<T> model = new(Backend, options);
        Fit(weighted, () => model.Fit([problem.X[0]], problem.Y, SampleWeights), () => model.Fit(problem.X[0], problem.Y));
        using RidgeResult<T> expected = Solvers.Ridge.Solve(
            Backend, problem.X[0], problem.Y, options with { SampleWeights = weighted ? SampleWeights : null });
        AssertClose(model.Coef.View, expected.Weights!.View, 0, "coef");
        RequireIntercept(model, expected.Intercept);
    }

    [Test]
    public void Kernel_ridge(
        [Values] KernelRidgeSolver solver, [Values] bool intercept, [Values] bool weighted)
    {
        using Problem<T> problem = new(Backend, offset: 1);
        KernelRidgeOptions options = new() { Alphas = AlphaATarget, FitIntercept = intercept, Solver = solver };
        using KernelRidge<T> model = new(Backend, new() { Model = options });
        Fit(weighted, () => model.Fit([problem.X[0]], problem.Y, SampleWeights), () => model.Fit(problem.X[0], problem.Y));
        using DualWeightsResult<T> expected = Solvers.KernelRidge.Solve(
            Backend, problem.K[0], problem.Y, options with { SampleWeights = weighted ? SampleWeights : null });
        AssertClose(model.DualCoef.View, expected.Weights!.View, 0, "dual coef");
        RequireIntercept(model, expected.Intercept);
    }

    [Test]
    public void Weighted_kernel_ridge([Values] WeightedKernelRidgeSolver solver, [Values] bool weighted, [Values] bool eachTarget)
    {
        using Problem<T> problem = new(Backend);
        WeightedKernelRidgeOptions options = new() { Alphas = AlphaATarget, Solver = solver };
        using Matrix<T> deltas = new(2, eachTarget ? Problem<T>.Targets : 1);
        for (int j = 0; j < deltas.Columns; j++)
        {
            deltas[0, j] = T.CreateTruncating(0.1 * j);
            deltas[1, j] = T.CreateTruncating(-0.2 * j);
        }

        using WeightedKernelRidge<T> model = new(
            Backend, new WeightedKernelRidgeEstimatorOptions { Model = options }.WithDeltas(deltas.View));
        Fit(weighted, () => model.Fit(problem.X, problem.Y, SampleWeights), () => model.Fit(problem.X, problem.Y));
        using DualWeightsResult<T> expected = Solvers.WeightedKernelRidge.Solve(
            Backend, problem.K, problem.Y, deltas.View, options with { SampleWeights = weighted ? SampleWeights : null });
        AssertClose(model.DualCoef.View, expected.Weights!.View, 0, "dual coef");
        Assert.That(model.Deltas.Columns, Is.EqualTo((nint)Problem<T>.Targets));
    }

    [Test]
    public void A_warm_start_goes_on_where_the_last_fit_ended()
    {
        using Problem<T> problem = new(Backend);
        WeightedKernelRidgeOptions options = new() { MaxIterations = 3, Tolerance = 0 };
        using WeightedKernelRidge<T> warm = new(Backend, new() { Model = options, WarmStart = true });
        using WeightedKernelRidge<T> cold = new(Backend, new() { Model = options });
        warm.Fit(problem.X, problem.Y);
        cold.Fit(problem.X, problem.Y);
        AssertClose(warm.DualCoef.View, cold.DualCoef.View, 0, "first fits");
        using Matrix<T> deltas = new(2, 1);
        using DualWeightsResult<T> expected = Solvers.WeightedKernelRidge.Solve(
            Backend, problem.K, problem.Y, deltas.View, options, cold.DualCoef.View);
        warm.Fit(problem.X, problem.Y);
        cold.Fit(problem.X, problem.Y);
        AssertClose(warm.DualCoef.View, expected.Weights!.View, 0, "second fit");
        Assert.That(warm.DualCoef[0, 0], Is.Not.EqualTo(cold.DualCoef[0, 0]));
        MatrixView<T> fewer = problem.Y.View!.Value.SliceColumns(0, 4);
        Assert.That(
            () => warm.Fit(problem.X, new MatrixTargetSource<T>(fewer)),
            Throws.ArgumentException.With.Message.Contains("initialDualWeights"));
    }

    [Test]
    public void Hyper_gradient([Values] bool given)
    {
        using Problem<T> problem = new(Backend);
        HyperGradientOptions options = new() { Seed = 4, MaxIterations = 4 };
        using MultipleKernelRidgeCV<T> model = new(Backend, new()
        {
            Solver = MultipleKernelSolver.HyperGradient,
            HyperGradient = options,
            InitialDeltas = given ? [[-1], [-2]] : null,
        });
        model.Fit(problem.X, problem.Y);
        using Matrix<T> start = new(2, Problem<T>.Targets);
        start.View.SliceRows(0, 1).Fill(-T.One);
        start.View.SliceRows(1, 1).Fill(-T.One - T.One);
        using HyperGradientResult<T> expected = HyperGradientDescent.Solve(
            Backend, problem.K, problem.Y, CrossValidationSplits.KFold(Problem<T>.Train, 5),
            options with { Weights = WeightKind.Dual }, given ? InitialDeltas<T>.Given(start.View) : null);
        AssertClose(model.Deltas.View, expected.Deltas.View, given ? 0 : Tolerance, "deltas");
        AssertClose(model.CvScores.View, expected.CvScores.View, given ? 0 : Tolerance, "scores");
        AssertClose(model.DualCoef.View, expected.Weights!.View, given ? 0 : Tolerance, "dual coef");
    }

    [Test]
    public void Random_search_then_hyper_gradient([Values] bool intercept)
    {
        using Problem<T> problem = new(Backend, offset: intercept ? 1 : 0);
        HyperGradientOptions options = new() { Seed = 4, MaxIterations = 4, FitIntercept = intercept };
        RandomSearchOptions search = Search with { FitIntercept = intercept };
        using MultipleKernelRidgeCV<T> model = new(Backend, new()
        {
            Solver = MultipleKernelSolver.RandomSearchThenHyperGradient,
            Search = search,
            Iterations = 4,
            Seed = 7,
            HyperGradient = options,
        });
        model.Fit(problem.X, problem.Y);
        Fold[] folds = CrossValidationSplits.KFold(Problem<T>.Train, 5);
        using Matrix<double> gammas = RandomCandidates.Draw(4, 2, 7);
        using RandomSearchResult<T> found = MultipleKernelRidge.Solve(
            Backend, problem.K, problem.Y, gammas.View, folds, search with { Weights = WeightKind.Dual });
        using HyperGradientResult<T> expected = HyperGradientDescent.Refine(
            Backend, problem.K, problem.Y, found, folds, options with { Weights = WeightKind.Dual });
        AssertClose(model.Deltas.View, expected.Deltas.View, 0, "deltas");
        AssertClose(model.CvScores.View, expected.CvScores.View, 0, "scores");
        AssertClose(model.DualCoef.View, expected.Weights!.View, 0, "dual coef");
        RequireIntercept(model, expected.Intercept);
    }

    [Test]
    public void Sparse_group_lasso([Values] bool intercept)
    {
        using Problem<T> problem = new(Backend, offset: intercept ? 1 : 0);
        SparseGroupLassoOptions options = new() { Groups = [0, 0, 1, 1, 2, 2], FitIntercept = intercept };
        using SparseGroupLasso<T> model = new(Backend, options);
        model.Fit(problem.X[0], problem.Y);
        using SparseGroupLassoResult<T> expected = Solvers.SparseGroupLasso.Solve(Backend, problem.X[0], problem.Y, options);
        AssertClose(model.Coef.View, expected.Weights!.View, 0, "coef");
        RequireIntercept(model, expected.Intercept);
    }

    [Test]
    public void Sparse_group_lasso_by_cross_validation([Values] bool given)
    {
        using Problem<T> problem = new(Backend);
        SparseGroupLassoCVOptions options = new() { L21 = [0.05, 0.5], L1 = [0.1, 0.01] };
        Fold[] folds = CrossValidationSplits.KFold(Problem<T>.Train, given ? 3 : 5);
        using SparseGroupLassoCV<T> model = new(Backend, new() { Search = options, Folds = given ? folds : null });
        model.Fit(problem.X[0], problem.Y);
        using SparseGroupLassoCVResult<T> expected =
            Solvers.SparseGroupLassoCV.Solve(Backend, problem.X[0], problem.Y, folds, options);
        AssertClose(model.Coef.View, expected.Refit.Weights!.View, 0, "coef");
        AssertClose(model.CvScores.View, expected.CvScores.View, 0, "scores");
        AssertClose(model.BestL21.View, expected.BestL21.View, 0, "l21");
        AssertClose(model.BestL1.View, expected.BestL1.View, 0, "l1");
    }

    [Test]
    public void Options_that_contradict_are_refused()
    {
        using Problem<T> problem = new(Backend);
        Refused(new() { Solver = MultipleKernelSolver.HyperGradient, InitialDeltas = [[0]] }, "InitialDeltas");
        Refused(new() { Solver = MultipleKernelSolver.HyperGradient, InitialDeltas = [[0], [0, 1]] }, "InitialDeltas");
        Refused(
            new() { Solver = MultipleKernelSolver.HyperGradient, InitialDeltas = [[0], [0]], InitialRidgeCV = true },
            "InitialDeltas");
        Refused(new() { InitialRidgeCV = true }, "InitialDeltas");
        Refused(
            new()
            {
                Solver = MultipleKernelSolver.RandomSearchThenHyperGradient,
                HyperGradient = new() { FitIntercept = true },
            },
            "HyperGradient");
        Refused(new() { Concentrations = [] }, "Concentrations");
        Refused(new() { Iterations = 0 }, "Iterations");
        using WeightedKernelRidge<T> weighted = new(Backend, new() { Deltas = [[0], [0], [0]] });
        Assert.That(
            () => weighted.Fit(problem.X, problem.Y),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("Deltas"));
        using Ridge<T> ridge = new(Backend);
        Assert.That(
            () => ridge.Fit([problem.X[0]], problem.Y, [1.0, 2.0]),
            Throws.ArgumentException.With.Message.Contains("2"));

        void Refused(MultipleKernelRidgeCVOptions options, string name)
        {
            using MultipleKernelRidgeCV<T> model = new(Backend, options);
            Assert.That(
                () => model.Fit(problem.X, problem.Y),
                Throws.InstanceOf<ArgumentException>().With.Property("ParamName").EqualTo(name));
        }
    }

    private static void Fit(bool weighted, Action fitWeighted, Action fit) => (weighted ? fitWeighted : fit)();

    private static void RequireIntercept(Estimator<T> model, Matrix<T>? expected)
    {
        Assert.That(model.Intercept is null, Is.EqualTo(expected is null));
        if (expected is not null)
        {
            AssertClose(model.Intercept!.View, expected.View, 0, "intercept");
        }
    }
}
