using System.Numerics;
using NUnit.Framework;

namespace VemKernels.Kernels.Tests.Contract;

[TestFixtureSource(typeof(Backends), nameof(Backends.WithElementTypes))]
public sealed class SymmetricEigenContractTests<T>(BackendUnderTest underTest) : ContractFixture<T>(underTest)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly SymmetricFamily[] Families = Enum.GetValues<SymmetricFamily>();

    private static readonly double Epsilon = Precision.Epsilon<T>();

    [Test]
    public void Eigendecomposition_is_accurate(
        [ValueSource(nameof(Families))] SymmetricFamily family, [Values(1, 2, 3, 17, 33, 65, 130)] int n)
    {
        double[,] a = Round(MatrixFamilies.Symmetric(family, n, seed: n));
        RequireAccurate([a], Layout.Whole);
    }

    [Test]
    [Pairwise]
    public void Batches_of_different_matrices_are_decomposed_each_by_itself(
        [Values(1, 3, 17, 33)] int n, [Values(2, 5, 11)] int count, [Values] Layout layout)
    {
        double[][,] matrices =
        [
            .. Enumerable.Range(0, count).Select(
                b => Round(MatrixFamilies.Symmetric(Families[b % Families.Length], n, seed: b))),
        ];
        RequireAccurate(matrices, layout);
    }

    [Test]
    public void Eigenvalues_are_those_the_matrix_was_made_of([Values(3, 33, 65)] int n)
    {
        double[] expected = [.. Enumerable.Range(0, n).Select(i => i - (n / 2.0))];
        Operand<T> A = Output(Round(MatrixFamilies.FromSpectrum(n, seed: 1, i => expected[i])));
        Operand<T> w = Result(1, n);
        Backend.SymmetricEigen(A.View, w.View);
        double bound = LapackRatios.Threshold * n * Epsilon * n;
        new Estimate(Arrays.Make(1, n, (_, i) => expected[i]), Arrays.Filled(1, n, bound)).RequireNear(w.Values);
    }

    [Test]
    public void A_matrix_without_rows_has_no_eigenvalues() =>
        Assert.That(() => Backend.SymmetricEigen(Output(new double[0, 0]).View, Result(1, 0).View), Throws.Nothing);

    [Test]
    public void NaN_or_infinity_in_the_lower_triangle_is_an_arithmetic_error(
        [Values(1, 3, 17, 65)] int n, [Values(double.NaN, double.PositiveInfinity)] double value, [Values(1, 3)] int count)
    {
        double[,] a = Arrays.Stack([.. Enumerable.Range(0, count).Select(_ => Arrays.Identity(n))]);
        a[(count * n) - 1, 0] = value;
        Operand<T> A = Output(a);
        Operand<T> w = Result(count, n);
        Assert.That(() => Backend.SymmetricEigen(A.View, w.View, count), Throws.InstanceOf<ArithmeticException>());
    }

    [Test]
    public void Cancelled_work_stops() => Assert.That(
        () => Backend.SymmetricEigen(Output(Arrays.Identity(17)).View, Result(1, 17).View, 1, new(canceled: true)),
        Throws.InstanceOf<OperationCanceledException>());

    private void RequireAccurate(double[][,] matrices, Layout layout)
    {
        int n = matrices[0].GetLength(0);
        Operand<T> A = Output(Arrays.Hide(Arrays.Stack(matrices), (i, j) => j > i % n), layout);
        Operand<T> w = Result(matrices.Length, n, layout);
        Backend.SymmetricEigen(A.View, w.View, matrices.Length);
        double[,] vectors = A.Values;
        double[,] values = w.Values;
        for (int b = 0; b < matrices.Length; b++)
        {
            int matrix = b;
            double[,] Q = Arrays.Rows(vectors, b * n, n);
            double[,] QL = Arrays.Make(n, n, (i, j) => Q[i, j] * values[matrix, j]);
            double[,] product = Arrays.Product(QL, Arrays.Transpose(Q));
            LapackRatios.RequireSmall(
                LapackRatios.Residual(matrices[b], product, Epsilon), $"|A - QLQ'| of matrix {b}");
            LapackRatios.RequireSmall(LapackRatios.Orthogonality(Q, Epsilon), $"|I - Q'Q| of matrix {b}");
            Assert.That(Enumerable.Range(0, n).Select(i => values[matrix, i]), Is.Ordered.Ascending);
        }
    }
}
