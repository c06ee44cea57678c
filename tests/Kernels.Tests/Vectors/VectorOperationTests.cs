using System.Numerics;
using System.Runtime.Intrinsics;
using NUnit.Framework;
using VemKernels.Simd;
using VemKernels.Tests.Svd;

namespace VemKernels.Tests.Vectors;

/// <summary>Operations of the vectors that are more than an instruction, alone and in pairs.</summary>
[TestFixture(typeof(Simd128<float>), typeof(Vector128<float>), typeof(float))]
[TestFixture(typeof(Simd128<double>), typeof(Vector128<double>), typeof(double))]
[TestFixture(typeof(Simd256<float>), typeof(Vector256<float>), typeof(float))]
[TestFixture(typeof(Simd256<double>), typeof(Vector256<double>), typeof(double))]
[TestFixture(typeof(Simd512<float>), typeof(Vector512<float>), typeof(float))]
[TestFixture(typeof(Simd512<double>), typeof(Vector512<double>), typeof(double))]
[Category("SmallShapes")]
internal sealed unsafe class VectorOperationTests<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [OneTimeSetUp]
    public void Start() => SvdFixtures.RequireVectors<V, T>();

    [Test]
    public void The_reciprocal_square_root_is_right_to_two_units_in_the_last_place()
    {
        int most = typeof(T) == typeof(float) ? 120 : 1000;
        Random random = new(1);
        double worst = 0;
        for (int exponent = -most; exponent <= most; exponent++)
        {
            T x = T.ScaleB(T.CreateTruncating(1 + random.NextDouble()), exponent);
            worst = Math.Max(worst, Error<S, V>(x));
            worst = Math.Max(worst, Error<SimdPair<S, V, T>, VectorPair<V>>(x));
        }

        Assert.That(worst, Is.LessThan(2));
    }

    [Test]
    public void The_largest_element_is_found_wherever_it_is()
    {
        FindLargest<S, V>();
        FindLargest<SimdPair<S, V, T>, VectorPair<V>>();
    }

    [Test]
    public void A_short_row_is_brought_into_any_order([Values(1, 7, 8, 9, 16, 17)] int n, [Values(1, 3)] int step)
    {
        long[] from = Enumerable.Range(0, n).Select(i => (long)((i * 5) + 3) % n).ToArray();
        T[] source = Enumerable.Range(0, n).Select(i => T.CreateTruncating(i + 1)).ToArray();
        T[] target = new T[n * step];
        fixed (T* a = source, b = target)
        {
            fixed (long* places = from)
            {
                Permutation.Run(n, a, places, b, step);
            }
        }

        for (int j = 0; j < target.Length; j++)
        {
            Assert.That(target[j], Is.EqualTo(j % step == 0 ? source[from[j / step]] : T.Zero), $"{j}");
        }
    }

    /// <summary>The error of 1 / sqrt(x), in units in the last place: x r^2 - 1 in double or better.</summary>
    private static double Error<SOne, VOne>(T x)
        where SOne : struct, ISimd<VOne, T>
        where VOne : struct
    {
        T* results = stackalloc T[SOne.Width];
        SOne.Store(results, SOne.ReciprocalSquareRoot(SOne.Broadcast(x)));
        double worst = 0;
        for (int lane = 0; lane < SOne.Width; lane++)
        {
            T r = results[lane];
            T square = r * r;
            T squareError = T.FusedMultiplyAdd(r, r, -square);
            double rest = double.CreateTruncating(T.FusedMultiplyAdd(x, square, -T.One))
                + double.CreateTruncating(x * squareError);
            worst = Math.Max(worst, Math.Abs(rest) / 2 / double.CreateTruncating(Precision.Epsilon<T>()));
        }

        return worst;
    }

    private static void FindLargest<SOne, VOne>()
        where SOne : struct, ISimd<VOne, T>
        where VOne : struct
    {
        T* elements = stackalloc T[SOne.Width];
        for (int place = 0; place < SOne.Width; place++)
        {
            for (int lane = 0; lane < SOne.Width; lane++)
            {
                elements[lane] = T.CreateTruncating(lane == place ? -1 : -2 - lane);
            }

            Assert.That(SOne.Largest(SOne.Load(elements)), Is.EqualTo(-T.One), $"element {place} of {SOne.Width}");
        }
    }
}
