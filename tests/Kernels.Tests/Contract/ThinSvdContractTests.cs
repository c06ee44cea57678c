using System.Numerics;
using NUnit.Framework;

namespace VemKernels.Kernels.Tests.Contract;

[TestFixtureSource(typeof(Backends), nameof(Backends.WithElementTypes))]
public sealed class ThinSvdContractTests<T>(BackendUnderTest underTest) : ContractFixture<T>(underTest)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly RectangularFamily[] Families = Enum.GetValues<RectangularFamily>();

    private static readonly (int M, int N)[] Shapes =
        [(1, 1), (1, 3), (3, 1), (17, 17), (33, 65), (65, 33), (130, 17), (17, 130), (65, 65)];

    private static readonly double Epsilon = Precision.Epsilon<T>();

    [Test]
    public void Singular_value_decomposition_is_accurate(
        [ValueSource(nameof(Families))] RectangularFamily family, [ValueSource(nameof(Shapes))] (int M, int N) shape) =>
        RequireAccurate([Round(MatrixFamilies.Rectangular(family, shape.M, shape.N, seed: 1))], Layout.Whole);

    [Test]
    [Pairwise]
    public void Batches_of_different_matrices_are_decomposed_each_by_itself(
        [Values(1, 3, 17, 33)] int m, [Values(1, 3, 20)] int n, [Values(2, 7)] int count, [Values] Layout layout)
    {
        double[][,] matrices =
        [
            .. Enumerable.Range(0, count)
                .Select(b => Round(MatrixFamilies.Rectangular(Families[b % Families.Length], m, n, seed: b))),
        ];
        RequireAccurate(matrices, layout);
    }

    [Test]
    public void A_matrix_without_elements_has_no_singular_values([Values(0, 3)] int m)
    {
        int n = m == 0 ? 3 : 0;
        Assert.That(
            () => Backend.ThinSvd(
                Output(new double[m, n]).View, Result(m, 0).View, Result(1, 0).View, Result(0, n).View),
            Throws.Nothing);
    }

    [Test]
    public void NaN_or_infinity_is_an_arithmetic_error(
        [Values(1, 3, 17, 65)] int m, [Values(1, 33)] int n, [Values(double.NaN, double.NegativeInfinity)] double value)
    {
        int k = Math.Min(m, n);
        double[,] a = Random(m, n, seed: 2);
        a[m - 1, n - 1] = value;
        Operand<T> A = Output(a);
        Operand<T> U = Result(m, k);
        Operand<T> s = Result(1, k);
        Operand<T> Vt = Result(k, n);
        Assert.That(() => Backend.ThinSvd(A.View, U.View, s.View, Vt.View), Throws.InstanceOf<ArithmeticException>());
    }

    [Test]
    public void Cancelled_work_stops()
    {
        Operand<T> A = Output(Random(17, 5, seed: 3));
        Assert.That(
            () => Backend.ThinSvd(
                A.View, Result(17, 5).View, Result(1, 5).View, Result(5, 5).View, 1, new(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());
    }

    private void RequireAccurate(double[][,] matrices, Layout layout)
    {
        int count = matrices.Length;
        int m = matrices[0].GetLength(0);
        int n = matrices[0].GetLength(1);
        int k = Math.Min(m, n);
        Operand<T> A = Output(Arrays.Stack(matrices), layout);
        Operand<T> U = Result(count * m, k, layout);
        Operand<T> s = Result(count, k, layout);
        Operand<T> Vt = Result(count * k, n, layout);
        Backend.ThinSvd(A.View, U.View, s.View, Vt.View, count);
        double[,] left = U.Values;
        double[,] values = s.Values;
        double[,] right = Vt.Values;
        for (int b = 0; b < count; b++)
        {
            int matrix = b;
            double[,] u = Arrays.Rows(left, b * m, m);
            double[,] us = Arrays.Make(m, k, (i, j) => u[i, j] * values[matrix, j]);
            double[,] vt = Arrays.Rows(right, b * k, k);
            double[,] product = Arrays.Product(us, vt);
            double[] singular = [.. Enumerable.Range(0, k).Select(i => values[matrix, i])];
            LapackRatios.RequireSmall(
                LapackRatios.Residual(matrices[b], product, Epsilon), $"|A - USV'| of matrix {b}");
            LapackRatios.RequireSmall(LapackRatios.Orthogonality(u, Epsilon), $"|I - U'U| of matrix {b}");
            LapackRatios.RequireSmall(
                LapackRatios.Orthogonality(Arrays.Transpose(vt), Epsilon), $"|I - V'V| of matrix {b}");
            Assert.That(singular, Is.Ordered.Descending);
            Assert.That(singular, Is.All.GreaterThanOrEqualTo(0));
        }
    }
}
