using System.Numerics;

namespace VemKernels.Solvers.Tests.Golden;

/// <summary>
/// Ridge, banded ridge, kernel ridge and multiple-kernel ridge by random search against the golden values.
/// </summary>
[TestFixtureSource(typeof(SolverBackends), nameof(SolverBackends.WithElementTypes))]
internal sealed class RandomSearchGoldenTests<T>(SolverBackend backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly string[] MultipleKernelCases =
    [
        "mkr_conservative", "mkr_dual_corr", "mkr_dual_kfold5", "mkr_dual_r2", "mkr_dual_runs", "mkr_gapped_splits",
        "mkr_global_alpha",
        "mkr_intercept", "mkr_jitter", "mkr_primal", "mkr_seeded",
    ];

    private static readonly string[] RidgeCases =
    [
        .. from cv in (string[])["kfold5", "runs"] from local in (int[])[0, 1] from intercept in (int[])[0, 1]
            select $"ridge_cv_{cv}_local{local}_intercept{intercept}",
    ];

    private static readonly string[] KernelRidgeCases =
    [
        .. from cv in (string[])["kfold5", "runs"] from intercept in (int[])[0, 1] select $"kernel_ridge_cv_{cv}_intercept{intercept}",
    ];

    private static readonly string[] BandedRidgeCases =
    [
        .. from score in (string[])["correlation_score", "l2_neg_loss", "r2_score"] from intercept in (int[])[0, 1]
            select $"banded_ridge_{score}_intercept{intercept}",
    ];

    private IBackend _backend = null!;

    [SetUp]
    public void Start() => _backend = backend.Create();

    [TearDown]
    public void Stop() => _backend.Dispose();

    [TestCaseSource(nameof(MultipleKernelCases))]
    public void Multiple_kernel_ridge(string name) => CompareKernels(name, Factoring.Eigenvalues);

    [TestCaseSource(nameof(MultipleKernelCases))]
    public void Multiple_kernel_ridge_by_Cholesky(string name) => CompareKernels(name, Factoring.Cholesky);

    private void CompareKernels(string name, Factoring factoring)
    {
        GoldenCase golden = new(name);
        int count = golden.Count("in_Ks");
        Matrix<T>[] kernels = [.. Enumerable.Range(0, count).Select(i => golden.Matrix<T>("in_Ks", i))];
        Matrix<T>[] features = golden.Has("in_X0") ? [.. Enumerable.Range(0, count).Select(i => golden.Matrix<T>($"in_X{i}"))] : [];
        using Matrix<T> Y = golden.Matrix<T>("in_Y");
        WeightKind kind = name == "mkr_primal" ? WeightKind.Primal : WeightKind.Dual;
        using Matrix<double> gammas = Gammas(golden, count);
        using RandomSearchResult<T> fit = MultipleKernelRidge.Solve(
            _backend, [.. kernels.Select(k => k.View)], new MatrixTargetSource<T>(Y.View), gammas.View,
            golden.Folds((int)Y.Rows),
            golden.Options(kind) with { Factoring = factoring },
            kind == WeightKind.Primal ? [.. features.Select(x => x.View)] : null);
        Compare(golden, fit, "out_weights");
        foreach (Matrix<T> matrix in kernels.Concat(features))
        {
            matrix.Dispose();
        }
    }

    [TestCaseSource(nameof(BandedRidgeCases))]
    public void Banded_ridge(string name)
    {
        GoldenCase golden = new(name);
        Matrix<T>[] features = [.. Enumerable.Range(0, 3).Select(i => golden.Matrix<T>($"in_X{i}"))];
        using Matrix<T> Y = golden.Matrix<T>("in_Y");
        using Matrix<double> gammas = golden.Matrix<double>("in_gammas");
        using RandomSearchResult<T> fit = BandedRidge.Solve(
            _backend, [.. features.Select(x => x.View)], new MatrixTargetSource<T>(Y.View), gammas.View,
            golden.Folds((int)Y.Rows),
            golden.Options(WeightKind.Primal));
        Compare(golden, fit, "out_weights");
        foreach (Matrix<T> matrix in features)
        {
            matrix.Dispose();
        }
    }

    [TestCaseSource(nameof(RidgeCases))]
    public void Ridge(string name)
    {
        GoldenCase golden = new(name);
        using Matrix<T> X = golden.Matrix<T>("in_X");
        using Matrix<T> Y = golden.Matrix<T>("in_Y");
        using RandomSearchResult<T> fit = RidgeCV.Solve(
            _backend, X.View, new MatrixTargetSource<T>(Y.View), golden.Folds((int)Y.Rows),
            golden.Options(WeightKind.Primal));
        CompareOneSpace(golden, fit, "out_coefs", overAlpha: false);
    }

    [TestCaseSource(nameof(KernelRidgeCases))]
    public void Kernel_ridge(string name)
    {
        GoldenCase golden = new(name);
        using Matrix<T> K = golden.Matrix<T>("in_K");
        using Matrix<T> Y = golden.Matrix<T>("in_Y");
        using RandomSearchResult<T> fit = KernelRidgeCV.Solve(
            _backend, K.View, new MatrixTargetSource<T>(Y.View), golden.Folds((int)Y.Rows),
            golden.Options(WeightKind.Dual));
        CompareOneSpace(golden, fit, "out_dual", overAlpha: true);
    }

    private static Matrix<double> Gammas(GoldenCase golden, int kernels)
    {
        if (golden.Has("in_gammas"))
        {
            return golden.Matrix<double>("in_gammas");
        }

        return RandomCandidates.Draw(
            golden.Meta.GetProperty("n_iter").GetInt32(), kernels, golden.Meta.GetProperty("random_state").GetInt32(), [0.1, 1.0]);
    }

    private static void Compare(GoldenCase golden, RandomSearchResult<T> fit, string weightsName)
    {
        using Matrix<double> deltas = golden.Matrix<double>("out_deltas");
        using Matrix<double> scores = golden.Matrix<double>("out_cv_scores");
        using Matrix<double> weights = golden.Matrix<double>(weightsName);
        using Matrix<double>? intercept = golden.Has("out_intercept") && fit.Intercept is not null
            ? golden.Row("out_intercept")
            : null;
        GoldenFit.Check(fit, deltas.View, scores.View, weights.View, intercept?.View);
    }

    /// <summary>One space: the reference names alphas, not deltas; its dual weights are ours over alpha.</summary>
    private static void CompareOneSpace(
        GoldenCase golden, RandomSearchResult<T> fit, string weightsName, bool overAlpha)
    {
        double[] alphas = golden.Doubles("out_best_alphas");
        using Matrix<double> deltas = Matrix<double>.From(
            1, alphas.Length, Array.ConvertAll(alphas, alpha => -Math.Log(alpha)));
        using Matrix<double> scores = golden.Matrix<double>("out_cv_scores");
        using Matrix<double> weights = golden.Matrix<double>(weightsName);
        using Matrix<double>? intercept = fit.Intercept is not null ? golden.Row("out_intercept") : null;
        if (overAlpha)
        {
            for (nint i = 0; i < weights.Rows; i++)
            {
                for (nint j = 0; j < weights.Columns; j++)
                {
                    weights[i, j] *= alphas[j];
                }
            }
        }

        GoldenFit.Check(fit, deltas.View, scores.View, weights.View, intercept?.View);
    }
}
