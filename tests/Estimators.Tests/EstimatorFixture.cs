using System.Numerics;
using VemKernels.Reference;
using VemKernels.Simd;
using VemKernels.Solvers;

namespace VemKernels.Estimators.Tests;

/// <summary>A backend that estimator tests run on.</summary>
public sealed record EstimatorBackend(string Name, Func<IBackend> Create)
{
    public static IEnumerable<TestFixtureData> WithElementTypes =>
        from backend in (EstimatorBackend[])
        [
            new("reference", () => new ReferenceBackend()),
            new("simd", () => new SimdBackend()),
        ]
        from type in (Type[])[typeof(float), typeof(double)]
        select new TestFixtureData(type, backend);

    public override string ToString() => Name;
}

/// <summary>What the estimator tests share: a backend for each test, options, and comparisons.</summary>
internal abstract class EstimatorFixture<T>(EstimatorBackend backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected static readonly RandomSearchOptions Search = new() { Alphas = [0.1, 1, 10, 100] };

    protected IBackend Backend { get; private set; } = null!;

    protected static double Tolerance => typeof(T) == typeof(float) ? 1e-4 : 1e-9;

    [SetUp]
    public void Start() => Backend = backend.Create();

    [TearDown]
    public void Stop() => Backend.Dispose();

    /// <summary>Asserts that two matrices differ by no more than a share of the largest entry.</summary>
    protected static void AssertClose(MatrixView<T> actual, MatrixView<T> expected, double tolerance, string name)
    {
        Assert.That((actual.Rows, actual.Columns), Is.EqualTo((expected.Rows, expected.Columns)), $"shape of {name}");
        double worst = 0;
        double largest = 0;
        for (nint i = 0; i < expected.Rows; i++)
        {
            for (nint j = 0; j < expected.Columns; j++)
            {
                double a = double.CreateTruncating(actual[i, j]);
                double b = double.CreateTruncating(expected[i, j]);
                if (a.Equals(b))
                {
                    continue; // Equal infinities too: the delta of a space that has no weight.
                }

                Assert.That(double.IsFinite(a) && double.IsFinite(b), $"{name}({i}, {j}) is {a}; expected {b}");
                worst = Math.Max(worst, Math.Abs(a - b));
                largest = Math.Max(largest, Math.Abs(b));
            }
        }

        Assert.That(worst, Is.LessThanOrEqualTo(tolerance * largest), $"largest error of {name}");
    }

    /// <summary>All estimators fitted, each with the inputs that predict its new samples.</summary>
    protected IEnumerable<(Estimator<T> Estimator, IReadOnlyList<MatrixView<T>> New)> FitAll(
        Problem<T> problem, bool intercept = false) =>
        Unfitted(intercept).Select(kind =>
            (kind.Estimator.Fit(kind.Inputs(problem).Fit, problem.Y), kind.Inputs(problem).New));

    /// <summary>An estimator of each kind, and what it is fitted to and predicts from.</summary>
    protected IEnumerable<EstimatorKind<T>> Unfitted(bool intercept = false)
    {
        RandomSearchOptions search = Search with { FitIntercept = intercept };
        yield return new(new RidgeCV<T>(Backend, new() { Search = search }), One);
        yield return new(new BandedRidgeCV<T>(Backend, new() { Search = search, Iterations = 5, Seed = 1 }), Spaces);
        yield return new(new KernelRidgeCV<T>(Backend, new() { Search = search }), One);
        yield return new(new KernelRidgeCV<T>(Backend, new() { Search = search, Kernel = Given }), OneKernel);
        yield return new(new MultipleKernelRidgeCV<T>(Backend, new() { Search = search, Iterations = 5, Seed = 1 }), Spaces);
        yield return new(
            new MultipleKernelRidgeCV<T>(Backend, new() { Search = search, Iterations = 5, Seed = 1, Kernels = [Given] }), Kernels);
        yield return new(new Ridge<T>(Backend, new() { Alphas = [2], FitIntercept = intercept }), One);
        yield return new(
            new KernelRidge<T>(
                Backend, new() { Kernel = PairwiseKernel.Rbf(0.1), Model = new() { Alphas = [2], FitIntercept = intercept } }),
            One);
        yield return new(
            new WeightedKernelRidge<T>(
                Backend,
                new()
                {
                    Kernels = [PairwiseKernel.Linear, PairwiseKernel.Polynomial(2, 0.1)],
                    Deltas = [[0.5], [-1]],
                    Model = new() { FitIntercept = intercept },
                }),
            Spaces);
        yield return new(
            new MultipleKernelRidgeCV<T>(
                Backend,
                new()
                {
                    Solver = MultipleKernelSolver.HyperGradient,
                    Kernels = [PairwiseKernel.Linear, PairwiseKernel.Cosine],
                    HyperGradient = new() { FitIntercept = intercept, Seed = 0, MaxIterations = 3 },
                }),
            One);
        yield return new(
            new MultipleKernelRidgeCV<T>(
                Backend,
                new()
                {
                    Solver = MultipleKernelSolver.RandomSearchThenHyperGradient,
                    Search = search,
                    Iterations = 3,
                    Seed = 1,
                    HyperGradient = new() { FitIntercept = intercept, Seed = 0, MaxIterations = 3 },
                },
                Columns),
            SideBySide);
        yield return new(
            new SparseGroupLasso<T>(Backend, new() { Groups = [0, 0, 0, 1, 1, 1], FitIntercept = intercept }), One);
        yield return new(
            new SparseGroupLassoCV<T>(
                Backend, new() { Search = new() { L21 = [0.3, 0.1], L1 = [0.2, 0.05], FitIntercept = intercept } }),
            One);
    }

    /// <summary>Columns of both spaces of the problem, side by side.</summary>
    protected static KernelColumns<T> Columns { get; } = new(
    [
        new("first", ColumnSelection.Range(..6), KernelPipeline<T>.Passthrough),
        new("second", ColumnSelection.Range(6..), new() { Kernel = PairwiseKernel.Rbf(), Weight = 2 }),
    ]);

    private static PairwiseKernel Given => PairwiseKernel.Precomputed;

    private static (IReadOnlyList<MatrixView<T>>, IReadOnlyList<MatrixView<T>>) One(Problem<T> problem) =>
        ([problem.X[0]], [problem.XNew[0]]);

    private static (IReadOnlyList<MatrixView<T>>, IReadOnlyList<MatrixView<T>>) OneKernel(Problem<T> problem) =>
        ([problem.K[0]], [problem.KNew[0]]);

    private static (IReadOnlyList<MatrixView<T>>, IReadOnlyList<MatrixView<T>>) Spaces(Problem<T> problem) =>
        (problem.X, problem.XNew);

    private static (IReadOnlyList<MatrixView<T>>, IReadOnlyList<MatrixView<T>>) Kernels(Problem<T> problem) =>
        (problem.K, problem.KNew);

    private static (IReadOnlyList<MatrixView<T>>, IReadOnlyList<MatrixView<T>>) SideBySide(Problem<T> problem) =>
        ([problem.Side], [problem.SideNew]);
}
