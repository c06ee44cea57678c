using System.Numerics;
using NUnit.Framework;

namespace VemKernels.Kernels.Tests.Contract;

[TestFixtureSource(typeof(Backends), nameof(Backends.WithElementTypes))]
public sealed class CholeskyContractTests<T>(BackendUnderTest underTest) : ContractFixture<T>(underTest)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly (int N, int Count)[] Batches =
        [(0, 1), (1, 1), (1, 5), (3, 4), (17, 3), (33, 1), (33, 4), (65, 2), (130, 1)];

    private static readonly double Epsilon = Precision.Epsilon<T>();

    [Test]
    public void Cholesky_factors_from_the_lower_triangle_and_clears_the_upper(
        [ValueSource(nameof(Batches))] (int N, int Count) batch, [Values] Layout layout)
    {
        double[][,] matrices = Members(batch.N, batch.Count);
        Operand<T> A = Output(HideUpper(Arrays.Stack(matrices), batch.N), layout);
        Backend.Cholesky(A.View, batch.Count);
        for (int b = 0; b < batch.Count; b++)
        {
            double[,] L = Arrays.Rows(A.Values, b * batch.N, batch.N);
            double[,] product = Arrays.Product(L, Arrays.Transpose(L));
            LapackRatios.RequireSmall(LapackRatios.Residual(matrices[b], product, Epsilon), $"|A - LL'| of matrix {b}");
            Assert.That(L, Is.EqualTo(Arrays.Make(batch.N, batch.N, (i, j) => j > i ? 0 : L[i, j])), "upper triangle");
            Assert.That(Enumerable.Range(0, batch.N).All(i => L[i, i] > 0), "positive diagonal");
        }
    }

    [Test]
    public void CholeskyInverse_makes_whole_inverses_from_the_factors(
        [ValueSource(nameof(Batches))] (int N, int Count) batch, [Values] Layout layout)
    {
        double[][,] matrices = Members(batch.N, batch.Count);
        Operand<T> A = Output(Arrays.Stack(matrices), layout);
        Backend.Cholesky(A.View, batch.Count);
        Backend.CholeskyInverse(A.View, batch.Count);
        for (int b = 0; b < batch.Count && batch.N > 0; b++)
        {
            double[,] inverse = Arrays.Rows(A.Values, b * batch.N, batch.N);
            LapackRatios.RequireSmall(LapackRatios.Inverse(matrices[b], inverse, Epsilon), $"|I - A X| of matrix {b}");
            LapackRatios.RequireSmall(
                LapackRatios.Residual(inverse, Arrays.Transpose(inverse), Epsilon), $"symmetry of inverse {b}");
        }
    }

    [Test]
    [Pairwise]
    public void Cholesky_names_the_pivot_and_the_matrix_that_fail(
        [Values(1, 17, 65, 130)] int n, [Values(0, 0.5, 1)] double place, [Values(1, 3)] int count, [Values] Layout layout)
    {
        int pivot = (int)(place * (n - 1));
        int failing = count - 1;
        double[][,] matrices = Members(n, count);
        matrices[failing] = Arrays.Identity(n);
        matrices[failing][pivot, pivot] = -2;
        Operand<T> A = Output(Arrays.Stack(matrices), layout);
        NotPositiveDefiniteException? error =
            Assert.Throws<NotPositiveDefiniteException>(() => Backend.Cholesky(A.View, count));
        Assert.That((error!.Pivot, error.Matrix, error.Value), Is.EqualTo(((nint)pivot, failing, -2.0)));
    }

    /// <summary>
    /// The failing pivot shows only after elimination: A has ones on its diagonal, and a row that repeats another.
    /// </summary>
    [Test]
    public void Cholesky_of_a_singular_matrix_fails_where_a_row_depends_on_those_before([Values(33, 130)] int n)
    {
        int pivot = n - 2;
        double[,] a = Arrays.Identity(n);
        a[pivot, 3] = 1;
        Operand<T> A = Output(a);
        Assert.That(
            Assert.Throws<NotPositiveDefiniteException>(() => Backend.Cholesky(A.View))!.Pivot,
            Is.EqualTo((nint)pivot));
    }

    [Test]
    public void Cholesky_of_NaN_fails([Values(1, 33, 130)] int n)
    {
        double[,] a = Arrays.Identity(n);
        a[n / 2, n / 2] = double.NaN;
        Operand<T> A = Output(a);
        Assert.That(
            Assert.Throws<NotPositiveDefiniteException>(() => Backend.Cholesky(A.View))!.Pivot,
            Is.EqualTo((nint)(n / 2)));
    }

    [Test]
    public void Cancelled_work_stops()
    {
        Operand<T> A = Output(Arrays.Identity(17));
        CancellationToken cancelled = new(canceled: true);
        Assert.Multiple(() =>
        {
            Assert.That(() => Backend.Cholesky(A.View, 1, cancelled), Throws.InstanceOf<OperationCanceledException>());
            Assert.That(
                () => Backend.CholeskyInverse(A.View, 1, cancelled), Throws.InstanceOf<OperationCanceledException>());
        });
    }

    /// <summary>Well and ill conditioned ones, in turn.</summary>
    private double[][,] Members(int n, int count) =>
    [
        .. Enumerable.Range(0, count).Select(b => Round(
            b % 2 == 0 ? MatrixFamilies.PositiveDefinite(n, seed: b) : MatrixFamilies.IllConditioned(n, seed: b))),
    ];

    private static double[,] HideUpper(double[,] stack, int n) => Arrays.Hide(stack, (i, j) => j > i % n);
}
