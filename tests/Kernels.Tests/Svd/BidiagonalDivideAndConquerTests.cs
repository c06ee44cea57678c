using System.Numerics;
using System.Runtime.Intrinsics;
using NUnit.Framework;
using VemKernels.Simd;

namespace VemKernels.Tests.Svd;

/// <summary>
/// Bidiagonal matrices that take every way through deflation, checked by LAPACK's ratios (xBDT03, xORT01).
/// </summary>
[TestFixture(typeof(Simd128<float>), typeof(Vector128<float>), typeof(float))]
[TestFixture(typeof(Simd128<double>), typeof(Vector128<double>), typeof(double))]
[TestFixture(typeof(Simd256<double>), typeof(Vector256<double>), typeof(double))]
[TestFixture(typeof(Simd512<float>), typeof(Vector512<float>), typeof(float))]
[TestFixture(typeof(Simd512<double>), typeof(Vector512<double>), typeof(double))]
internal sealed unsafe class BidiagonalDivideAndConquerTests<S, V, T> : IDisposable
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly string[] s_families =
    [
        "random", "ones", "identity", "zero", "zero diagonal", "zeros on the diagonal", "zeros above it",
        "one block apart", "Toeplitz", "graded down", "graded up", "graded to the middle", "clustered", "two values",
        "glued", "tiny", "huge", "tiny beside huge", "weak couplings", "equal halves",
    ];

    private static readonly int[] s_sizes = [1, 2, 3, 31, 32, 33, 34, 65, 100, 129, 150];

    private SimdContext _context = null!;

    [OneTimeSetUp]
    public void Start()
    {
        SvdFixtures.RequireVectors<V, T>();
        _context = new SimdContext(new WorkerPool(2), new ScratchPool());
    }

    /// <summary>Called by NUnit at the end.</summary>
    public void Dispose() => _context?.Dispose();

    [Test]
    public void Every_family_is_decomposed_to_rounding([ValueSource(nameof(s_families))] string family)
    {
        foreach (int n in s_sizes)
        {
            Check(family, n);
        }
    }

    [Test]
    public void The_singular_values_of_the_second_difference_are_known([Values(40, 200)] int n)
    {
        // B'B of d = 1, e = -1 is the second difference with one free end: 2 sin((2 j + 1) pi / (4 n + 2)).
        double[] found = Check("Toeplitz", n);
        Array.Sort(found);
        for (int j = 0; j < n; j++)
        {
            double expected = 2 * Math.Sin(((2 * j) + 1) * Math.PI / ((4 * n) + 2));
            Assert.That(found[j], Is.EqualTo(expected).Within(5 * n * SvdResiduals.Epsilon<T>()));
        }
    }

    [Test]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        T[]? expected = null;
        foreach (int threads in new[] { 1, 2, 3 })
        {
            using SimdContext context = new(new WorkerPool(threads), new ScratchPool());
            (double[] d, double[] e) = Make("random", 300);
            using Matrix<T> X = new(300, 300);
            using Matrix<T> Y = new(300, 300);
            Run(context, d, e, X.View, Y.View);
            T[] all = [.. new Span<T>(X.View.Pointer, 300 * 300), .. new Span<T>(Y.View.Pointer, 300 * 300)];
            expected ??= all;
            Assert.That(all.AsSpan().SequenceEqual(expected), $"{threads} threads");
        }
    }

    private double[] Check(string family, int n)
    {
        (double[] d, double[] e) = Make(family, n);
        using Matrix<T> X = new(n, n);
        using Matrix<T> Y = new(n, n);
        X.View.Fill(T.NaN);
        Y.View.Fill(T.NaN);
        double[] values = [.. d];
        Run(_context, values, [.. e], X.View, Y.View);

        double scale = d.Concat(e).Select(Math.Abs).DefaultIfEmpty(0).Max();
        double unit = scale == 0 ? 1 : scale;
        double error = 0;
        double norm = 0;
        for (int i = 0; i < n; i++)
        {
            Assert.That(values[i], Is.GreaterThanOrEqualTo(0), $"{family} {n}");
            for (int j = 0; j < n; j++)
            {
                // (X B)(i, j) = s(i) Y(i, j): rows of X and Y are singular vectors.
                double sum = double.CreateChecked(X.View[i, j]) * (d[j] / unit);
                sum += j == 0 ? 0 : double.CreateChecked(X.View[i, j - 1]) * (e[j - 1] / unit);
                double difference = sum - (values[i] / unit * double.CreateChecked(Y.View[i, j]));
                error += difference * difference;
            }

            norm += d[i] / unit * (d[i] / unit) + (i < n - 1 ? e[i] / unit * (e[i] / unit) : 0);
        }

        double ratio = Math.Sqrt(error / Math.Max(1, norm)) / (n * SvdResiduals.Epsilon<T>());
        Assert.That(ratio, Is.LessThan(SvdResiduals.Limit), $"X B - diag(s) Y: {family} {n}");
        Assert.That(SvdResiduals.Orthonormality(X.View), Is.LessThan(SvdResiduals.Limit), $"I - X'X: {family} {n}");
        Assert.That(SvdResiduals.Orthonormality(Y.View), Is.LessThan(SvdResiduals.Limit), $"I - Y'Y: {family} {n}");
        return values;
    }

    private static void Run(SimdContext context, double[] d, double[] e, MatrixView<T> X, MatrixView<T> Y)
    {
        double[] superdiagonal = [.. e, 0];
        fixed (double* diagonal = d, above = superdiagonal)
        {
            BidiagonalDivideAndConquer<S, V, T>.Run(context, diagonal, above, X, Y, CancellationToken.None);
        }
    }

    /// <summary>The diagonal, n elements, and the superdiagonal, n - 1.</summary>
    private static (double[] D, double[] E) Make(string family, int n)
    {
        Random random = new(n);
        bool single = typeof(T) == typeof(float);
        double least = single ? 1e-6 : 1e-14;
        double far = single ? 1e-15 : 1e-120;
        double Normal() => SvdMatrices.Normal(random);
        double Sign() => random.Next(2) == 0 ? -1 : 1;
        (double[], double[]) Of(Func<int, double> d, Func<int, double> e) =>
            ([.. Enumerable.Range(0, n).Select(d)], [.. Enumerable.Range(0, n - 1).Select(e)]);

        return family switch
        {
            "random" => Of(_ => Normal(), _ => Normal()),
            "ones" => Of(_ => 1, _ => 1),
            "identity" => Of(_ => 1, _ => 0),
            "zero" => Of(_ => 0, _ => 0),
            "zero diagonal" => Of(_ => 0, _ => Normal()),
            "zeros on the diagonal" => Of(i => i % 7 == 3 ? 0 : Normal(), _ => Normal()),
            "zeros above it" => Of(_ => Normal(), i => i % 5 == 2 ? 0 : Normal()),
            "one block apart" => Of(i => i < n / 2 ? 0 : Normal(), i => i < n / 2 ? 0 : Normal()),
            "Toeplitz" => Of(_ => 1, _ => -1),
            "graded down" => Of(i => Math.Pow(least, (double)i / n), i => Math.Pow(least, (i + 0.5) / n)),
            "graded up" => Of(i => Math.Pow(least, (double)(n - i) / n), i => Math.Pow(least, (n - i - 0.5) / n)),
            "graded to the middle" => Of(
                i => Math.Pow(least, Math.Abs(i - (n / 2.0)) / n), i => Math.Pow(least, Math.Abs(i - (n / 2.0)) / n)),
            "clustered" => Of(_ => Sign() * (1 + (least * Normal())), _ => least * Normal()),
            "two values" => Of(i => i % 2 == 0 ? 1 : 2, _ => Math.Sqrt(least)),
            "glued" => Of(i => 1 + (i % 10), i => i % 10 == 9 ? least : 1),
            "tiny" => Of(_ => far * Normal(), _ => far * Normal()),
            "huge" => Of(_ => Normal() / far, _ => Normal() / far),
            "tiny beside huge" => Of(i => (i < n / 2 ? far : 1) * Normal(), i => (i < n / 2 ? far : 1) * Normal()),
            "weak couplings" => Of(_ => 1 + random.NextDouble(), i => Math.Pow(least, random.NextDouble() * 2)),
            "equal halves" => Of(i => 1 + (i % ((n + 1) / 2)), i => i == n / 2 - 1 ? 1e-3 : 0.5),
            _ => throw new ArgumentException(family, nameof(family)),
        };
    }
}
