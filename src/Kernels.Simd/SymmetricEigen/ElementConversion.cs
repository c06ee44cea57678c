using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>Between double and the element type, at the cost of the bare instruction in hot loops.</summary>
internal static class ElementConversion<T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Round(double value)
    {
        if (typeof(T) == typeof(double))
        {
            return Unsafe.BitCast<double, T>(value);
        }

        return Unsafe.BitCast<float, T>((float)value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Widen(T value) =>
        typeof(T) == typeof(double) ? Unsafe.BitCast<T, double>(value) : Unsafe.BitCast<T, float>(value);
}
