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
    protected IEnumerable<(Estimator<T> Estimator, IReadOnlyList<MatrixView<T>> New)> FitAll(Problem<T> problem, bool intercept = false)
    {
        RandomSearchOptions search = Search with { FitIntercept = intercept };
        yield return (new RidgeCV<T>(Backend, new() { Search = search }).Fit(problem.X[0], problem.Y), [problem.XNew[0]]);
        yield return (
            new BandedRidgeCV<T>(Backend, new() { Search = search, Iterations = 5, Seed = 1 }).Fit(problem.X, problem.Y), problem.XNew);
        yield return (new KernelRidgeCV<T>(Backend, new() { Search = search }).Fit(problem.X[0], problem.Y), [problem.XNew[0]]);
        yield return (
            new KernelRidgeCV<T>(Backend, new() { Search = search, Kernel = KernelInput.Precomputed }).Fit(problem.K[0], problem.Y),
            [problem.KNew[0]]);
        yield return (
            new MultipleKernelRidgeCV<T>(Backend, new() { Search = search, Iterations = 5, Seed = 1 }).Fit(problem.X, problem.Y),
            problem.XNew);
        yield return (
            new MultipleKernelRidgeCV<T>(
                Backend, new() { Search = search, Iterations = 5, Seed = 1, Kernels = KernelInput.Precomputed }).Fit(problem.K, problem.Y),
            problem.KNew);
    }
}
