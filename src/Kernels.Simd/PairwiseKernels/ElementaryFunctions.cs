using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// exp and tanh of the elements of a vector, to a few units in the last place over the whole range, without a branch.
/// <code>
///   y = n ln 2 + r,  n whole, |r| at most ln(2) / 2        ln 2 in two parts, so that n times the first is exact
///   e^r - 1 = r + r^2 (1/2! + r/3! + ...)                 Taylor, until the terms left out are under half a unit
///   exp(y)  = (1 + (e^r - 1)) 2^h 2^(n - h), h = n / 2    two factors: 2^n itself may overflow where e^y does not
///   tanh(x) = sign(x) t / (t + 2), t = e^(2|x|) - 1 = 2^n (e^r - 1) + (2^n - 1) no cancellation: n is 0 where x is
/// small
/// </code>
/// Source: the reduction of Cody and Waite, "Software manual for the elementary functions" (1980), chapter 6. NaN gives
/// NaN. Arguments past the ends of the range are brought to its ends, where exp overflows to infinity, or underflows
/// (gradually, rounded once) to zero.
/// </summary>
internal static class ElementaryFunctions<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>1 / ln 2.</summary>
    private const double Log2E = 1.4426950408889634;

    /// <summary>ln 2 cut off after 9 bits of a float's 24, and the rest of it.</summary>
    private const double Ln2HighSingle = 0.693359375;

    private const double Ln2LowSingle = -2.1219444005469057e-4;

    /// <summary>ln 2 cut off after 32 bits of a double's 53, and the rest of it.</summary>
    private const double Ln2HighDouble = 0.6931471803691238;

    private const double Ln2LowDouble = 1.9082149292705877e-10;

    /// <summary>Past these, exp is infinite, or zero: 2^n overflows, or is under half the smallest number.</summary>
    private const double HighestSingle = 89.5;

    private const double LowestSingle = -105;

    private const double HighestDouble = 710.5;

    private const double LowestDouble = -746.5;

    /// <summary>From here on tanh is 1 in double (from 9.1 on in float).</summary>
    private const double TanhSaturation = 22;

    private static bool IsSingle
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float);
    }

    /// <summary>e^x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp(V x)
    {
        V y = Max(
            Min(x, Constant(IsSingle ? HighestSingle : HighestDouble)),
            Constant(IsSingle ? LowestSingle : LowestDouble));
        V n = Round(S.Multiply(y, Constant(Log2E)));
        V half = Round(S.Multiply(n, Constant(0.5)));
        V mantissa = S.Add(Constant(1), ExpMinusOne(Reduce(y, n)));
        return S.Multiply(S.Multiply(mantissa, S.PowerOfTwo(half)), S.PowerOfTwo(S.Subtract(n, half)));
    }

    /// <summary>tanh x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh(V x)
    {
        V magnitude = Min(S.CopySign(x, S.Zero), Constant(TanhSaturation));
        V y = S.Add(magnitude, magnitude);
        V n = Round(S.Multiply(y, Constant(Log2E)));
        V power = S.PowerOfTwo(n);
        V t = S.MultiplyAdd(power, ExpMinusOne(Reduce(y, n)), S.Subtract(power, Constant(1)));
        return S.CopySign(S.Divide(t, S.Add(t, Constant(2))), x);
    }

    /// <summary>y - n ln 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Reduce(V y, V n)
    {
        V r = S.MultiplyAdd(n, Constant(IsSingle ? -Ln2HighSingle : -Ln2HighDouble), y);
        return S.MultiplyAdd(n, Constant(IsSingle ? -Ln2LowSingle : -Ln2LowDouble), r);
    }

    /// <summary>
    /// e^r - 1 for |r| at most ln(2) / 2: relative remainder 5e-9 in float (r^8 / 8!), 4e-18 in double (r^14 / 14!).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpMinusOne(V r)
    {
        V p;
        if (IsSingle)
        {
            p = Constant(1.0 / 5040);
        }
        else
        {
            p = Constant(1.0 / 6227020800);
            p = S.MultiplyAdd(p, r, Constant(1.0 / 479001600));
            p = S.MultiplyAdd(p, r, Constant(1.0 / 39916800));
            p = S.MultiplyAdd(p, r, Constant(1.0 / 3628800));
            p = S.MultiplyAdd(p, r, Constant(1.0 / 362880));
            p = S.MultiplyAdd(p, r, Constant(1.0 / 40320));
            p = S.MultiplyAdd(p, r, Constant(1.0 / 5040));
        }

        p = S.MultiplyAdd(p, r, Constant(1.0 / 720));
        p = S.MultiplyAdd(p, r, Constant(1.0 / 120));
        p = S.MultiplyAdd(p, r, Constant(1.0 / 24));
        p = S.MultiplyAdd(p, r, Constant(1.0 / 6));
        p = S.MultiplyAdd(p, r, Constant(0.5));
        return S.MultiplyAdd(S.Multiply(r, r), p, r);
    }

    /// <summary>The nearest whole number, of magnitudes well under 2^22.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Round(V a)
    {
        V shifter = Constant(IsSingle ? ExponentField.ShifterSingle : ExponentField.ShifterDouble);
        return S.Subtract(S.Add(a, shifter), shifter);
    }

    /// <summary>The smaller; NaN where a is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Min(V a, V bound) => S.SelectLess(bound, a, bound, a);

    /// <summary>The larger; NaN where a is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Max(V a, V bound) => S.SelectLess(a, bound, bound, a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Constant(double value) => S.Broadcast(T.CreateTruncating(value));
}
