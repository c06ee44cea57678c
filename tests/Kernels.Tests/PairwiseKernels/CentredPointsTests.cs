using System.Runtime.Intrinsics;
using NUnit.Framework;
using VemKernels.Simd;
using VemKernels.Tests.Svd;

namespace VemKernels.Tests.PairwiseKernels;

/// <summary>Products in float are as far from exact ones as their roundings, counted for each term, allow.</summary>
[TestFixture(typeof(Simd128<float>), typeof(Vector128<float>))]
[TestFixture(typeof(Simd256<float>), typeof(Vector256<float>))]
[TestFixture(typeof(Simd512<float>), typeof(Vector512<float>))]
internal sealed unsafe class CentredPointsTests<S, V>
    where S : struct, ISimd<V, float>
    where V : struct
{
    private const double UnitRoundoff = 1.0 / (1 << 24);

    [OneTimeSetUp]
    public void Start() => SvdFixtures.RequireVectors<V, float>();

    [Test]
    public void Products_err_by_the_weighted_lengths_at_most([Values(1, 7, 383, 384, 1000, 5000)] int depth)
    {
        Random random = new(depth);
        float[] a = [.. Enumerable.Range(0, depth).Select(_ => (float)(random.NextDouble() - 0.3))];
        float[] b = [.. Enumerable.Range(0, depth).Select(_ => (float)(random.NextDouble() - 0.3))];
        (double error, double bound) = ErrorAndBound(a, b);
        Assert.That(error, Is.AtMost(bound));
    }

    /// <summary>
    /// Added to 1, just under half a unit in its last place is lost: once for each term that follows.
    /// </summary>
    [Test]
    public void The_first_term_is_rounded_by_all_that_follow_in_its_block([Values(100, 300)] int depth)
    {
        float[] a = new float[depth];
        Array.Fill(a, MathF.Sqrt(0.99f / (1 << 24)));
        a[0] = 1;
        (double error, double bound) = ErrorAndBound(a, a);
        Assert.That(error, Is.AtMost(bound));
        Assert.That(error, Is.AtLeast(0.9 * bound));
    }

    private static (double Error, double Bound) ErrorAndBound(float[] a, float[] b)
    {
        int depth = a.Length;
        using SimdContext context = new(new WorkerPool(1), new ScratchPool());
        using Matrix<float> A = Matrix<float>.From(1, depth, a);
        using Matrix<float> B = Matrix<float>.From(1, depth, b);
        using Matrix<float> product = new(1, 1);
        Gemm<S, V, float>.Run(context, 1, A.View, B.View.Transposed, 0, product.View);
        float[] roundings = new float[depth];
        fixed (float* counts = roundings)
        {
            CentredPoints<S, V, float>.CountRoundings(depth, counts);
        }

        double exact = 0, ofA = 0, ofB = 0;
        for (int k = 0; k < depth; k++)
        {
            exact += (double)a[k] * b[k];
            ofA += roundings[k] * (double)a[k] * a[k];
            ofB += roundings[k] * (double)b[k] * b[k];
        }

        return (Math.Abs(product.View[0, 0] - exact), UnitRoundoff * Math.Sqrt(ofA) * Math.Sqrt(ofB));
    }
}
