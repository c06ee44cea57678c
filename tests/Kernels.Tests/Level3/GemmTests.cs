using System.Numerics;
using System.Runtime.Intrinsics;
using NUnit.Framework;
using VemKernels.Simd;
using VemKernels.Tests.Svd;

namespace VemKernels.Tests.Level3;

/// <summary>Products of several phases: more rows, columns and depth than are packed at once.</summary>
[TestFixture(typeof(Simd128<float>), typeof(Vector128<float>), typeof(float))]
[TestFixture(typeof(Simd128<double>), typeof(Vector128<double>), typeof(double))]
[TestFixture(typeof(Simd256<float>), typeof(Vector256<float>), typeof(float))]
[TestFixture(typeof(Simd256<double>), typeof(Vector256<double>), typeof(double))]
[TestFixture(typeof(Simd512<float>), typeof(Vector512<float>), typeof(float))]
[TestFixture(typeof(Simd512<double>), typeof(Vector512<double>), typeof(double))]
internal sealed unsafe class GemmTests<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [OneTimeSetUp]
    public void Start() => SvdFixtures.RequireVectors<V, T>();

    /// <summary>
    /// Two super-blocks of rows, two blocks of the depth, two panels of columns; edges of one to all vectors of a tile.
    /// </summary>
    [TestCase(3085, 20, 600)]
    [TestCase(2053, 20, 400)]
    [TestCase(9, 4200, 260)]
    [TestCase(9, 6100, 260)]
    [TestCase(50, 70, 1000)]
    [TestCase(13, 33, 383)]
    [TestCase(12, 41, 384)]
    [TestCase(2050, 9, 1)]
    public void Products_of_several_phases_are_right_whatever_the_number_of_threads(int m, int n, int k)
    {
        using Matrix<T> A = Random(m, k, seed: 1);
        using Matrix<T> B = Random(k, n, seed: 2);
        using Matrix<T> start = Random(m, n, seed: 3);
        using Matrix<T> one = new(m, n);
        foreach (int threads in new[] { 1, 2, 5 })
        {
            using SimdContext context = new(new WorkerPool(threads), new ScratchPool());
            using Matrix<T> C = new(m, n);
            start.View.CopyTo(C.View);
            Gemm<S, V, T>.Run(context, T.CreateTruncating(-0.75), A.View, B.View, T.One, C.View);
            if (threads == 1)
            {
                RequireProduct(-0.75, A.View, B.View, start.View, C.View, _ => 0, i => n);
                C.View.CopyTo(one.View);
                continue;
            }

            RequireEqual(one.View, C.View);
        }
    }

    /// <summary>Packed panels that are left out hold NaN from the product before, so that none may be read.</summary>
    [TestCase(300, false)]
    [TestCase(417, true)]
    [TestCase(900, false)]
    [TestCase(900, true)]
    public void Shapes_leave_out_only_what_is_zero_or_mirrored(int n, bool columnsContiguous)
    {
        using SimdContext context = new(new WorkerPool(2), new ScratchPool());
        using Matrix<T> A = Random(n, n, seed: 4);
        using Matrix<T> B = Random(n, n, seed: 5);
        using Matrix<T> C = Random(n, n, seed: 6);
        using Matrix<T> zero = new(n, n);
        zero.View.Fill(T.Zero);
        for (int i = 0; i < n; i++)
        {
            A.View.SliceRows(i, 1).SliceColumns(0, i).Fill(T.Zero);
        }

        using Matrix<T> stored = new(n, n);
        MatrixView<T> upper = columnsContiguous ? stored.View.Transposed : stored.View;
        upper.Fill(T.NaN);
        Gemm<S, V, T>.Run(context, T.One, upper, upper, T.Zero, C.View);
        A.View.CopyTo(upper);
        GemmShapes shape = GemmShapes.UpperA | GemmShapes.LowerC;
        Gemm<S, V, T>.Run(context, T.One, upper, B.View, T.Zero, C.View, shape);
        RequireProduct(1, A.View, B.View, zero.View, C.View, i => i, i => i + 1);
    }

    [TestCase(300, false)]
    [TestCase(417, true)]
    [TestCase(901, false)]
    public void A_lower_triangle_times_a_matrix_is_right(int n, bool columnsContiguous)
    {
        using SimdContext context = new(new WorkerPool(2), new ScratchPool());
        using Matrix<T> A = Random(n, n, seed: 7);
        using Matrix<T> B = Random(n, 50, seed: 8);
        using Matrix<T> C = Random(n, 50, seed: 9);
        using Matrix<T> start = new(n, 50);
        C.View.CopyTo(start.View);
        for (int i = 0; i < n; i++)
        {
            A.View.SliceRows(i, 1).SliceColumns(i + 1, n - i - 1).Fill(T.Zero);
        }

        using Matrix<T> stored = new(n, n);
        MatrixView<T> lower = columnsContiguous ? stored.View.Transposed : stored.View;
        lower.Fill(T.NaN);
        using (Matrix<T> lost = new(n, 50))
        {
            Gemm<S, V, T>.Run(context, T.One, lower, B.View, T.Zero, lost.View);
        }

        A.View.CopyTo(lower);
        Gemm<S, V, T>.Run(context, T.One, lower, B.View, T.One, C.View, GemmShapes.LowerA);
        RequireProduct(1, A.View, B.View, start.View, C.View, _ => 0, _ => 50);
        Gemm<S, V, T>.Run(context, T.One, lower, B.View, T.Zero, C.View, GemmShapes.LowerA);
        start.View.Fill(T.Zero);
        RequireProduct(1, A.View, B.View, start.View, C.View, _ => 0, _ => 50);
    }

    /// <summary>
    /// Elements of row i left of endColumn(i), their terms from firstDepth(i) on: within depth units of the sum of
    /// magnitudes.
    /// </summary>
    private static void RequireProduct(
        double alpha, MatrixView<T> A, MatrixView<T> B, MatrixView<T> start, MatrixView<T> C, Func<int, int> firstDepth,
        Func<int, int> endColumn)
    {
        double unit = typeof(T) == typeof(float) ? 1.2e-7 : 2.3e-16;
        double[] column = new double[A.Columns];
        for (int j = 0; j < C.Columns; j++)
        {
            for (int p = 0; p < A.Columns; p++)
            {
                column[p] = double.CreateTruncating(B[p, j]);
            }

            for (int i = 0; i < C.Rows; i++)
            {
                if (j >= endColumn(i))
                {
                    continue;
                }

                double expected = double.CreateTruncating(start[i, j]);
                double magnitude = Math.Abs(expected);
                for (int p = firstDepth(i); p < A.Columns; p++)
                {
                    double term = alpha * double.CreateTruncating(A[i, p]) * column[p];
                    expected += term;
                    magnitude += Math.Abs(term);
                }

                double error = Math.Abs(double.CreateTruncating(C[i, j]) - expected);
                double allowed = unit * magnitude * (2 + Math.Sqrt(A.Columns));
                if (!(error <= allowed))
                {
                    Assert.Fail($"Element ({i}, {j}) is {C[i, j]}, expected {expected}: {error:G3} away, {allowed:G3} allowed.");
                }
            }
        }
    }

    private static void RequireEqual(MatrixView<T> expected, MatrixView<T> actual)
    {
        for (nint i = 0; i < expected.Rows; i++)
        {
            for (nint j = 0; j < expected.Columns; j++)
            {
                if (expected[i, j] != actual[i, j])
                {
                    Assert.Fail($"Element ({i}, {j}) is {actual[i, j]}, with one thread {expected[i, j]}.");
                }
            }
        }
    }

    private static Matrix<T> Random(int rows, int columns, int seed)
    {
        System.Random random = new(seed);
        Matrix<T> result = new(rows, columns);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                result.View[i, j] = T.CreateTruncating(random.NextDouble() - 0.5);
            }
        }

        return result;
    }
}
