using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// Powers of two that bring the matrices in lanes to a largest element near 1 (<see cref="ScaleExponent"/>), lane by
/// lane.
/// </summary>
internal static unsafe class LaneScaling<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The larger of `largest` and the magnitudes of count vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static V Largest(V largest, T* x, nint count)
    {
        V one = S.Broadcast(T.One);
        for (nint i = 0; i < count * S.Width; i += S.Width)
        {
            V size = S.CopySign(S.Load(x + i), one);
            largest = S.SelectLess(largest, size, size, largest);
        }

        return largest;
    }

    /// <summary>Whether all elements of count vectors are finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool AreFinite(T* x, nint count)
    {
        V zeros = S.Zero;
        for (nint i = 0; i < count * S.Width; i += S.Width)
        {
            // Zero, but for infinity and NaN.
            zeros = S.MultiplyAdd(S.Load(x + i), S.Zero, zeros);
        }

        return S.Sum(zeros) == T.Zero;
    }

    /// <summary>The exponents, one a lane, of these largest elements.</summary>
    public static void Exponents(V largest, T* exponents)
    {
        S.Store(exponents, largest);
        for (int lane = 0; lane < S.Width; lane++)
        {
            exponents[lane] = T.CreateTruncating(ScaleExponent.OfLargest(exponents[lane]));
        }
    }

    /// <summary>Multiplies count vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(V factors, T* x, nint count)
    {
        for (nint i = 0; i < count * S.Width; i += S.Width)
        {
            S.Store(x + i, S.Multiply(factors, S.Load(x + i)));
        }
    }

    /// <summary>
    /// Makes zeros positive: the sign of a zero depends on how often it was turned by no angle, that is on the
    /// neighbours.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ClearSignsOfZeros(T* x, nint count)
    {
        for (nint i = 0; i < count * S.Width; i += S.Width)
        {
            S.Store(x + i, S.Add(S.Load(x + i), S.Zero));
        }
    }
}
