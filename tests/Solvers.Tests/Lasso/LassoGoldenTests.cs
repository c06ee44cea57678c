using System.Numerics;
using VemKernels.Solvers.Tests.Golden;

namespace VemKernels.Solvers.Tests.Lasso;

/// <summary>The sparse group lasso against the golden values.</summary>
[TestFixtureSource(typeof(SolverBackends), nameof(SolverBackends.WithElementTypes))]
internal sealed class LassoGoldenTests<T>(SolverBackend backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double Slack = 10;

    /// <summary>
    /// The reference steps by a random estimate of the Lipschitz constant: run again, its own scores differ by 14 times its tolerance, and
    /// where it converges fully its weights differ by 70 times its tolerance from those of the golden file.
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
        using SparseGroupLassoResult<T> fit = SparseGroupLasso.Solve(_backend, X.View, new MatrixTargetSource<T>(Y.View), options);
        GoldenFit.Close(fit.Weights!.View, weights.View, GoldenTolerance(golden, Slack), "coef");
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
    /// An iterative solver: so many times the tolerance of its iterations, which the solution is away when the last change is so small.
    /// </summary>
    private static double GoldenTolerance(GoldenCase golden, double slack) =>
        Math.Max(GoldenCase.Tolerance<T>(), slack * golden.Meta.GetProperty("tol").GetDouble());
}
