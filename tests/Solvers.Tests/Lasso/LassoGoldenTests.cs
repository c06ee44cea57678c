using System.Numerics;
using VemKernels.Solvers.Tests.Golden;

namespace VemKernels.Solvers.Tests.Lasso;

/// <summary>The sparse group lasso against the golden values.</summary>
[TestFixtureSource(typeof(SolverBackends), nameof(SolverBackends.WithElementTypes))]
internal sealed class LassoGoldenTests<T>(SolverBackend backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Of the case by cross-validation, times its tolerance of 1e-8: its values are not converged to that. The
    /// reference steps by a random estimate of the Lipschitz constant; run again, its scores differ by 1.4e-7 from the
    /// golden ones, and run to convergence its scores differ by 2.2e-7 and its weights by 6.9e-7. Ours, at any
    /// tolerance from 1e-9 to 0, differ by the same.
    /// </summary>
    private const double SlackOfPath = 100;

    private IBackend _backend = null!;

    [SetUp]
    public void Start() => _backend = backend.Create();

    [TearDown]
    public void Stop() => _backend.Dispose();

    [Test]
    public void Sparse_group_lasso([Values(GradientForm.Gram, GradientForm.Features)] GradientForm form)
    {
        GoldenCase golden = new("lasso");
        using Matrix<T> X = golden.Matrix<T>("in_X");
        using Matrix<T> Y = golden.Matrix<T>("in_Y");
        using Matrix<double> weights = golden.Matrix<double>("out_coef");
        SparseGroupLassoOptions options = new()
        {
            Groups = golden.Ints("in_groups"),
            L21 = [golden.Meta.GetProperty("l21").GetDouble()],
            L1 = [golden.Meta.GetProperty("l1").GetDouble()],
            MaxIterations = MaxIterations(golden),
            Tolerance = Tolerance(golden),
            Gradient = form,
        };
        using SparseGroupLassoResult<T> fit = SparseGroupLasso.Solve(
            _backend, X.View, new MatrixTargetSource<T>(Y.View), options);
        GoldenFit.Close(fit.Weights!.View, weights.View, GoldenTolerance(golden, slack: 1), "coef");
        Assert.That(fit.Converged, Is.All.True);
    }

    [Test]
    public void Sparse_group_lasso_by_cross_validation()
    {
        GoldenCase golden = new("lasso_cv");
        using Matrix<T> X = golden.Matrix<T>("in_X");
        using Matrix<T> Y = golden.Matrix<T>("in_Y");
        using Matrix<double> weights = golden.Matrix<double>("out_coef");
        using Matrix<double> scores = golden.Matrix<double>("out_cv_scores");
        SparseGroupLassoCVOptions options = new()
        {
            Groups = golden.Ints("in_groups"),
            L21 = [.. golden.Meta.GetProperty("l21_regs").EnumerateArray().Select(value => value.GetDouble())],
            L1 = [.. golden.Meta.GetProperty("l1_regs").EnumerateArray().Select(value => value.GetDouble())],
            MaxIterations = MaxIterations(golden),
            Tolerance = Tolerance(golden),
        };
        using SparseGroupLassoCVResult<T> fit = SparseGroupLassoCV.Solve(
            _backend, X.View, new MatrixTargetSource<T>(Y.View), golden.Folds((int)Y.Rows), options);
        double tolerance = GoldenTolerance(golden, SlackOfPath);
        using Matrix<double> l21 = golden.Row("out_l21");
        using Matrix<double> l1 = golden.Row("out_l1");
        GoldenFit.Close(fit.CvScores.View, scores.View, tolerance, "cv_scores");
        GoldenFit.Close(fit.BestL21.View, l21.View, tolerance, "l21");
        GoldenFit.Close(fit.BestL1.View, l1.View, tolerance, "l1");
        GoldenFit.Close(fit.Refit.Weights!.View, weights.View, tolerance, "coef");
    }

    private static int MaxIterations(GoldenCase golden) => golden.Meta.GetProperty("max_iter").GetInt32();

    /// <summary>That of the case; float cannot tell changes under its rounding.</summary>
    private static double Tolerance(GoldenCase golden) =>
        Math.Max(golden.Meta.GetProperty("tol").GetDouble(), typeof(T) == typeof(float) ? 1e-6 : 0);

    /// <summary>
    /// An iterative solver's own tolerance, times the slack; float reaches what the golden values' README gives it.
    /// </summary>
    private static double GoldenTolerance(GoldenCase golden, double slack) =>
        typeof(T) == typeof(float) ? GoldenCase.Tolerance<T>() : slack * golden.Meta.GetProperty("tol").GetDouble();
}
