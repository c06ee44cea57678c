using System.Runtime.Intrinsics;
using NUnit.Framework;
using VemKernels.Simd;
using VemKernels.Tests.Svd;

namespace VemKernels.Tests.PairwiseKernels;

/// <summary>
/// The rbf kernel of float data against distances in double, where products in float lose their digits.
/// </summary>
[TestFixture(typeof(Simd128<float>), typeof(Vector128<float>))]
[TestFixture(typeof(Simd256<float>), typeof(Vector256<float>))]
[TestFixture(typeof(Simd512<float>), typeof(Vector512<float>))]
internal sealed class CheckedRbfKernelTests<S, V>
    where S : struct, ISimd<V, float>
    where V : struct
{
    private const int Features = 150;

    /// <summary>The kernel's own promise, and float's rounding of a number near 1 with exp's few units.</summary>
    private const double Allowed = CheckedTolerance + (8 * 1.2e-7);

    private const double CheckedTolerance = 64 * 1.2e-7;

    [OneTimeSetUp]
    public void Start() => SvdFixtures.RequireVectors<V, float>();

    /// <summary>
    /// Samples, gammas over all that matters. Most pairs of "clusters" are far from the mean and close together: the
    /// whole tile goes to double; of "pairs" a few are, "offset" has a mean of 10,000 deviations, "outliers" a few rows
    /// 1,000 times as long, whose norms spoil others.
    /// </summary>
    [Test]
    public void Kernels_of_hard_data_are_as_close_as_promised(
        [Values("normal", "pairs", "clusters", "offset", "outliers", "constant", "tiny", "huge", "enormous")] string family,
        [Values(1e-6, 1e-3, 0.1, 10)] double relativeGamma,
        [Values] bool symmetric)
    {
        float[,] a = Points(family, 90, seed: 1);
        float[,] b = symmetric ? a : Points(family, 67, seed: 2);
        if (!symmetric)
        {
            for (int k = 0; k < Features; k++)
            {
                b[5, k] = a[7, k];
                b[66, k] = MathF.BitIncrement(a[89, k]);
            }
        }

        double gamma = relativeGamma / MeanSquaredDistance(a);
        using Matrix<float> A = Copy(a);
        using Matrix<float> other = Copy(b);
        using Matrix<float> K = new(a.GetLength(0), b.GetLength(0));
        Run(2, gamma, A, symmetric ? A : other, K);
        for (int i = 0; i < a.GetLength(0); i++)
        {
            for (int j = 0; j < b.GetLength(0); j++)
            {
                double expected = Math.Exp(-gamma * SquaredDistance(a, i, b, j));
                Assert.That(K.View[i, j], Is.EqualTo(expected).Within(Allowed), $"({i}, {j})");
            }
        }
    }

    [Test]
    public void Duplicates_and_neighbours_far_from_the_mean_keep_their_distance()
    {
        // Neighbours a thousandth apart, 30 deviations from the mean: products in float would put their distance at 0
        // or at thousands times it.
        float[,] a = Points("normal", 64, seed: 3);
        for (int k = 0; k < Features; k++)
        {
            a[10, k] = 30 + a[11, k];
            a[20, k] = a[10, k];
            a[30, k] = a[10, k] + (k % 2 == 0 ? 1e-3f : -1e-3f);
        }

        double neighbours = SquaredDistance(a, 10, a, 30);
        double gamma = 0.5 / neighbours;
        using Matrix<float> A = Copy(a);
        using Matrix<float> K = new(64, 64);
        Run(2, gamma, A, A, K);
        Assert.That(K.View[10, 20], Is.EqualTo(1).Within(Allowed));
        Assert.That(K.View[10, 30], Is.EqualTo(Math.Exp(-0.5)).Within(Allowed));
        Assert.That(K.View[30, 10], Is.EqualTo(K.View[10, 30]));
    }

    [Test]
    public void The_number_of_threads_changes_no_bit()
    {
        float[,] a = Points("pairs", 130, seed: 4);
        using Matrix<float> A = Copy(a);
        using Matrix<float> one = new(130, 130);
        using Matrix<float> three = new(130, 130);
        double gamma = 0.3 / MeanSquaredDistance(a);
        Run(1, gamma, A, A, one);
        Run(3, gamma, A, A, three);
        for (int i = 0; i < 130; i++)
        {
            for (int j = 0; j < 130; j++)
            {
                Assert.That(three.View[i, j], Is.EqualTo(one.View[i, j]), $"({i}, {j})");
            }
        }
    }

    private static InstructionSet Set => S.Width switch
    {
        16 => InstructionSet.Avx512,
        8 => InstructionSet.Avx2,
        _ => InstructionSet.Vector128,
    };

    private static void Run(int threads, double gamma, Matrix<float> A, Matrix<float> B, Matrix<float> K)
    {
        using SimdContext context = new(new WorkerPool(threads), new ScratchPool());
        CheckedRbfKernel<S, V, float>.Run(context, gamma, A.View, B.View, K.View, SimdKernels<double>.For(Set), CancellationToken.None);
    }

    private static float[,] Points(string family, int count, int seed)
    {
        Random random = new(seed);
        float[,] points = new float[count, Features];
        for (int i = 0; i < count; i++)
        {
            for (int k = 0; k < Features; k++)
            {
                double value = (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 2;
                points[i, k] = (float)(family switch
                {
                    "clusters" => (i % 3 * 500) + value,
                    "offset" => 1e4 + value,
                    "outliers" => i % 30 == 0 ? 1000 * value : value,
                    "constant" => 3,
                    "tiny" => 1e-17 * value,
                    "huge" => 1e12 * value,
                    "enormous" => 1e16 * value,
                    _ => value,
                });
                if (family == "pairs" && i % 9 == 8)
                {
                    points[i, k] = points[i - 1, k] + (float)(1e-3 * value);
                }
            }
        }

        return points;
    }

    private static double MeanSquaredDistance(float[,] a)
    {
        double sum = 0;
        for (int i = 1; i < a.GetLength(0); i++)
        {
            sum += SquaredDistance(a, i, a, i - 1);
        }

        return sum == 0 ? 1 : sum / a.GetLength(0);
    }

    private static double SquaredDistance(float[,] a, int i, float[,] b, int j)
    {
        double sum = 0;
        for (int k = 0; k < Features; k++)
        {
            double difference = (double)a[i, k] - b[j, k];
            sum += difference * difference;
        }

        return sum;
    }

    private static Matrix<float> Copy(float[,] values)
    {
        Matrix<float> result = new(values.GetLength(0), values.GetLength(1));
        for (int i = 0; i < values.GetLength(0); i++)
        {
            for (int j = 0; j < values.GetLength(1); j++)
            {
                result.View[i, j] = values[i, j];
            }
        }

        return result;
    }
}
