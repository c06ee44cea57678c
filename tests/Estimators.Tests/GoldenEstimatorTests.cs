using System.Numerics;
using VemKernels.Solvers;
using VemKernels.Solvers.Tests.Golden;

namespace VemKernels.Estimators.Tests;

/// <summary>Estimators against the golden values.</summary>
[TestFixtureSource(typeof(EstimatorBackend), nameof(EstimatorBackend.WithElementTypes))]
internal sealed class GoldenEstimatorTests<T>(EstimatorBackend backend) : EstimatorFixture<T>(backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static bool IsDouble => typeof(T) == typeof(double);

    /// <summary>What iterative cases are stopped at, and some times that.</summary>
    private static double StepTolerance => IsDouble ? 1e-8 : 1e-5;

    private static double IterativeTolerance => IsDouble ? 1e-6 : 1e-3;

    [Test]
    public void Ridge([Values("scalar", "per_target")] string alphas, [Values(0, 1)] int intercept)
    {
        GoldenCase golden = new($"ridge_svd_{alphas}_intercept{intercept}");
        using Matrix<T> X = golden.Matrix<T>("in_X");
        using Matrix<T> Y = golden.Matrix<T>("in_Y");
        using Ridge<T> model =
            new(Backend, new() { Alphas = golden.Doubles("in_alpha"), FitIntercept = intercept == 1 });
        model.Fit(X.View, Y);
        RequireClose(golden, "out_weights", model.Coef, GoldenCase.Tolerance<T>());
        RequireInterceptClose(golden, model);
    }

    [Test]
    public void Ridge_by_cross_validation([Values(0, 1)] int intercept)
    {
        GoldenCase golden = new($"ridge_cv_kfold5_local1_intercept{intercept}");
        using Matrix<T> X = golden.Matrix<T>("in_X");
        using Matrix<T> Y = golden.Matrix<T>("in_Y");
        using RidgeCV<T> model = new(Backend, new() { Search = golden.Options(WeightKind.None) });
        model.Fit(X.View, Y.View);
        RequireClose(golden, "out_cv_scores", model.CvScores, GoldenCase.Tolerance<T>());
        if (IsDouble)
        {
            // In float a choice may differ where scores tie, and the weights with it.
            RequireClose(golden, "out_coefs", model.Coef, GoldenCase.Tolerance<T>());
            RequireInterceptClose(golden, model);
        }
    }

    [Test]
    public void Kernel_ridge([Values("scalar", "per_target")] string alphas, [Values(0, 1)] int intercept)
    {
        GoldenCase golden = new($"kernel_ridge_{alphas}_intercept{intercept}");
        KernelRidgeOptions options = new() { Alphas = golden.Doubles("in_alpha"), FitIntercept = intercept == 1 };
        using KernelRidge<T> model = FitKernelRidge(golden, options);
        RequireClose(golden, "out_dual", model.DualCoef, GoldenCase.Tolerance<T>());
        RequireInterceptClose(golden, model);
    }

    [TestCase("kernel_ridge_cg", KernelRidgeSolver.ConjugateGradient)]
    [TestCase("kernel_ridge_gd", KernelRidgeSolver.GradientDescent)]
    public void Kernel_ridge_by_iteration(string name, KernelRidgeSolver solver)
    {
        GoldenCase golden = new(name);
        using KernelRidge<T> model = FitKernelRidge(golden, new()
        {
            Alphas = golden.Doubles("in_alpha"),
            Solver = solver,
            Tolerance = StepTolerance,
            MaxIterations = golden.Meta.GetProperty("max_iter").GetInt32(),
        });
        RequireClose(golden, "out_dual", model.DualCoef, IterativeTolerance);
    }

    [Test]
    public void Kernel_ridge_by_cross_validation([Values(0, 1)] int intercept)
    {
        GoldenCase golden = new($"kernel_ridge_cv_kfold5_intercept{intercept}");
        using Matrix<T> K = golden.Matrix<T>("in_K");
        using Matrix<T> Y = golden.Matrix<T>("in_Y");
        using KernelRidgeCV<T> model = new(
            Backend, new() { Kernel = PairwiseKernel.Precomputed, Search = golden.Options(WeightKind.None) });
        model.Fit(K.View, Y.View);
        RequireClose(golden, "out_cv_scores", model.CvScores, GoldenCase.Tolerance<T>());
        if (IsDouble)
        {
            RequireClose(golden, "out_dual", model.DualCoef, GoldenCase.Tolerance<T>());
            RequireInterceptClose(golden, model);
        }
    }

    [Test]
    public void Weighted_kernel_ridge([Values(0, 1)] int intercept)
    {
        GoldenCase golden = new($"weighted_kernel_ridge_intercept{intercept}");
        using Matrix<T> deltas = golden.Matrix<T>("in_deltas");
        WeightedKernelRidgeEstimatorOptions options = new()
        {
            Kernels = [PairwiseKernel.Precomputed],
            Model = new()
            {
                Alphas = golden.Doubles("in_alpha"),
                FitIntercept = intercept == 1,
                Tolerance = StepTolerance,
                MaxIterations = 1000,
            },
        };
        using WeightedKernelRidge<T> model = new(Backend, options.WithDeltas(deltas.View));
        FitToKernels(golden, model);
        RequireClose(golden, "out_dual", model.DualCoef, IterativeTolerance);
        AssertClose(model.Deltas.View, deltas.View, 0, "deltas");
        RequireInterceptClose(golden, model);
    }

    [Test]
    public void Neumann_series()
    {
        GoldenCase golden = new("weighted_kernel_ridge_neumann");
        using Matrix<T> deltas = golden.Matrix<T>("in_deltas");
        WeightedKernelRidgeEstimatorOptions options = new()
        {
            Kernels = [PairwiseKernel.Precomputed],
            Model = new()
            {
                Alphas = golden.Doubles("in_alpha"),
                Solver = WeightedKernelRidgeSolver.NeumannSeries,
                MaxIterations = golden.Meta.GetProperty("max_iter").GetInt32(),
                NeumannFactors = [golden.Meta.GetProperty("factor").GetDouble()],
            },
        };
        using WeightedKernelRidge<T> model = new(Backend, options.WithDeltas(deltas.View));
        FitToKernels(golden, model);
        RequireClose(golden, "out_dual", model.DualCoef, GoldenCase.Tolerance<T>());
    }

    [Test]
    public void Multiple_kernel_ridge_by_a_seeded_random_search()
    {
        GoldenCase golden = new("mkr_seeded");
        using MultipleKernelRidgeCV<T> model = new(Backend, new()
        {
            Kernels = [PairwiseKernel.Precomputed],
            Search = golden.Options(WeightKind.None),
            Iterations = golden.Meta.GetProperty("n_iter").GetInt32(),
            Seed = golden.Meta.GetProperty("random_state").GetInt32(),
        });
        FitToKernels(golden, model);
        RequireClose(golden, "out_cv_scores", model.CvScores, GoldenCase.Tolerance<T>());
        if (IsDouble)
        {
            RequireClose(golden, "out_deltas", model.Deltas, GoldenCase.Tolerance<T>());
            RequireClose(golden, "out_weights", model.DualCoef, GoldenCase.Tolerance<T>());
        }
    }

    [TestCase("0")]
    [TestCase("ridgecv")]
    public void Multiple_kernel_ridge_by_hyper_gradient(string initial)
    {
        const double ScoreTolerance = 5e-3;
        GoldenCase golden = new($"hyper_gradient_direct_conjugate_gradient_{initial}");
        using Matrix<double> scores = golden.Matrix<double>("out_cv_scores");
        using MultipleKernelRidgeCV<T> model = new(Backend, new()
        {
            Kernels = [PairwiseKernel.Precomputed],
            Solver = MultipleKernelSolver.HyperGradient,
            InitialRidgeCV = initial == "ridgecv",
            Folds = golden.Folds(golden.Count("in_Y")),
            HyperGradient = new()
            {
                Method = HyperGradientMethod.Direct,
                InnerMethod = InnerMethod.ConjugateGradient,
                MaxIterations = golden.Meta.GetProperty("max_iter").GetInt32(),
                Tolerance = golden.Meta.GetProperty("tol").GetDouble(),
                MaxInnerDualIterations = golden.Meta.GetProperty("max_iter_inner_dual").GetInt32(),
                CgTolerances = [golden.Meta.GetProperty("cg_tol").GetDouble()],
                Seed = 3,
            },
        });
        FitToKernels(golden, model);
        Assert.That(model.BestAlphas, Is.Null);
        for (int j = 0; j < scores.Columns; j++)
        {
            nint last = scores.Rows - 1;
            while (scores[last, j] == 0)
            {
                last--;
            }

            Assert.That(
                double.CreateTruncating(model.CvScores[0, j]),
                Is.EqualTo(scores[0, j]).Within(GoldenCase.Tolerance<float>()), $"first score of target {j}");
            Assert.That(
                double.CreateTruncating(model.CvScores[model.CvScores.Rows - 1, j]),
                Is.GreaterThanOrEqualTo(scores[last, j] - ScoreTolerance), $"final score of target {j}");
        }
    }

    [Test]
    public void Sparse_group_lasso()
    {
        GoldenCase golden = new("lasso");
        using Matrix<T> X = golden.Matrix<T>("in_X");
        using Matrix<T> Y = golden.Matrix<T>("in_Y");
        using SparseGroupLasso<T> model = new(Backend, new()
        {
            Groups = golden.Ints("in_groups"),
            L21 = [golden.Meta.GetProperty("l21").GetDouble()],
            L1 = [golden.Meta.GetProperty("l1").GetDouble()],
            MaxIterations = 5000,
            Tolerance = IsDouble ? 1e-9 : 1e-6,
        });
        model.Fit(X.View, Y);
        RequireClose(golden, "out_coef", model.Coef, IsDouble ? 1e-7 : 1e-3);
    }

    [Test]
    public void Sparse_group_lasso_by_cross_validation()
    {
        GoldenCase golden = new("lasso_cv");
        using Matrix<T> X = golden.Matrix<T>("in_X");
        using Matrix<T> Y = golden.Matrix<T>("in_Y");
        using SparseGroupLassoCV<T> model = new(Backend, new()
        {
            Folds = golden.Folds((int)X.Rows),
            Search = new()
            {
                Groups = golden.Ints("in_groups"),
                L21 = [0.3, 0.1, 0.03],
                L1 = [0.2, 0.05],
                MaxIterations = 3000,
                Tolerance = IsDouble ? 1e-8 : 1e-6,
            },
        });
        model.Fit(X.View, new MatrixTargetSource<T>(Y.View));

        // The reference steps by a random estimate of the Lipschitz constant: its own runs differ by many times its
        // tolerance.
        RequireClose(golden, "out_coef", model.Coef, IsDouble ? 1e-6 : 1e-3);
        RequireClose(golden, "out_cv_scores", model.CvScores, IsDouble ? 1e-6 : 1e-3);
        GoldenFit.Close(model.BestL21.View, golden.Row("out_l21").View, Tolerance, "l21");
        GoldenFit.Close(model.BestL1.View, golden.Row("out_l1").View, Tolerance, "l1");
    }

    private static void RequireClose(GoldenCase golden, string name, Matrix<T> actual, double tolerance)
    {
        using Matrix<double> expected = golden.Matrix<double>(name);
        GoldenFit.Close(actual.View, expected.View, tolerance, name);
    }

    /// <summary>An intercept, on the scale of the responses: about 1.</summary>
    private static void RequireInterceptClose(GoldenCase golden, Estimator<T> model)
    {
        if (model.Intercept is { } intercept)
        {
            using Matrix<double> expected = golden.Row("out_intercept");
            GoldenFit.Close(intercept.View, expected.View, IterativeTolerance, "intercept", scale: 1);
        }
    }

    private static void FitToKernels(GoldenCase golden, Estimator<T> model)
    {
        Matrix<T>[] kernels =
            [.. Enumerable.Range(0, golden.Count("in_Ks")).Select(i => golden.Matrix<T>("in_Ks", i))];
        using Matrix<T> Y = golden.Matrix<T>("in_Y");
        model.Fit([.. kernels.Select(kernel => kernel.View)], new MatrixTargetSource<T>(Y.View));
        Array.ForEach(kernels, kernel => kernel.Dispose());
    }

    private KernelRidge<T> FitKernelRidge(GoldenCase golden, KernelRidgeOptions options)
    {
        using Matrix<T> K = golden.Matrix<T>("in_K");
        using Matrix<T> Y = golden.Matrix<T>("in_Y");
        KernelRidge<T> model = new(Backend, new() { Kernel = PairwiseKernel.Precomputed, Model = options });
        return model.Fit(K.View, new MatrixTargetSource<T>(Y.View));
    }
}
