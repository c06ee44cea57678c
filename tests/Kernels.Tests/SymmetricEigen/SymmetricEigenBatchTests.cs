using NUnit.Framework;
using VemKernels.Simd;

namespace VemKernels.Kernels.Tests;

[TestFixture]
[Parallelizable(ParallelScope.All)]
public class SymmetricEigenBatchTests
{
    private const double LargestRatio = 10;

    private static readonly Type[] Elements = [typeof(double), typeof(float)];

    private static IEnumerable<InstructionSet> Sets => Decomposition.InstructionSetsHere;

    [Test]
    public void Matrices_of_all_families_in_one_batch_are_decomposed_to_rounding(
        [ValueSource(nameof(Sets))] InstructionSet set, [ValueSource(nameof(Elements))] Type element,
        [Values(1, 2, 3, 8, 21, 32, 33, 50)] int n)
    {
        double[][,] stacked = [.. SymmetricMatrices.Families.Values.Select(family => family(n))];
        RequireAccurate(Decomposition.OfBatch(stacked, set, element), [.. SymmetricMatrices.Families.Keys]);
    }

    [Test]
    public void Matrices_of_very_different_scales_share_a_vector([ValueSource(nameof(Elements))] Type element)
    {
        double[] scales = element == typeof(float) ? [1e-30, 1, 1e30, 1e-18, 0] : [1e-300, 1, 1e300, 1e-150, 0];
        double[][,] stacked =
            [.. scales.Select(scale => SymmetricMatrices.Scaled(SymmetricMatrices.Random(12), scale))];
        RequireAccurate(
            Decomposition.OfBatch(stacked, InstructionSets.Best, element), [.. scales.Select(scale => $"{scale}")]);
    }

    [Test]
    public void A_matrix_gives_the_same_bits_whatever_its_neighbours_threads_and_layout(
        [ValueSource(nameof(Elements))] Type element, [Values(5, 30, 40)] int n, [Values] Layout layout,
        [Values(1, 2, 3)] int threads)
    {
        double[][,] mixed = [.. SymmetricMatrices.Families.Values.Select(family => family(n))];
        double[][,] alike = [.. Enumerable.Repeat(SymmetricMatrices.Random(n), mixed.Length)];
        Decomposition among = Decomposition.OfBatch(mixed, InstructionSets.Best, element, layout, threads)[0];
        Decomposition last = Decomposition.OfBatch(alike, InstructionSets.Best, element)[^1];
        Assert.That(among.HasSameBitsAs(last));
    }

    [Test]
    public void Many_matrices_of_middling_order_share_vectors_too(
        [ValueSource(nameof(Sets))] InstructionSet set, [ValueSource(nameof(Elements))] Type element)
    {
        // As many as four of the widest vectors hold, and an uneven rest.
        const int Count = 66;
        Func<int, double[,]>[] families = [.. SymmetricMatrices.Families.Values];
        double[][,] stacked = [.. Enumerable.Range(0, Count).Select(b => families[b % families.Length](70))];
        string[] names = [.. Enumerable.Range(0, Count).Select(b => $"matrix {b}")];
        Decomposition[] decompositions = Decomposition.OfBatch(stacked, set, element, threads: 2);
        RequireAccurate(decompositions, names);
        for (int b = families.Length; b < Count; b++)
        {
            Assert.That(decompositions[b].HasSameBitsAs(decompositions[b % families.Length]), names[b]);
        }
    }

    [Test]
    public void One_matrix_and_no_matrix_are_batches_too()
    {
        RequireAccurate(
            Decomposition.OfBatch([SymmetricMatrices.Random(20)], InstructionSets.Best, typeof(float)), ["one"]);
        using SimdContext context = new(new WorkerPool(1), new ScratchPool());
        using Matrix<double> none = new(0, 4);
        Assert.That(
            () => SymmetricEigenBatch<Simd128<double>, System.Runtime.Intrinsics.Vector128<double>, double>.Run(
                context, none.View, none.View, 0, default),
            Throws.Nothing);
    }

    [Test]
    public void Not_a_number_is_named_with_its_matrix_and_place()
    {
        double[][,] stacked = [.. Enumerable.Range(0, 5).Select(_ => SymmetricMatrices.Random(6))];
        stacked[3][4, 1] = double.NaN;
        Assert.That(
            () => Decomposition.OfBatch(stacked, InstructionSets.Best, typeof(double)),
            Throws.InstanceOf<ArithmeticException>().With.Message.Contains("A[3](4, 1)"));
    }

    private static void RequireAccurate(Decomposition[] decompositions, string[] names)
    {
        for (int b = 0; b < decompositions.Length; b++)
        {
            Assert.That(decompositions[b].Values, Is.Ordered, names[b]);
            Assert.That(decompositions[b].Residual, Is.InRange(0, LargestRatio), $"residual, {names[b]}");
            Assert.That(decompositions[b].Orthogonality, Is.InRange(0, LargestRatio), $"orthogonality, {names[b]}");
        }
    }
}
