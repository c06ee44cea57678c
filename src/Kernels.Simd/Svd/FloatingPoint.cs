using System.Numerics;

namespace VemKernels.Simd;

/// <summary>What float and double differ in.</summary>
internal static class FloatingPoint<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The distance from 1 to the next number.</summary>
    public static T Epsilon { get; } = T.BitIncrement(T.One) - T.One;

    /// <summary>The smallest number of full precision.</summary>
    public static T SmallestNormal { get; } = T.BitIncrement(T.Zero) / Epsilon;
}
