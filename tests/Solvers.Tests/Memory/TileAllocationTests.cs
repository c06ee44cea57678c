using System.Numerics;
using VemKernels.Simd;
using VemKernels.Solvers.HyperGradient;
using VemKernels.Solvers.Tests.RandomSearch;

namespace VemKernels.Solvers.Tests.Memory;

/// <summary>
/// What a fit allocates does not grow with the number of tiles in which it goes through its targets: neither managed
/// objects nor matrices of the workspace.
/// </summary>
/// <remarks>
/// The same targets are fitted in fewer and in more tiles. Some buffers are as large as a tile, so a fit in narrow
/// tiles may allocate less; hence two pairs, of which the second has narrow tiles on both sides. The project turns
/// tiered compilation off: code that is not optimised yet boxes what optimised code does not, and how soon it is
/// optimised depends on what ran before.
/// </remarks>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
[NonParallelizable]
internal sealed class TileAllocationTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Samples = 48;
    private const int Targets = 1024;

    /// <summary>
    /// Bytes by which two fits may differ that go through 28 or 32 tiles more: under three objects a tile.
    /// </summary>
    private const long Slack = 2048;

    /// <summary>Fits that are measured; the least counts, as the runtime allocates now and then for itself.</summary>
    private const int Repeats = 5;

    private static readonly RandomSearchOptions Search = new()
    {
        Alphas = [0.1, 1, 10, 100, 1000, 10_000], Weights = WeightKind.Dual,
    };

    private static readonly Dictionary<string, Action<IBackend>> Fits = new()
    {
        ["random search, residual"] = b => MultipleKernels(b, Search with { Way = CrossValidationWay.Residual }),
        ["random search, triangular"] = b => MultipleKernels(b, Search with { Way = CrossValidationWay.Triangular }),
        ["random search, resolution, intercept"] = b => MultipleKernels(
            b, Search with { Way = CrossValidationWay.Resolution, FitIntercept = true }),
        ["random search, all alphas"] = b => MultipleKernels(b, Search with { Conservative = true }),
        ["random search, Cholesky"] = b => MultipleKernels(b, Search with { Factoring = Factoring.Cholesky }),
        ["banded ridge, primal"] = b => Banded(b, SearchSpace.Features),
        ["banded ridge, primal from kernels"] = b => Banded(b, SearchSpace.Kernels),
        ["ridge"] = PlainRidge,
        ["kernel ridge"] = b => OneKernel(b),
        ["weighted kernel ridge, conjugate gradient"] = b => Weighted(b, WeightedKernelRidgeSolver.ConjugateGradient),
        ["weighted kernel ridge, gradient descent"] = b => Weighted(b, WeightedKernelRidgeSolver.GradientDescent),
        ["weighted kernel ridge, Neumann series"] = b => Weighted(b, WeightedKernelRidgeSolver.NeumannSeries),
        ["hyper-gradient, conjugate gradient"] = b => Descent(b, new() { Method = HyperGradientMethod.ConjugateGradient }),
        ["hyper-gradient, Neumann series, gradient descent"] = b => Descent(
            b, new() { Method = HyperGradientMethod.Neumann, InnerMethod = InnerMethod.GradientDescent }),
        ["hyper-gradient, direct, intercept"] = b => Descent(
            b, new() { Method = HyperGradientMethod.Direct, FitIntercept = true }),
        ["hyper-gradient, primal, custom score, targets that stop"] = b => Descent(
            b, new() { Weights = WeightKind.Primal, FitIntercept = true, CustomScore = MeanAbsoluteError, Tolerance = 0.3 }),
        ["hyper-gradient, given dual weights"] = GivenDual,
        ["sparse group lasso, Gram form, intercept"] = b => Lasso(b, GradientForm.Gram),
        ["sparse group lasso, by features, initial weights"] = b => Lasso(b, GradientForm.Features),
        ["sparse group lasso, cross-validated"] = LassoPath,
        ["random search, custom score"] = b => MultipleKernels(b, Search with { CustomScore = MeanAbsoluteError }),
        ["random search, custom score, residual"] = b => MultipleKernels(
            b, Search with { CustomScore = MeanAbsoluteError, Way = CrossValidationWay.Residual }),
        ["random search, targets from a file"] = b => MultipleKernels(b, Search, fromFile: true),
        ["random search, targets from a file, prepared, intercept"] = b => MultipleKernels(
            b, Search with { FitIntercept = true }, fromFile: true, prepare: true),
        ["kernel ridge, targets from a file"] = b => OneKernel(b, fromFile: true),
    };

    private static IEnumerable<string> Names => Fits.Keys;

    private static Fold[] Folds => CrossValidationSplits.KFold(Samples, 4);

    [Test]
    public void Nothing_grows_with_the_number_of_tiles([ValueSource(nameof(Names))] string name)
    {
        long few = Bytes(name, 4);
        long many = Bytes(name, 32);
        long most = Bytes(name, 64);
        Assert.That(many - few, Is.LessThan(Slack), $"bytes in 32 tiles over those in 4: {many}, {few}");
        Assert.That(most - many, Is.LessThan(Slack), $"bytes in 64 tiles over those in 32: {most}, {many}");
        long ofFew = Matrices(name, 4);
        Assert.That(ofFew, Is.Positive);
        Assert.That(Matrices(name, 32), Is.LessThan(ofFew + ((32 - 4) / 2)), "matrices of the workspace: not one a tile");
    }

    private static long Bytes(string name, int tiles)
    {
        using SimdBackend backend = new(2, null, Targets / tiles);
        Fits[name](backend);
        long least = long.MaxValue;
        for (int i = 0; i < Repeats; i++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            Fits[name](backend);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return least;
    }

    /// <summary>On one thread: side by side, two candidates share the workspace in many ways.</summary>
    private static long Matrices(string name, int tiles)
    {
        using SimdBackend backend = new(1, null, Targets / tiles);
        Fits[name](backend);
        return backend.LentMatrices;
    }

    /// <summary>
    /// Predictions go through targets 2048 at a time, whatever the backend: here in 2 and in 8 tiles.
    /// </summary>
    [Test]
    public void Predictions_and_scores_allocate_no_objects_a_tile()
    {
        using SimdBackend backend = new(2);
        long few = Predicted(backend, 2 * 2048);
        long many = Predicted(backend, 8 * 2048);
        Assert.That(many - few, Is.LessThan(Slack));
    }

    private static long Predicted(IBackend backend, int targets)
    {
        const int FewSamples = 6;
        using SmallProblem<T> problem = new(seed: 7, FewSamples, targets, [3, 2]);
        using Matrix<T> dual = SmallProblem<T>.Gaussian(new RandomState(4), FewSamples, targets, 0);
        using Matrix<T> deltas = SmallProblem<T>.Gaussian(new RandomState(5), 2, targets, 0);
        using Matrix<T> predictions = new(FewSamples, targets);
        long least = long.MaxValue;
        for (int i = 0; i <= Repeats; i++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            Predictions.Predict(backend, problem.KernelViews, dual.View, deltas.View, null, predictions.View);
            using TestScores<T> scores = Predictions.Score(
                backend, problem.KernelViews, dual.View, deltas.View, problem.Targets);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return least;
    }

    private static void MultipleKernels(
        IBackend backend, RandomSearchOptions options, bool fromFile = false, bool prepare = false)
    {
        using SmallProblem<T> problem = new(seed: 1, Samples, Targets, [6, 4]);
        using Matrix<double> gammas = DirichletSamples.Generate(3, 2, [1.0], 0);
        TargetSource<T> targets = fromFile ? new UnmappedSource(problem.Y) : problem.Targets;
        if (prepare)
        {
            int[] all = [.. Enumerable.Range(0, Samples)];
            RunLabels runs = new([.. all.Select(i => i / 12)]);
            targets = new PreparedTargets<T>(targets, runs, all, all[..30]);
        }

        using RandomSearchResult<T> fit = MultipleKernelRidge.Solve(
            backend, problem.KernelViews, targets, gammas.View, Folds,
            options);
    }

    private static void Descent(IBackend backend, HyperGradientOptions options)
    {
        using SmallProblem<T> problem = new(seed: 5, Samples, Targets, [6, 4], offset: 1);
        using HyperGradientResult<T> fit = HyperGradientDescent.Solve(
            backend, problem.KernelViews, problem.Targets, Folds,
            options with
            {
                MaxIterations = 4, Seed = 0,
                Weights = options.Weights == WeightKind.None ? WeightKind.Dual : options.Weights,
            },
            features: problem.FeatureViews);
    }

    private static void GivenDual(IBackend backend)
    {
        using SmallProblem<T> problem = new(seed: 6, Samples, Targets, [6, 4]);
        using Matrix<T> deltas = SmallProblem<T>.Gaussian(new RandomState(6), 2, Targets, 0);
        using Matrix<T> dual = SmallProblem<T>.Gaussian(new RandomState(7), Samples, Targets, 0);
        using HyperGradientResult<T> fit = HyperGradientDescent.Solve(
            backend, problem.KernelViews, problem.Targets, Folds,
            new HyperGradientOptions { MaxIterations = 2, Seed = 0, InnerMethod = InnerMethod.ConjugateGradient },
            InitialDeltas<T>.Given(deltas.View, dual.View));
    }

    private static void Lasso(IBackend backend, GradientForm form)
    {
        using SmallProblem<T> problem = new(seed: 8, Samples, Targets, [6], offset: 1);
        using Matrix<T> initial = SmallProblem<T>.Gaussian(new RandomState(8), 6, Targets, 0);
        using SparseGroupLassoResult<T> fit = SparseGroupLasso.Solve(
            backend, problem.FeatureViews[0], problem.Targets,
            new SparseGroupLassoOptions
            {
                Groups = [1, 0, 0, 1, 1, -1], Gradient = form, FitIntercept = form == GradientForm.Gram,
            },
            initialWeights: form == GradientForm.Gram ? null : initial.View);
    }

    private static void LassoPath(IBackend backend)
    {
        using SmallProblem<T> problem = new(seed: 9, Samples, Targets, [6], offset: 1);
        using SparseGroupLassoCVResult<T> fit = SparseGroupLassoCV.Solve(
            backend, problem.FeatureViews[0], problem.Targets, Folds,
            new SparseGroupLassoCVOptions { L21 = [0.1, 0.01], L1 = [0.1, 0.01], FitIntercept = true });
    }

    private static void MeanAbsoluteError(
        MatrixView<double> truth, MatrixView<double> predictions, Span<double> scores)
    {
        for (int j = 0; j < scores.Length; j++)
        {
            scores[j] = 0;
            for (int i = 0; i < truth.Rows; i++)
            {
                scores[j] -= Math.Abs(truth[i, j] - predictions[i, j]) / truth.Rows;
            }
        }
    }

    private static void Banded(IBackend backend, SearchSpace space)
    {
        using SmallProblem<T> problem = new(seed: 2, Samples, Targets, [6, 4], offset: 1);
        using Matrix<double> gammas = DirichletSamples.Generate(3, 2, [1.0], 0);
        using RandomSearchResult<T> fit = BandedRidge.Solve(
            backend, problem.FeatureViews, problem.Targets, gammas.View, Folds,
            Search with { Weights = WeightKind.Primal, FitIntercept = true, Space = space });
    }

    private static void PlainRidge(IBackend backend)
    {
        using SmallProblem<T> problem = new(seed: 3, Samples, Targets, [6], offset: 1);
        double[] alphas = [.. Enumerable.Range(1, Targets).Select(j => (double)j)];
        using RidgeResult<T> fit = Ridge.Solve(
            backend, problem.FeatureViews[0], problem.Targets, new RidgeOptions { FitIntercept = true, Alphas = alphas });
    }

    private static void OneKernel(IBackend backend, bool fromFile = false)
    {
        using SmallProblem<T> problem = new(seed: 3, Samples, Targets, [6], offset: 1);
        double[] sampleWeights = [.. Enumerable.Range(0, Samples).Select(i => i % 3.0)];
        using DualWeightsResult<T> fit = KernelRidge.Solve(
            backend, problem.KernelViews[0], fromFile ? new UnmappedSource(problem.Y) : problem.Targets,
            new KernelRidgeOptions { FitIntercept = true, SampleWeights = sampleWeights });
    }

    private static void Weighted(IBackend backend, WeightedKernelRidgeSolver solver)
    {
        using SmallProblem<T> problem = new(seed: 4, Samples, Targets, [6, 4], offset: 1);
        using Matrix<T> deltas = SmallProblem<T>.Gaussian(new RandomState(4), 2, Targets, 0);
        using DualWeightsResult<T> fit = WeightedKernelRidge.Solve(
            backend, problem.KernelViews, problem.Targets, deltas.View,
            new WeightedKernelRidgeOptions { Solver = solver, FitIntercept = true, Tolerance = 1e-3, MaxIterations = 20 });
    }

    /// <summary>Responses of which no view can be had, as those of a file of another type.</summary>
    private sealed class UnmappedSource(Matrix<T> values) : TargetSource<T>
    {
        public override nint Samples => values.Rows;

        public override nint Targets => values.Columns;

        protected override void ReadTile(nint first, MatrixView<T> tile) =>
            values.View.SliceColumns(first, tile.Columns).CopyTo(tile);
    }
}
