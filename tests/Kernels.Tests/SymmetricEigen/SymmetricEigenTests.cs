using MathNetAlgebra = MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;
using VemKernels.Simd;

namespace VemKernels.Kernels.Tests;

[TestFixture]
[Parallelizable(ParallelScope.All)]
public class SymmetricEigenTests
{
    /// <summary>LAPACK's own suite accepts 30, in places 50.</summary>
    private const double LargestRatio = 10;

    private static readonly Type[] Elements = [typeof(double), typeof(float)];

    private static IEnumerable<InstructionSet> Sets => Decomposition.InstructionSetsHere;

    private static IEnumerable<string> Families => SymmetricMatrices.Families.Keys;

    [Test]
    public void Every_family_of_every_small_order_is_decomposed_to_rounding(
        [ValueSource(nameof(Sets))] InstructionSet set, [ValueSource(nameof(Elements))] Type element,
        [ValueSource(nameof(Families))] string family)
    {
        for (int n = 1; n <= 70; n++)
        {
            RequireAccurate(Decomposition.Of(SymmetricMatrices.Families[family](n), set, element), $"order {n}");
        }
    }

    [Test]
    public void Every_family_of_larger_orders_is_decomposed_to_rounding(
        [ValueSource(nameof(Elements))] Type element, [ValueSource(nameof(Families))] string family,
        [Values(100, 129, 200, 257)] int n) =>
        RequireAccurate(
            Decomposition.Of(SymmetricMatrices.Families[family](n), InstructionSets.Best, element, threads: 2), $"order {n}");

    [Test]
    public void An_order_of_several_panels_and_merges_is_decomposed_to_rounding(
        [ValueSource(nameof(Sets))] InstructionSet set, [ValueSource(nameof(Elements))] Type element,
        [Values("random", "clustered", "glued Wilkinson", "graded")] string family) =>
        RequireAccurate(
            Decomposition.Of(SymmetricMatrices.Families[family](513), set, element, threads: 2), "order 513");

    [Test]
    public void Tiny_and_huge_matrices_neither_underflow_nor_overflow(
        [ValueSource(nameof(Families))] string family, [Values(3, 40, 100)] int n)
    {
        foreach ((Type element, double scale) in new[]
                 {
                     (typeof(double), 1e-150), (typeof(double), 1e150), (typeof(double), 1e-290),
                     (typeof(double), 1e300),
                     (typeof(float), 1e-18), (typeof(float), 1e18), (typeof(float), 1e35),
                 })
        {
            double[,] A = SymmetricMatrices.Scaled(SymmetricMatrices.Families[family](n), scale);
            RequireAccurate(Decomposition.Of(A, InstructionSets.Best, element), $"scale {scale}, {element.Name}");
        }
    }

    [Test]
    public void Any_strides_come_in_and_only_the_lower_triangle_is_read(
        [Values] Layout layout, [ValueSource(nameof(Elements))] Type element, [Values(1, 2, 17, 50, 130)] int n)
    {
        Decomposition plain = Decomposition.Of(SymmetricMatrices.Random(n), InstructionSets.Best, element);
        Decomposition laid = Decomposition.Of(SymmetricMatrices.Random(n), InstructionSets.Best, element, layout);
        Assert.That(laid.HasSameBitsAs(plain));
        RequireAccurate(laid, layout.ToString());
    }

    [Test]
    public void The_same_bits_come_from_any_number_of_threads(
        [ValueSource(nameof(Elements))] Type element, [Values("random", "clustered", "glued Wilkinson")] string family,
        [Values(70, 300, 600)] int n)
    {
        double[,] A = SymmetricMatrices.Families[family](n);
        Decomposition one = Decomposition.Of(A, InstructionSets.Best, element, threads: 1);
        foreach (int threads in new[] { 2, 3 })
        {
            Decomposition many = Decomposition.Of(A, InstructionSets.Best, element, threads: threads);
            Assert.That(many.HasSameBitsAs(one), $"{threads} threads");
        }
    }

    [Test]
    public void The_second_difference_matrix_has_its_known_eigenvalues([Values(1, 2, 31, 64, 200, 500)] int n)
    {
        double[] values = Decomposition.Of(
            SymmetricMatrices.SecondDifference(n), InstructionSets.Best, typeof(double)).Values;
        for (int k = 0; k < n; k++)
        {
            double sine = Math.Sin((k + 1) * Math.PI / (2 * (n + 1)));
            Assert.That(values[k], Is.EqualTo(4 * sine * sine).Within(1e-14));
        }
    }

    [Test]
    public void Eigenvalues_agree_with_those_of_MathNet(
        [ValueSource(nameof(Families))] string family, [Values(7, 60, 130)] int n)
    {
        double[,] A = SymmetricMatrices.Families[family](n);
        double[] values = Decomposition.Of(A, InstructionSets.Best, typeof(double)).Values;
        MathNetAlgebra.Factorization.Evd<double> evd =
            MathNetAlgebra.Matrix<double>.Build.DenseOfArray(A).Evd(MathNetAlgebra.Symmetricity.Symmetric);
        double[] expected = [.. evd.EigenValues.Select(x => x.Real).Order()];
        double largest = expected.Max(Math.Abs);
        Assert.That(values, Is.EqualTo(expected).Within(1e-13 * Math.Max(largest, 1e-3)));
    }

    [Test]
    public void A_matrix_of_order_two_is_exact_where_numbers_are()
    {
        Decomposition decomposition = Decomposition.Of(
            new double[,] { { 1, 2 }, { 2, 1 } }, InstructionSets.Best, typeof(double));
        Assert.That(decomposition.Values, Is.EqualTo(new double[] { -1, 3 }).Within(1e-15));
    }

    [Test]
    public void A_matrix_of_order_zero_has_nothing_to_do() =>
        Assert.That(Decomposition.Of(new double[0, 0], InstructionSets.Best, typeof(double)).Values, Is.Empty);

    [Test]
    public void Not_a_number_and_infinity_are_named_with_their_place(
        [Values(double.NaN, double.PositiveInfinity, double.NegativeInfinity)] double poison,
        [ValueSource(nameof(Elements))] Type element)
    {
        double[,] A = SymmetricMatrices.Random(9);
        A[6, 2] = poison;
        Assert.That(
            () => Decomposition.Of(A, InstructionSets.Best, element),
            Throws.InstanceOf<ArithmeticException>().With.Message.Contains("A(6, 2)"));
    }

    [Test]
    public void Cancellation_is_noticed()
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.That(
            () => Decomposition.Of(
                SymmetricMatrices.Random(80), InstructionSets.Best, typeof(double), cancellation: source.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    private static void RequireAccurate(Decomposition decomposition, string what)
    {
        Assert.That(decomposition.Values, Is.Ordered, what);
        Assert.That(decomposition.Residual, Is.InRange(0, LargestRatio), $"residual, {what}");
        Assert.That(decomposition.Orthogonality, Is.InRange(0, LargestRatio), $"orthogonality, {what}");
    }
}
