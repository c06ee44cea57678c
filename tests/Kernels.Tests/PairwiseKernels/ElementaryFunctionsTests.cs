using System.Numerics;
using System.Runtime.Intrinsics;
using NUnit.Framework;
using VemKernels.Simd;

namespace VemKernels.Kernels.Tests.PairwiseKernels;

/// <summary>
/// exp and tanh on every instruction set, against the runtime's own in double, in units in the last place of T.
/// </summary>
[TestFixture(typeof(Simd128<float>), typeof(Vector128<float>), typeof(float))]
[TestFixture(typeof(Simd128<double>), typeof(Vector128<double>), typeof(double))]
[TestFixture(typeof(Simd256<float>), typeof(Vector256<float>), typeof(float))]
[TestFixture(typeof(Simd256<double>), typeof(Vector256<double>), typeof(double))]
[TestFixture(typeof(Simd512<float>), typeof(Vector512<float>), typeof(float))]
[TestFixture(typeof(Simd512<double>), typeof(Vector512<double>), typeof(double))]
internal sealed unsafe class ElementaryFunctionsTests<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What is allowed, in units in the last place of the result.</summary>
    private const double AllowedUlps = 4;

    private const int Samples = 10_000;

    private static readonly double Lowest = typeof(T) == typeof(float) ? -110 : -760;

    private static readonly double Highest = typeof(T) == typeof(float) ? 90 : 712;

    private static IEnumerable<double> Special =>
    [
        0, double.NegativeZero, 1, -1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e30, -1e30,
        88.7228, 88.73, -87.34, -103.2, -103.98, -104, 709.7827, 709.79, -708.4, -744.4, -745.13, -745.14, -746,
        float.MaxValue, float.MinValue, double.MaxValue, double.MinValue, double.CreateTruncating(T.Epsilon),
    ];

    [Test]
    public void Exp_is_accurate_from_underflow_to_overflow() =>
        Compare(
            Evenly(Lowest, Highest).Concat(Evenly(-1, 1)).Concat(Tiny()).Concat(Special),
            ElementaryFunctions<S, V, T>.Exp, Math.Exp);

    [Test]
    public void Tanh_is_accurate_from_tiny_to_saturated() =>
        Compare(
            Evenly(-25, 25).Concat(Evenly(-1, 1)).Concat(Tiny()).Concat(Special), ElementaryFunctions<S, V, T>.Tanh,
            Math.Tanh);

    [Test]
    public void Tanh_is_odd_to_the_bit_and_keeps_the_sign_of_zero()
    {
        foreach (double x in Evenly(0, 3))
        {
            T value = T.CreateTruncating(x);
            Assert.That(
                Apply(ElementaryFunctions<S, V, T>.Tanh, -value),
                Is.EqualTo(-Apply(ElementaryFunctions<S, V, T>.Tanh, value)));
        }

        Assert.That(T.IsNegative(Apply(ElementaryFunctions<S, V, T>.Tanh, T.NegativeZero)));
    }

    private static void Compare(IEnumerable<double> arguments, Func<V, V> function, Func<double, double> exact)
    {
        double worst = 0;
        T worstAt = T.Zero;
        foreach (double argument in arguments)
        {
            T x = T.CreateTruncating(argument);
            double expected = exact(double.CreateTruncating(x));
            double actual = double.CreateTruncating(Apply(function, x));
            double rounded = double.CreateTruncating(T.CreateTruncating(expected));
            if (actual.Equals(rounded))
            {
                continue;
            }

            Assert.That(double.IsFinite(actual) && double.IsFinite(rounded), $"of {x} is {actual}; expected {rounded}");
            double ulps = Math.Abs(actual - expected) / UnitInTheLastPlace(expected);
            if (ulps > worst)
            {
                (worst, worstAt) = (ulps, x);
            }
        }

        TestContext.Out.WriteLine($"worst: {worst:F2} units in the last place, at {worstAt}");
        Assert.That(worst, Is.LessThanOrEqualTo(AllowedUlps), $"units in the last place, at {worstAt}");
    }

    /// <summary>Distance of T's numbers next to a value.</summary>
    private static double UnitInTheLastPlace(double value)
    {
        T magnitude = T.Abs(T.CreateTruncating(value));
        return double.CreateTruncating(T.BitIncrement(magnitude) - magnitude);
    }

    private static T Apply(Func<V, V> function, T x)
    {
        T* lanes = stackalloc T[S.Width];
        S.Store(lanes, function(S.Broadcast(x)));
        for (int lane = 1; lane < S.Width; lane++)
        {
            Assert.That(lanes[lane], Is.EqualTo(lanes[0]));
        }

        return lanes[0];
    }

    private static IEnumerable<double> Evenly(double from, double to) =>
        Enumerable.Range(0, Samples + 1).Select(i => from + ((to - from) * i / Samples));

    /// <summary>Powers of two down to the smallest, both signs.</summary>
    private static IEnumerable<double> Tiny() =>
        Enumerable.Range(0, 1075).SelectMany(i => (double[])[1.3 * Math.Pow(2, -i), -1.3 * Math.Pow(2, -i)]);
}
