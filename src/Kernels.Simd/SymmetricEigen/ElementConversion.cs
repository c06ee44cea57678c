using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>From double to the element type, at the cost of the bare instruction in hot loops.</summary>
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
}
