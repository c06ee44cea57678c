using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VemKernels.Simd;

/// <summary>
/// Vectors of doubles as wide as the instruction set's, loaded from data of either type: what sums in double are made
/// of. The processor widens floats as it loads them, so nothing is taken apart in registers.
/// </summary>
/// <typeparam name="D">The vectors of doubles.</typeparam>
/// <typeparam name="W">A vector of doubles.</typeparam>
/// <typeparam name="T">The data's type.</typeparam>
internal static unsafe class WideVector<D, W, T>
    where D : struct, ISimd<W, double>
    where W : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>As many elements as a vector of doubles has, in double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static W Load(T* address)
    {
        if (typeof(T) == typeof(double))
        {
            return D.Load((double*)address);
        }

        if (typeof(W) == typeof(Vector512<double>))
        {
            Vector256<float> eight = Vector256.Load((float*)address);
            if (Avx512F.IsSupported)
            {
                return Unsafe.BitCast<Vector512<double>, W>(Avx512F.ConvertToVector512Double(eight));
            }

            (Vector256<double> low, Vector256<double> high) = Vector256.Widen(eight);
            return Unsafe.BitCast<Vector512<double>, W>(Vector512.Create(low, high));
        }

        if (typeof(W) == typeof(Vector256<double>))
        {
            Vector128<float> four = Vector128.Load((float*)address);
            if (Avx.IsSupported)
            {
                return Unsafe.BitCast<Vector256<double>, W>(Avx.ConvertToVector256Double(four));
            }

            (Vector128<double> low, Vector128<double> high) = Vector128.Widen(four);
            return Unsafe.BitCast<Vector256<double>, W>(Vector256.Create(low, high));
        }

        return Unsafe.BitCast<Vector128<double>, W>(
            Vector128.Create((double)((float*)address)[0], ((float*)address)[1]));
    }
}
