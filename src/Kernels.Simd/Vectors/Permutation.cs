using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VemKernels.Simd;

/// <summary>Short rows in another order.</summary>
internal static unsafe class Permutation
{
    /// <summary>target[j step] = source[from[j]]; 8 or 16 doubles side by side are one or two permutations.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<T>(int n, T* source, long* from, T* target, nint step)
        where T : unmanaged
    {
        if (typeof(T) == typeof(double) && Avx512F.IsSupported && step == 1)
        {
            if (n == 8)
            {
                Vector512<double> row = Vector512.Load((double*)source);
                Vector512.Store(Avx512F.PermuteVar8x64(row, Vector512.Load(from)), (double*)target);
                return;
            }

            if (n == 16)
            {
                Vector512<double> low = Vector512.Load((double*)source), high = Vector512.Load((double*)source + 8);
                Vector512.Store(Avx512F.PermuteVar8x64x2(low, Vector512.Load(from), high), (double*)target);
                Vector512.Store(Avx512F.PermuteVar8x64x2(low, Vector512.Load(from + 8), high), (double*)target + 8);
                return;
            }
        }

        for (int j = 0; j < n; j++)
        {
            target[j * step] = source[from[j]];
        }
    }
}
