using System.Numerics;
using System.Runtime.Intrinsics;
using NUnit.Framework;
using VemKernels.Simd;
using VemKernels.Tests.Svd;

namespace VemKernels.Tests.Factorisations;

/// <summary>Orders over one leaf of the product (384) and over two, which the contract tests do not reach.</summary>
[TestFixture(typeof(Simd128<float>), typeof(Vector128<float>), typeof(float))]
[TestFixture(typeof(Simd128<double>), typeof(Vector128<double>), typeof(double))]
[TestFixture(typeof(Simd256<float>), typeof(Vector256<float>), typeof(float))]
[TestFixture(typeof(Simd256<double>), typeof(Vector256<double>), typeof(double))]
[TestFixture(typeof(Simd512<float>), typeof(Vector512<float>), typeof(float))]
[TestFixture(typeof(Simd512<double>), typeof(Vector512<double>), typeof(double))]
internal sealed class CholeskyInverseTests<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [OneTimeSetUp]
    public void Start() => SvdFixtures.RequireVectors<V, T>();

    /// <summary>Only the lower triangle may be read: NaN lies above it.</summary>
    [TestCase(384, false)]
    [TestCase(385, false)]
    [TestCase(601, true)]
    [TestCase(1001, false)]
    public void The_inverse_is_right_whatever_the_number_of_threads(int n, bool columnsContiguous)
    {
        double[,] L = Factor(n);
        T[]? expected = null;
        foreach (int threads in new[] { 1, 2, 5 })
        {
            using SimdContext context = new(new WorkerPool(threads), new ScratchPool());
            using Matrix<T> stored = new(n, n);
            MatrixView<T> A = columnsContiguous ? stored.View.Transposed : stored.View;
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    A[i, j] = j > i ? T.NaN : T.CreateTruncating(L[i, j]);
                }
            }

            CholeskyInverse<S, V, T>.Run(context, A, CancellationToken.None);
            T[] inverse = [.. Enumerable.Range(0, n * n).Select(at => A[at / n, at % n])];
            if (expected is null)
            {
                RequireInverse(L, inverse, n);
            }

            expected ??= inverse;
            Assert.That(inverse.AsSpan().SequenceEqual(expected), $"the same bits with {threads} threads");
        }
    }

    /// <summary>Well conditioned, with elements that T holds exactly.</summary>
    private static double[,] Factor(int n)
    {
        System.Random random = new(n);
        double[,] L = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
            {
                L[i, j] = (float)((random.NextDouble() - 0.5) / Math.Sqrt(n));
            }

            L[i, i] = 1 + (i % 3);
        }

        return L;
    }

    /// <summary>X is symmetric to the bit, and L L' X v is v for some v.</summary>
    private static void RequireInverse(double[,] L, T[] X, int n)
    {
        double allowed = 20 * Math.Sqrt(n) * (typeof(T) == typeof(float) ? 1.2e-7 : 2.3e-16);
        for (int seed = 0; seed < 3; seed++)
        {
            System.Random random = new(seed);
            double[] v = [.. Enumerable.Range(0, n).Select(_ => random.NextDouble() - 0.5)];
            double[] x =
                [.. Enumerable.Range(0, n).Select(i => Sum(n, j => double.CreateTruncating(X[(i * n) + j]) * v[j]))];
            double[] y = [.. Enumerable.Range(0, n).Select(j => Sum(n, i => L[i, j] * x[i]))];
            for (int i = 0; i < n; i++)
            {
                double error = Math.Abs(Sum(n, j => L[i, j] * y[j]) - v[i]);
                Assert.That(error, Is.LessThanOrEqualTo(allowed), $"row {i} of L L' X v - v");
            }
        }

        Assert.That(Enumerable.Range(0, n * n).All(at => X[at] == X[(at % n * n) + (at / n)]), "symmetry");
    }

    private static double Sum(int count, Func<int, double> term)
    {
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += term(i);
        }

        return sum;
    }
}
