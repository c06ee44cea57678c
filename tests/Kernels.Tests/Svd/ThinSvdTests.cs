using System.Numerics;
using System.Runtime.Intrinsics;
using NUnit.Framework;
using VemKernels.Simd;

namespace VemKernels.Tests.Svd;

[TestFixture(typeof(Simd128<float>), typeof(Vector128<float>), typeof(float))]
[TestFixture(typeof(Simd128<double>), typeof(Vector128<double>), typeof(double))]
[TestFixture(typeof(Simd256<float>), typeof(Vector256<float>), typeof(float))]
[TestFixture(typeof(Simd256<double>), typeof(Vector256<double>), typeof(double))]
[TestFixture(typeof(Simd512<float>), typeof(Vector512<float>), typeof(float))]
[TestFixture(typeof(Simd512<double>), typeof(Vector512<double>), typeof(double))]
internal sealed unsafe class ThinSvdTests<S, V, T> : IDisposable
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static bool IsSingle => typeof(T) == typeof(float);

    private static readonly (int Rows, int Columns)[] SmallShapes =
    [
        (1, 1), (1, 7), (7, 1), (2, 2), (3, 2), (5, 5), (16, 16), (17, 9), (9, 17), (33, 33), (40, 12), (48, 48),
        (100, 20), (49, 49), (60, 50),
    ];

    private static readonly (int Rows, int Columns)[] LargeShapes =
    [
        (65, 65), (100, 100), (129, 129), (200, 130), (130, 200), (300, 90), (170, 33), (701, 130), (64, 400),
    ];

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
    public void Small_matrices_of_every_family_are_decomposed_to_rounding(
        [ValueSource(typeof(SvdMatrices), nameof(SvdMatrices.Families))] string family)
    {
        foreach ((int rows, int columns) in SmallShapes)
        {
            Check(SvdMatrices.Make(family, rows, columns, IsSingle), family);
        }
    }

    [Test]
    public void Large_matrices_of_every_family_are_decomposed_to_rounding(
        [ValueSource(typeof(SvdMatrices), nameof(SvdMatrices.Families))] string family)
    {
        foreach ((int rows, int columns) in LargeShapes)
        {
            Check(SvdMatrices.Make(family, rows, columns, IsSingle), family);
        }
    }

    [Test]
    public void Every_size_up_to_forty_is_decomposed_to_rounding()
    {
        for (int n = 1; n <= 40; n++)
        {
            Check(SvdMatrices.Make("random", n, n, IsSingle), "random");
            Check(SvdMatrices.Make("random", 2 * n, n, IsSingle), "random");
            Check(SvdMatrices.Make("random", n, n + 3, IsSingle), "random");
        }
    }

    [Test]
    public void Larger_random_matrices_are_decomposed_to_rounding() =>
        Check(SvdMatrices.Make("random", 300, 257, IsSingle), "random");

    [Test]
    public void Known_singular_values_are_found([Values(6, 40, 70, 150)] int n)
    {
        Random random = new(5);
        double[] expected = [.. Enumerable.Range(0, n).Select(j => 3.0 + n - j)];
        double[,] A = SvdMatrices.WithSingularValues(random, 2 * n, n, j => expected[j]);
        T[] s = Check(A, "known");
        double tolerance = 2 * n * SvdResiduals.Epsilon<T>() * expected[0];
        Assert.That(s.Select(double.CreateChecked), Is.EqualTo(expected).Within(tolerance));
    }

    [Test]
    public void Jacobi_finds_the_small_singular_values_of_a_matrix_with_graded_columns_to_relative_accuracy(
        [Values(8, 24, 45)] int n, [Values(1, 6)] int rowsPerColumn)
    {
        // Orthogonal columns of lengths that are powers of two: the singular values are those lengths, exactly known.
        int rows = (rowsPerColumn * n) + 5;
        Random random = new(11);
        double[,] Q = SvdMatrices.WithSingularValues(random, rows, n, _ => 1);
        int step = IsSingle ? 1 : 3;
        double[,] A = SvdMatrices.Generate(rows, n, (i, j) => Q[i, j] * Math.ScaleB(1, -step * j));
        T[] s = Check(A, "graded columns");
        for (int j = 0; j < n; j++)
        {
            double expected = Math.ScaleB(1, -step * j);
            Assert.That(
                double.CreateChecked(s[j]), Is.EqualTo(expected).Within(20 * n * SvdResiduals.Epsilon<T>() * expected));
        }
    }

    [Test]
    public void Strided_and_transposed_views_come_in_and_go_out([Values(5, 30, 80)] int n)
    {
        int rows = n + 4;
        double[,] values = SvdMatrices.Make("random", rows, n, IsSingle);
        using Matrix<T> A = SvdMatrices.Round<T>(values);
        using Matrix<T> wide = new(rows, 2 * n + 3);
        using Matrix<T> fortran = new(n, rows);
        MatrixView<T> strided = new(wide.View.Pointer + 1, rows, n, wide.Columns, 2);
        A.View.CopyTo(strided);
        A.View.CopyTo(fortran.View.Transposed);
        foreach (MatrixView<T> view in new[] { strided, fortran.View.Transposed })
        {
            using Matrix<T> U = new(n, rows);
            using Matrix<T> Vt = new(n, 3 * n);
            MatrixView<T> vt = new(Vt.View.Pointer, n, n, Vt.Columns, 3);
            T[] s = new T[n];
            fixed (T* values0 = s)
            {
                ThinSvd<S, V, T>.Run(_context, view, U.View.Transposed, values0, vt, CancellationToken.None);
            }

            SvdFixtures.AssertDecomposition(A.View, U.View.Transposed, s, vt, "strided");
        }
    }

    [Test]
    public void Matrices_without_columns_or_rows_have_no_singular_values()
    {
        Check(new double[5, 0], "no columns");
        Check(new double[0, 5], "no rows");
        Check(new double[0, 0], "nothing");
    }

    [Test]
    public void Not_a_number_and_infinity_are_refused(
        [Values(3, 60)] int n, [Values(double.NaN, double.PositiveInfinity)] double value)
    {
        double[,] values = SvdMatrices.Make("random", n + 1, n, IsSingle);
        values[n / 2, n - 1] = value;
        Assert.That(() => Check(values, "not finite"), Throws.InstanceOf<ArithmeticException>());
    }

    [Test]
    public void A_cancelled_decomposition_stops([Values(10, 80)] int n)
    {
        using Matrix<T> A = SvdMatrices.Round<T>(SvdMatrices.Make("random", n, n, IsSingle));
        using Matrix<T> U = new(n, n);
        using Matrix<T> Vt = new(n, n);
        T[] s = new T[n];
        CancellationToken cancelled = new(canceled: true);
        Assert.That(
            () => Run(_context, A.View, U.View, s, Vt.View, cancelled),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Any_number_of_threads_gives_the_same_bits([Values(30, 300)] int rows, [Values(20, 60, 170)] int columns)
    {
        double[,] values = SvdMatrices.Make("random", rows, columns, IsSingle);
        T[]? expected = null;
        foreach (int threads in new[] { 1, 2, 3 })
        {
            using SimdContext context = new(new WorkerPool(threads), new ScratchPool());
            int k = Math.Min(rows, columns);
            using Matrix<T> A = SvdMatrices.Round<T>(values);
            using Matrix<T> U = new(rows, k);
            using Matrix<T> Vt = new(k, columns);
            T[] s = new T[k];
            Run(context, A.View, U.View, s, Vt.View, CancellationToken.None);
            T[] all = [.. s, .. new Span<T>(U.View.Pointer, rows * k), .. new Span<T>(Vt.View.Pointer, k * columns)];
            expected ??= all;
            Assert.That(all.AsSpan().SequenceEqual(expected), $"{threads} threads");
        }
    }

    private T[] Check(double[,] values, string family)
    {
        int rows = values.GetLength(0);
        int columns = values.GetLength(1);
        int k = Math.Min(rows, columns);
        using Matrix<T> A = SvdMatrices.Round<T>(values);
        using Matrix<T> work = Matrix<T>.From(A.View);
        using Matrix<T> U = new(rows, k);
        using Matrix<T> Vt = new(k, columns);
        U.View.Fill(T.NaN);
        Vt.View.Fill(T.NaN);
        T[] s = new T[k];
        Run(_context, work.View, U.View, s, Vt.View, CancellationToken.None);
        SvdFixtures.AssertDecomposition(A.View, U.View, s, Vt.View, family);
        return s;
    }

    private static void Run(
        SimdContext context, MatrixView<T> A, MatrixView<T> U, T[] s, MatrixView<T> Vt, CancellationToken cancellation)
    {
        fixed (T* values = s)
        {
            ThinSvd<S, V, T>.Run(context, A, U, values, Vt, cancellation);
        }
    }
}
