using System.Numerics;
using NUnit.Framework;

namespace VemKernels.Kernels.Tests.Contract;

[TestFixtureSource(typeof(Backends), nameof(Backends.WithElementTypes))]
public sealed class Level3ContractTests<T>(BackendUnderTest underTest) : ContractFixture<T>(underTest)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly int[] Sizes = [0, 1, 3, 17, 33, 65, 130];

    /// <summary>m x n x k of products.</summary>
    private static readonly (int M, int N, int K)[] ProductShapes =
    [
        (0, 3, 3), (3, 0, 3), (3, 3, 0), (1, 1, 1), (1, 17, 3), (17, 1, 33), (3, 3, 130), (17, 33, 65), (33, 17, 1),
        (65, 130, 17),
        (130, 65, 33), (130, 130, 130), (1, 130, 130), (130, 1, 130), (64, 96, 300),
    ];

    [Test]
    [Pairwise]
    public void Gemm_multiplies_whatever_the_strides(
        [ValueSource(nameof(ProductShapes))] (int M, int N, int K) shape,
        [Values] Layout ofA,
        [Values] Layout ofB,
        [Values(Layout.Whole, Layout.TransposedWindow)] Layout ofC)
    {
        (int m, int n, int k) = shape;
        double[,] a = Random(m, k, seed: 1);
        double[,] b = Random(k, n, seed: 2);
        double[,] c = Random(m, n, seed: 3);
        Operand<T> C = Output(c, ofC);
        Backend.Gemm(1.25, Input(a, ofA).View, Input(b, ofB).View, -0.75, C.View);
        Oracle.Gemm(1.25, a, b, -0.75, c).RequireNear(C.Values);
    }

    [Test]
    public void Gemm_scales_by_alpha_and_beta(
        [Values(0, 1, -1.5)] double alpha, [Values(0, 1, 2.5)] double beta, [Values] Layout layout)
    {
        double[,] a = Random(17, 33, seed: 4);
        double[,] b = Random(33, 65, seed: 5);
        double[,] c = Random(17, 65, seed: 6);
        Operand<T> C = Output(c, layout);
        Backend.Gemm(alpha, Input(a, layout).View, Input(b, layout).View, beta, C.View);
        Oracle.Gemm(alpha, a, b, beta, c).RequireNear(C.Values);
    }

    [Test]
    public void Gemm_without_beta_overwrites_NaN(
        [ValueSource(nameof(ProductShapes))] (int M, int N, int K) shape, [Values] Layout layout)
    {
        (int m, int n, int k) = shape;
        double[,] a = Random(m, k, seed: 7);
        double[,] b = Random(k, n, seed: 8);
        Operand<T> C = Result(m, n, layout);
        Backend.Gemm(2, Input(a, layout).View, Input(b, layout).View, 0, C.View);
        Oracle.Gemm(2, a, b, 0, C.Values).RequireNear(C.Values);
    }

    [Test]
    public void Gemm_takes_one_matrix_twice()
    {
        double[,] a = Random(33, 33, seed: 9);
        Operand<T> A = Input(a, Layout.Window);
        Operand<T> C = Result(33, 33);
        Backend.Gemm(1, A.View, A.View.Transposed, 0, C.View);
        Oracle.Gemm(1, a, Arrays.Transpose(a), 0, a).RequireNear(C.Values);
    }

    [Test]
    public void Gemm_of_several_callers_at_once_gives_each_its_own()
    {
        const int Callers = 4;
        double[][,] a = [.. Enumerable.Range(0, Callers).Select(i => Random(65, 33 + i, seed: 10 + i))];
        double[][,] b = [.. Enumerable.Range(0, Callers).Select(i => Random(33 + i, 130, seed: 20 + i))];
        DeviceView<T>[] A = [.. a.Select(values => Input(values).View)];
        DeviceView<T>[] B = [.. b.Select(values => Input(values).View)];
        Operand<T>[] C = [.. a.Select(_ => Result(65, 130))];
        Parallel.For(0, Callers, i => Backend.Gemm(1, A[i], B[i], 0, C[i].View));
        for (int i = 0; i < Callers; i++)
        {
            Oracle.Gemm(1, a[i], b[i], 0, a[i]).RequireNear(C[i].Values);
        }
    }

    [Test]
    [Pairwise]
    public void Syrk_is_the_product_with_the_transpose_exactly_symmetric(
        [ValueSource(nameof(Sizes))] int n, [Values(0, 1, 17, 130)] int k, [Values] Layout ofA, [Values] Layout ofC)
    {
        double[,] a = Random(n, k, seed: 30);
        double[,] c = Symmetric(n, seed: 31);
        Operand<T> C = Output(c, ofC);
        Backend.Syrk(1.25, Input(a, ofA).View, -0.75, C.View);
        double[,] result = C.Values;
        Oracle.Gemm(1.25, a, Arrays.Transpose(a), -0.75, c).RequireNear(result);
        Assert.That(result, Is.EqualTo(Arrays.Transpose(result)));
    }

    [Test]
    public void Syrk_without_beta_overwrites_NaN([ValueSource(nameof(Sizes))] int n, [Values] Layout layout)
    {
        double[,] a = Random(n, 33, seed: 32);
        Operand<T> C = Result(n, n, layout);
        Backend.Syrk(1, Input(a, layout).View, 0, C.View);
        double[,] result = C.Values;
        Oracle.Gemm(1, a, Arrays.Transpose(a), 0, a).RequireNear(result);
        Assert.That(result, Is.EqualTo(Arrays.Transpose(result)));
    }

    /// <summary>
    /// By the residual: substitution is backward stable, so |A X - B| is small next to |A| |X|, element by element.
    /// </summary>
    [Test]
    [Pairwise]
    public void Trsm_solves_and_reads_one_triangle_alone(
        [ValueSource(nameof(Sizes))] int n,
        [Values(0, 1, 3, 65)] int m,
        [Values] Triangle triangle,
        [Values] bool unitDiagonal,
        [Values] Layout ofA,
        [Values(Layout.Whole, Layout.TransposedWindow)] Layout ofB)
    {
        double[,] a = TriangularFactor(n, triangle, unitDiagonal);
        double[,] b = Random(n, m, seed: 40);
        double[,] visible = Arrays.Hide(a, (i, j) =>
            (triangle == Triangle.Lower ? j > i : j < i) || (unitDiagonal && i == j));
        Operand<T> B = Output(b, ofB);
        Backend.Trsm(triangle, unitDiagonal, Input(visible, ofA).View, B.View);
        Estimate product = Oracle.Product(Estimate.Exact(a), Estimate.Exact(B.Values));
        (product with { Value = b }).RequireNear(product.Value);
    }

    [Test]
    public void Trsm_solves_from_the_right_by_transposed_views([Values] Triangle triangle)
    {
        double[,] a = TriangularFactor(33, triangle, unitDiagonal: false);
        double[,] b = Random(17, 33, seed: 41);
        Operand<T> B = Output(b, Layout.Window);
        Triangle transposed = triangle == Triangle.Lower ? Triangle.Upper : Triangle.Lower;
        Backend.Trsm(transposed, unitDiagonal: false, Input(a).View.Transposed, B.View.Transposed);
        Estimate product = Oracle.Product(Estimate.Exact(B.Values), Estimate.Exact(a));
        (product with { Value = b }).RequireNear(product.Value);
    }

    private double[,] Symmetric(int n, int seed)
    {
        double[,] values = Random(n, n, seed);
        return Arrays.Make(n, n, (i, j) => values[Math.Max(i, j), Math.Min(i, j)]);
    }

    /// <summary>Small off the diagonal, so that solutions do not grow.</summary>
    private double[,] TriangularFactor(int n, Triangle triangle, bool unitDiagonal)
    {
        double[,] values = Arrays.Normal(n, n, seed: 42);
        return Round(Arrays.Make(n, n, (i, j) =>
            i == j ? (unitDiagonal ? 1 : 2 + Math.Abs(values[i, j])) :
            (triangle == Triangle.Lower) == (j < i) ? values[i, j] / n : 0));
    }
}
