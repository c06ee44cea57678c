using System.Numerics;
using NUnit.Framework;
using VemKernels.Simd;
using VemKernels.Solvers;

namespace VemKernels.Interop.Tests;

/// <summary>Each solver through the C border gives what it gives in C#, to the bit.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
public sealed unsafe class SolverExportTests<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Samples = 24;
    private const int Targets = 7;
    private static readonly double[] Alphas = [0.1, 1, 10];
    private static readonly Fold[] Folds = CrossValidationSplits.KFold(Samples, 4);

    private ulong _handle;
    private SimdBackend _backend = null!;
    private Matrix<T> _x0 = null!;
    private Matrix<T> _x1 = null!;
    private Matrix<T> _y = null!;
    private Matrix<T> _k0 = null!;
    private Matrix<T> _k1 = null!;
    private Matrix<double> _gammas = null!;
    private SplitLists _splits = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _handle = Library.Start();
        _backend = new SimdBackend(2);
        _x0 = Library.Draw<T>(Samples, 5, 1);
        _x1 = Library.Draw<T>(Samples, 3, 2);
        _y = Library.Draw<T>(Samples, Targets, 3);
        _k0 = PairwiseKernels.Compute(_backend, PairwiseKernel.Linear, _x0.View);
        _k1 = PairwiseKernels.Compute(_backend, PairwiseKernel.Rbf(0.2), _x1.View);
        _gammas = DirichletSamples.Generate(6, 2, DirichletSamples.DefaultConcentrations, 0);
        _splits = new SplitLists(Folds);
    }

    /// <summary>NUnit disposes the fixture after its tests.</summary>
    public void Dispose()
    {
        Library.Succeeds(Library.Free(_handle));
        foreach (IDisposable disposable in (IDisposable[])[_backend, _x0, _x1, _y, _k0, _k1, _gammas, _splits])
        {
            disposable.Dispose();
        }
    }

    [Test]
    public void Ridge_in_any_strides()
    {
        // The weights lie transposed in the caller's memory.
        using Matrix<T> memory = new(Targets, 5);
        using Matrix<T> intercept = new(1, Targets);
        VemMatrix x = Library.Describe(_x0.View);
        VemMatrix y = Library.Describe(_y.View);
        VemMatrix b = Library.Describe(memory.View.Transposed);
        VemMatrix c = Library.Describe(intercept.View);
        int used = -1;
        delegate* unmanaged[Cdecl]<ulong, VemMatrix*, VemMatrix*, VemRidgeOptions*, VemMatrix*, VemMatrix*, int*,
            VemCall*, int>
            solve = &RidgeExports.Ridge;
        fixed (double* alphas = Alphas)
        {
            VemRidgeOptions options = Defaults.Ridge with { Alphas = alphas + 1, AlphasCount = 1, FitIntercept = 1 };
            Library.Succeeds(solve(_handle, &x, &y, &options, &b, &c, &used, null));
        }

        using RidgeResult<T> expected = Ridge.Solve(
            _backend, _x0.View, new MatrixTargetSource<T>(_y.View), new RidgeOptions { Alphas = [1],
                FitIntercept = true });
        Library.AreSame(memory.View.Transposed, expected.Weights!.View, "weights");
        Library.AreSame(intercept.View, expected.Intercept!.View, "intercept");
        Assert.That((RidgeSolver)used, Is.EqualTo(expected.Solver));
    }

    [Test]
    public void Banded_ridge_with_every_output()
    {
        using Matrix<T> deltas = new(2, Targets);
        using Matrix<T> best = new(1, Targets);
        using Matrix<T> scores = new(6, Targets);
        using Matrix<T> primal = new(8, Targets);
        using Matrix<T> intercept = new(1, Targets);
        int* candidates = stackalloc int[Targets];
        VemMatrix* spaces = stackalloc VemMatrix[] { Library.Describe(_x0.View), Library.Describe(_x1.View) };
        VemMatrix y = Library.Describe(_y.View);
        VemMatrix gammas = Library.Describe(_gammas.View);
        VemSplits splits = _splits.Value;
        VemRandomSearchResults results = new()
        {
            Size = sizeof(VemRandomSearchResults), Deltas = Library.Describe(deltas.View),
            BestAlphas = Library.Describe(best.View), CvScores = Library.Describe(scores.View),
            PrimalWeights = Library.Describe(primal.View), Intercept = Library.Describe(intercept.View),
            BestCandidates = candidates,
        };
        delegate* unmanaged[Cdecl]<
            ulong, VemMatrix*, long, VemMatrix*, VemMatrix*, VemSplits*, VemRandomSearchOptions*,
                VemRandomSearchResults*,
            VemCall*, int> solve = &RandomSearchExports.BandedRidge;
        fixed (double* alphas = Alphas)
        {
            VemRandomSearchOptions options = Defaults.RandomSearch with
            {
                Alphas = alphas, AlphasCount = Alphas.Length, FitIntercept = 1,
            };
            Library.Succeeds(solve(_handle, spaces, 2, &y, &gammas, &splits, &options, &results, null));
        }

        using RandomSearchResult<T> expected = BandedRidge.Solve(
            _backend, [_x0.View, _x1.View], new MatrixTargetSource<T>(_y.View), _gammas.View, Folds,
            new RandomSearchOptions { Alphas = Alphas, FitIntercept = true, Weights = WeightKind.Primal });
        Library.AreSame(deltas.View, expected.Deltas.View, "deltas");
        Library.AreSame(best.View, expected.BestAlphas.View, "alphas");
        Library.AreSame(scores.View, expected.CvScores.View, "scores");
        Library.AreSame(primal.View, expected.Weights!.View, "weights");
        Library.AreSame(intercept.View, expected.Intercept!.View, "intercept");
        Assert.That(new Span<int>(candidates, Targets).ToArray(), Is.EqualTo(expected.BestCandidates));
    }

    [Test]
    public void Multiple_kernel_ridge_and_its_predictions()
    {
        using Matrix<T> deltas = new(2, Targets);
        using Matrix<T> dual = new(Samples, Targets);
        using Matrix<T> predicted = new(Samples, Targets);
        VemMatrix* kernels = stackalloc VemMatrix[] { Library.Describe(_k0.View), Library.Describe(_k1.View) };
        VemMatrix y = Library.Describe(_y.View);
        VemMatrix gammas = Library.Describe(_gammas.View);
        VemSplits splits = _splits.Value;
        VemMatrix d = Library.Describe(deltas.View);
        VemMatrix w = Library.Describe(dual.View);
        VemMatrix p = Library.Describe(predicted.View);
        VemRandomSearchResults results = new() { Size = sizeof(VemRandomSearchResults), Deltas = d, DualWeights = w };
        delegate* unmanaged[Cdecl]<
            ulong, VemMatrix*, long, VemMatrix*, VemMatrix*, VemSplits*, VemRandomSearchOptions*, VemMatrix*,
            VemRandomSearchResults*, VemCall*, int> solve = &RandomSearchExports.MultipleKernelRidge;
        delegate* unmanaged[Cdecl]<ulong, VemMatrix*, long, VemMatrix*, VemMatrix*, VemMatrix*, VemMatrix*, VemCall*,
            int>
            predict = &PredictionExports.Predict;
        fixed (double* alphas = Alphas)
        {
            VemRandomSearchOptions options = Defaults.RandomSearch with { Alphas = alphas, AlphasCount = 3 };
            Library.Succeeds(solve(_handle, kernels, 2, &y, &gammas, &splits, &options, null, &results, null));
        }

        Library.Succeeds(predict(_handle, kernels, 2, &w, &d, null, &p, null));
        using RandomSearchResult<T> expected = MultipleKernelRidge.Solve(
            _backend, [_k0.View, _k1.View], new MatrixTargetSource<T>(_y.View), _gammas.View, Folds,
            new RandomSearchOptions { Alphas = Alphas });
        using Matrix<T> expectedPredictions = new(Samples, Targets);
        Predictions.Predict(
            _backend, [_k0.View, _k1.View], expected.Weights!.View, expected.Deltas.View, null,
                expectedPredictions.View);
        Library.AreSame(deltas.View, expected.Deltas.View, "deltas");
        Library.AreSame(dual.View, expected.Weights!.View, "weights");
        Library.AreSame(predicted.View, expectedPredictions.View, "predictions");
    }

    [Test]
    public void Kernel_ridge_and_weighted_kernel_ridge()
    {
        using Matrix<T> dual = new(Samples, Targets);
        using Matrix<T> deltas = new(2, 1);
        int* iterations = stackalloc int[Targets];
        VemMatrix* kernels = stackalloc VemMatrix[] { Library.Describe(_k0.View), Library.Describe(_k1.View) };
        VemMatrix y = Library.Describe(_y.View);
        VemMatrix w = Library.Describe(dual.View);
        VemMatrix d = Library.Describe(deltas.View);
        delegate* unmanaged[Cdecl]<
            ulong, VemMatrix*, VemMatrix*, VemKernelRidgeOptions*, VemMatrix*, VemMatrix*, VemMatrix*, int*, VemCall*,
                int>
            one = &KernelRidgeExports.KernelRidge;
        Library.Succeeds(one(_handle, kernels, &y, null, null, &w, null, iterations, null));
        using DualWeightsResult<T> expectedOne = KernelRidge.Solve(
            _backend, _k0.View, new MatrixTargetSource<T>(_y.View), new KernelRidgeOptions());
        Library.AreSame(dual.View, expectedOne.Weights!.View, "one kernel");
        Assert.That(new Span<int>(iterations, Targets).ToArray(), Is.All.Zero, "a direct solver");

        delegate* unmanaged[Cdecl]<
            ulong, VemMatrix*, long, VemMatrix*, VemMatrix*, VemWeightedKernelRidgeOptions*, VemMatrix*, VemMatrix*,
                VemMatrix*,
            int*, VemCall*, int> weighted = &KernelRidgeExports.WeightedKernelRidge;
        Library.Succeeds(weighted(_handle, kernels, 2, &y, &d, null, null, &w, null, iterations, null));
        using DualWeightsResult<T> expected = WeightedKernelRidge.Solve(
            _backend, [_k0.View, _k1.View], new MatrixTargetSource<T>(_y.View), deltas.View,
            new WeightedKernelRidgeOptions());
        Library.AreSame(dual.View, expected.Weights!.View, "weighted");
        Assert.That(new Span<int>(iterations, Targets).ToArray(), Is.EqualTo(expected.Iterations));
    }

    [Test]
    public void Hyper_gradient_descent_from_given_deltas()
    {
        using Matrix<T> start = new(2, Targets);
        using Matrix<T> deltas = new(2, Targets);
        using Matrix<T> scores = new(3, Targets);
        VemMatrix* kernels = stackalloc VemMatrix[] { Library.Describe(_k0.View), Library.Describe(_k1.View) };
        VemMatrix y = Library.Describe(_y.View);
        VemMatrix from = Library.Describe(start.View);
        VemSplits splits = _splits.Value;
        VemHyperGradientOptions options = Defaults.HyperGradient with
        {
            MaxIterations = 3, Seed = 0, Initial = (int)InitialKind.Given,
        };
        VemHyperGradientResults results = new()
        {
            Size = sizeof(VemHyperGradientResults), Deltas = Library.Describe(deltas.View),
            CvScores = Library.Describe(scores.View),
        };
        delegate* unmanaged[Cdecl]<
            ulong, VemMatrix*, long, VemMatrix*, VemSplits*, VemHyperGradientOptions*, VemMatrix*, VemMatrix*,
                VemMatrix*,
            VemHyperGradientResults*, VemCall*, int> solve = &HyperGradientExports.HyperGradient;
        Library.Succeeds(solve(_handle, kernels, 2, &y, &splits, &options, &from, null, null, &results, null));
        using HyperGradientResult<T> expected = HyperGradientDescent.Solve(
            _backend, [_k0.View, _k1.View], new MatrixTargetSource<T>(_y.View), Folds,
            new HyperGradientOptions { MaxIterations = 3, Seed = 0 }, InitialDeltas<T>.Given(start.View));
        Library.AreSame(deltas.View, expected.Deltas.View, "deltas");
        Library.AreSame(scores.View, expected.CvScores.View, "scores");
    }

    [Test]
    public void Sparse_group_lasso_with_cross_validation()
    {
        double* penalties = stackalloc double[] { 0.2, 0.05 };
        int* groups = stackalloc int[] { 0, 0, 1, 1, 2 };
        int* converged = stackalloc int[Targets];
        using Matrix<T> weights = new(5, Targets);
        using Matrix<T> l1 = new(1, Targets);
        using Matrix<T> scores = new(4, Targets);
        VemMatrix x = Library.Describe(_x0.View);
        VemMatrix y = Library.Describe(_y.View);
        VemSplits splits = _splits.Value;
        VemSparseGroupLassoOptions options = Defaults.SparseGroupLasso with
        {
            L21 = penalties, L21Count = 2, L1 = penalties, L1Count = 2, Groups = groups, GroupsCount = 5,
        };
        VemSparseGroupLassoResults results = new()
        {
            Size = sizeof(VemSparseGroupLassoResults), Weights = Library.Describe(weights.View),
            BestL1 = Library.Describe(l1.View), CvScores = Library.Describe(scores.View), Converged = converged,
        };
        delegate* unmanaged[Cdecl]<
            ulong, VemMatrix*, VemMatrix*, VemSplits*, VemSparseGroupLassoOptions*, VemSparseGroupLassoResults*,
                VemCall*, int>
            solve = &LassoExports.SparseGroupLassoCV;
        Library.Succeeds(solve(_handle, &x, &y, &splits, &options, &results, null));
        using SparseGroupLassoCVResult<T> expected = SparseGroupLassoCV.Solve(
            _backend, _x0.View, new MatrixTargetSource<T>(_y.View), Folds,
            new SparseGroupLassoCVOptions { L21 = [0.2, 0.05], L1 = [0.2, 0.05], Groups = [0, 0, 1, 1, 2] });
        Library.AreSame(weights.View, expected.Refit.Weights!.View, "weights");
        Library.AreSame(l1.View, expected.BestL1.View, "l1");
        Library.AreSame(scores.View, expected.CvScores.View, "scores");
        Assert.That(
            new Span<int>(converged, Targets).ToArray(), Is.EqualTo(expected.Refit.Converged.Select(met =>
                met ? 1 : 0)));
    }

    [Test]
    public void Batched_factorisations_are_those_of_each_matrix()
    {
        const int Count = 3;
        const int N = 4;
        using Matrix<T> stack = new(Count * N, N);
        for (int i = 0; i < Count * N; i++)
        {
            for (int j = 0; j < N; j++)
            {
                stack[i, j] = _k0[(i / N * N) + (i % N), (i / N * N) + j];
            }
        }

        using Matrix<T> vectors = Matrix<T>.From(stack.View);
        using Matrix<T> values = new(Count, N);
        VemMatrix q = Library.Describe(vectors.View);
        VemMatrix w = Library.Describe(values.View);
        delegate* unmanaged[Cdecl]<ulong, VemMatrix*, VemMatrix*, long, VemCall*, int> eigen =
            &FactorisationExports.SymmetricEigen;
        Library.Succeeds(eigen(_handle, &q, &w, Count, null));

        // A q = q diag(w), each.
        double tolerance = typeof(T) == typeof(float) ? 1e-4 : 1e-12;
        for (int b = 0; b < Count; b++)
        {
            for (int i = 0; i < N; i++)
            {
                for (int j = 0; j < N; j++)
                {
                    T sum = T.Zero;
                    for (int k = 0; k < N; k++)
                    {
                        sum += stack[(b * N) + i, k] * vectors[(b * N) + k, j];
                    }

                    T expected = vectors[(b * N) + i, j] * values[b, j];
                    Assert.That(double.CreateTruncating(sum),
                        Is.EqualTo(double.CreateTruncating(expected)).Within(tolerance));
                }
            }
        }
    }

    [Test]
    public void Scores_of_a_callback_are_those_of_the_library()
    {
        VemMatrix k = Library.Describe(_k0.View);
        VemMatrix y = Library.Describe(_y.View);
        VemSplits splits = _splits.Value;
        using Matrix<T> own = new(1, Targets);
        using Matrix<T> library = new(1, Targets);
        delegate* unmanaged[Cdecl]<
            ulong, VemMatrix*, VemMatrix*, VemSplits*, VemRandomSearchOptions*, VemRandomSearchResults*, VemCall*,
                int> solve =
            &RandomSearchExports.KernelRidgeCV;
        VemRandomSearchResults results = new()
        {
            Size = sizeof(VemRandomSearchResults), CvScores = Library.Describe(own.View),
        };
        VemRandomSearchOptions options = Defaults.RandomSearch with { ScoreFunction = &Callbacks.NegativeSquaredError };
        Library.Succeeds(solve(_handle, &k, &y, &splits, &options, &results, null));
        results.CvScores = Library.Describe(library.View);
        options = Defaults.RandomSearch;
        Library.Succeeds(solve(_handle, &k, &y, &splits, &options, &results, null));
        for (int j = 0; j < Targets; j++)
        {
            double expected = double.CreateTruncating(library[0, j]);
            Assert.That(double.CreateTruncating(own[0, j]), Is.EqualTo(expected).Within(1e-5 * Math.Abs(expected)));
        }

        options = Defaults.RandomSearch with { ScoreFunction = &Callbacks.Refuse };
        Library.Fails(solve(_handle, &k, &y, &splits, &options, &results, null), VemStatus.CallbackFailed, "17");
    }
}
