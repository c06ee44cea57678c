using System.Numerics;

namespace VemKernels.Solvers.Tests.Golden;

/// <summary>
/// Ridge, kernel ridge and weighted kernel ridge with given hyper-parameters against the golden values.
/// </summary>
[TestFixtureSource(typeof(SolverBackends), nameof(SolverBackends.WithElementTypes))]
internal sealed class DualSolverGoldenTests<T>(SolverBackend backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What the iterative cases were stopped at, and what float can reach.</summary>
    private static readonly double StepTolerance = typeof(T) == typeof(float) ? 1e-5 : 1e-8;

    /// <summary>
    /// Where the reference's values are exact: small steps, as gradient descent's error is some times the last one.
    /// </summary>
    private static readonly double ExactStepTolerance = typeof(T) == typeof(float) ? 1e-6 : 1e-10;

    /// <summary>
    /// Gradient descent took 4,168 steps to <see cref="ExactStepTolerance"/>, and is 6e-10 off then; float needs 1e-3.
    /// </summary>
    private static readonly int EnoughSteps = typeof(T) == typeof(float) ? 2000 : 6000;

    private IBackend _backend = null!;

    [SetUp]
    public void Start() => _backend = backend.Create();

    [TearDown]
    public void Stop() => _backend.Dispose();

    [Test]
    public void Ridge(
        [Values("scalar", "per_target")] string alphas, [Values(0, 1)] int intercept, [Values] RidgeSolver solver)
    {
        GoldenCase golden = new($"ridge_svd_{alphas}_intercept{intercept}");
        using Matrix<T> X = golden.Matrix<T>("in_X");
        using Matrix<T> Y = golden.Matrix<T>("in_Y");
        RidgeOptions options =
            new() { Alphas = golden.Doubles("in_alpha"), FitIntercept = intercept == 1, Solver = solver };
        using RidgeResult<T> fit = VemKernels.Solvers.Ridge.Solve(
            _backend, X.View, new MatrixTargetSource<T>(Y.View), options);
        RequireClose(golden, "out_weights", fit.Weights!, GoldenCase.Tolerance<T>());
        RequireInterceptClose(golden, fit.Intercept, GoldenCase.Tolerance<T>());
    }

    [Test]
    public void Kernel_ridge_by_decomposition(
        [Values("scalar", "per_target")] string alphas, [Values(0, 1)] int intercept,
        [Values(KernelRidgeSolver.Eigenvalues, KernelRidgeSolver.Svd)] KernelRidgeSolver solver)
    {
        GoldenCase golden = new($"kernel_ridge_{alphas}_intercept{intercept}");
        KernelRidgeOptions options = new()
        {
            Alphas = golden.Doubles("in_alpha"), FitIntercept = intercept == 1, Solver = solver,
        };
        using DualWeightsResult<T> fit = SolveKernelRidge(golden, options);
        RequireClose(golden, "out_dual", fit.Weights!, GoldenCase.Tolerance<T>());
        RequireInterceptClose(golden, fit.Intercept, GoldenCase.Tolerance<T>());
    }

    [TestCase("kernel_ridge_cg", KernelRidgeSolver.ConjugateGradient)]
    [TestCase("kernel_ridge_gd", KernelRidgeSolver.GradientDescent)]
    public void Kernel_ridge_by_iteration(string name, KernelRidgeSolver solver)
    {
        GoldenCase golden = new(name);
        KernelRidgeOptions options = new()
        {
            Alphas = golden.Doubles("in_alpha"), Solver = solver, Tolerance = StepTolerance,
            MaxIterations = golden.Meta.GetProperty("max_iter").GetInt32(),
        };
        using DualWeightsResult<T> fit = SolveKernelRidge(golden, options);
        RequireClose(golden, "out_dual", fit.Weights!, GoldenCase.Tolerance<T>());
    }

    [Test]
    public void Weighted_kernel_ridge(
        [Values(0, 1)] int intercept,
        [Values(WeightedKernelRidgeSolver.ConjugateGradient, WeightedKernelRidgeSolver.GradientDescent)]
        WeightedKernelRidgeSolver solver)
    {
        GoldenCase golden = new($"weighted_kernel_ridge_intercept{intercept}");
        WeightedKernelRidgeOptions options = new()
        {
            Alphas = golden.Doubles("in_alpha"), FitIntercept = intercept == 1, Solver = solver,
            Tolerance = ExactStepTolerance, MaxIterations = EnoughSteps,
        };
        using DualWeightsResult<T> fit = SolveWeighted(golden, options);
        RequireClose(golden, "out_dual", fit.Weights!, GoldenCase.Tolerance<T>());
        RequireInterceptClose(golden, fit.Intercept, GoldenCase.Tolerance<T>());
    }

    [Test]
    public void Weighted_kernel_ridge_by_a_Neumann_series()
    {
        GoldenCase golden = new("weighted_kernel_ridge_neumann");
        WeightedKernelRidgeOptions options = new()
        {
            Alphas = golden.Doubles("in_alpha"), Solver = WeightedKernelRidgeSolver.NeumannSeries,
            MaxIterations = golden.Meta.GetProperty("max_iter").GetInt32(),
            NeumannFactors = [golden.Meta.GetProperty("factor").GetDouble()],
        };
        using DualWeightsResult<T> fit = SolveWeighted(golden, options);
        RequireClose(golden, "out_dual", fit.Weights!, GoldenCase.Tolerance<T>());
    }

    [Test]
    public void Predictions_joint_and_split_and_their_score()
    {
        GoldenCase golden = new("weighted_kernel_ridge_predict");
        Matrix<T>[] kernels =
            [.. Enumerable.Range(0, golden.Count("in_Ks_test")).Select(i => golden.Matrix<T>("in_Ks_test", i))];
        MatrixView<T>[] views = [.. kernels.Select(kernel => kernel.View)];
        using Matrix<T> dual = golden.Matrix<T>("in_dual");
        using Matrix<T> deltas = golden.Matrix<T>("in_deltas");
        using Matrix<T> truth = golden.Matrix<T>("in_Y_test");
        using Matrix<T> joint = new(truth.Rows, truth.Columns);
        using Matrix<T> split = new(kernels.Length * truth.Rows, truth.Columns);
        Predictions.Predict(_backend, views, dual.View, deltas.View, null, joint.View);
        Predictions.PredictSplit(_backend, views, dual.View, deltas.View, split.View);
        using TestScores<T> scores = Predictions.Score(
            _backend, views, dual.View, deltas.View, new MatrixTargetSource<T>(truth.View));
        RequireClose(golden, "out_pred", joint, GoldenCase.Tolerance<T>());
        for (int i = 0; i < kernels.Length; i++)
        {
            using Matrix<double> expected = golden.Matrix<double>("out_pred_split", i);
            GoldenFit.Close(
                split.View.SliceRows(i * truth.Rows, truth.Rows), expected.View, GoldenCase.Tolerance<T>(),
                $"predictions of space {i}");
            kernels[i].Dispose();
        }

        using Matrix<double> r2 = golden.Row("out_r2");
        GoldenFit.Close(scores.R2.View, r2.View, GoldenCase.Tolerance<T>(), "r2");
    }

    [Test]
    public void Primal_weights_of_each_space()
    {
        GoldenCase golden = new("weighted_kernel_ridge_predict");
        int spaces = golden.Count("in_Ks_test");
        Matrix<T>[] features = [.. Enumerable.Range(0, spaces).Select(i => golden.Matrix<T>($"in_X{i}"))];
        using Matrix<T> dual = golden.Matrix<T>("in_dual");
        using Matrix<T> deltas = golden.Matrix<T>("in_deltas");
        Matrix<T>[] primal = [.. features.Select(X => new Matrix<T>(X.Columns, dual.Columns))];
        PrimalWeights.FromDual(
            _backend, dual.View, deltas.View, [.. features.Select(X => X.View)], [.. primal.Select(b => b.View)]);
        for (int i = 0; i < spaces; i++)
        {
            RequireClose(golden, $"out_primal{i}", primal[i], GoldenCase.Tolerance<T>());
            primal[i].Dispose();
            features[i].Dispose();
        }
    }

    [TestCase(LipschitzProduct.XTX, "out_XTX")]
    [TestCase(LipschitzProduct.XXT, "out_XTX", Description = "kernels are symmetric")]
    [TestCase(LipschitzProduct.X, "out_X")]
    public void Lipschitz_constants(LipschitzProduct product, string name)
    {
        GoldenCase golden = new("lipschitz");
        Matrix<T>[] kernels = [.. Enumerable.Range(0, golden.Count("in_Ks")).Select(i => golden.Matrix<T>("in_Ks", i))];
        double[] constants = LipschitzConstants.Compute<T>(
            _backend, [.. kernels.Select(kernel => kernel.View)], product,
            golden.Meta.GetProperty("random_state").GetInt32());
        Assert.That(constants, Is.EqualTo(golden.Doubles(name)).Within(100 * GoldenCase.Tolerance<T>()).Percent);
        foreach (Matrix<T> kernel in kernels)
        {
            kernel.Dispose();
        }
    }

    private DualWeightsResult<T> SolveKernelRidge(GoldenCase golden, KernelRidgeOptions options)
    {
        using Matrix<T> K = golden.Matrix<T>("in_K");
        using Matrix<T> Y = golden.Matrix<T>("in_Y");
        return KernelRidge.Solve(_backend, K.View, new MatrixTargetSource<T>(Y.View), options);
    }

    private DualWeightsResult<T> SolveWeighted(GoldenCase golden, WeightedKernelRidgeOptions options)
    {
        Matrix<T>[] kernels = [.. Enumerable.Range(0, golden.Count("in_Ks")).Select(i => golden.Matrix<T>("in_Ks", i))];
        using Matrix<T> Y = golden.Matrix<T>("in_Y");
        using Matrix<T> deltas = golden.Matrix<T>("in_deltas");
        try
        {
            return WeightedKernelRidge.Solve(
                _backend, [.. kernels.Select(kernel => kernel.View)], new MatrixTargetSource<T>(Y.View), deltas.View,
                options);
        }
        finally
        {
            Array.ForEach(kernels, kernel => kernel.Dispose());
        }
    }

    private static void RequireClose(GoldenCase golden, string name, Matrix<T> actual, double tolerance)
    {
        using Matrix<double> expected = golden.Matrix<double>(name);
        GoldenFit.Close(actual.View, expected.View, tolerance, name);
    }

    /// <summary>Of responses of scale 1: an intercept that is all but zero is judged on that scale.</summary>
    private static void RequireInterceptClose(GoldenCase golden, Matrix<T>? actual, double tolerance)
    {
        if (actual is not null)
        {
            using Matrix<double> expected = golden.Row("out_intercept");
            GoldenFit.Close(actual.View, expected.View, tolerance, "intercept", scale: 1);
        }
    }
}
