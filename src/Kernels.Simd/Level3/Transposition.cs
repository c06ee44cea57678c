using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VemKernels.Simd;

/// <summary>
/// Transposes 8 x 8 blocks in registers: what packing does where the matrix runs along the other way. Element (i, p) of
/// the source, 8 rows apart by stride, goes to target[p * targetStride + i].
/// </summary>
internal static unsafe class Transposition
{
    /// <summary>Rows and columns of a block.</summary>
    public const int Order = 8;

    /// <summary>Transposes one block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block<T>(T* source, nint stride, T* target, nint targetStride)
        where T : unmanaged
    {
        if (typeof(T) == typeof(double) && Avx512F.IsSupported)
        {
            Doubles((double*)source, stride, (double*)target, targetStride);
        }
        else if (typeof(T) == typeof(float) && Avx.IsSupported)
        {
            Singles((float*)source, stride, (float*)target, targetStride);
        }
        else
        {
            for (int p = 0; p < Order; p++)
            {
                for (int i = 0; i < Order; i++)
                {
                    target[(p * targetStride) + i] = source[(i * stride) + p];
                }
            }
        }
    }

    /// <summary>Pairs of rows, then pairs of pairs, then halves: three rounds of eight shuffles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Doubles(double* source, nint stride, double* target, nint targetStride)
    {
        Vector512<double> r0 = Vector512.Load(source), r1 = Vector512.Load(source + stride);
        Vector512<double> r2 = Vector512.Load(source + (2 * stride)), r3 = Vector512.Load(source + (3 * stride));
        Vector512<double> r4 = Vector512.Load(source + (4 * stride)), r5 = Vector512.Load(source + (5 * stride));
        Vector512<double> r6 = Vector512.Load(source + (6 * stride)), r7 = Vector512.Load(source + (7 * stride));

        // Lanes of 128 bits: even columns (0, 2, 4, 6) of a pair of rows, then odd ones.
        Vector512<double> even01 = Avx512F.UnpackLow(r0, r1), odd01 = Avx512F.UnpackHigh(r0, r1);
        Vector512<double> even23 = Avx512F.UnpackLow(r2, r3), odd23 = Avx512F.UnpackHigh(r2, r3);
        Vector512<double> even45 = Avx512F.UnpackLow(r4, r5), odd45 = Avx512F.UnpackHigh(r4, r5);
        Vector512<double> even67 = Avx512F.UnpackLow(r6, r7), odd67 = Avx512F.UnpackHigh(r6, r7);

        // Lanes 0 and 2, or 1 and 3, of four rows: columns (0, 4) or (2, 6); then (1, 5) or (3, 7).
        const byte Even = 0x88, Odd = 0xDD;
        Vector512<double> a04 = Avx512F.Shuffle4x128(even01, even23, Even);
        Vector512<double> b04 = Avx512F.Shuffle4x128(even45, even67, Even);
        Vector512<double> a26 = Avx512F.Shuffle4x128(even01, even23, Odd);
        Vector512<double> b26 = Avx512F.Shuffle4x128(even45, even67, Odd);
        Vector512<double> a15 = Avx512F.Shuffle4x128(odd01, odd23, Even);
        Vector512<double> b15 = Avx512F.Shuffle4x128(odd45, odd67, Even);
        Vector512<double> a37 = Avx512F.Shuffle4x128(odd01, odd23, Odd), b37 = Avx512F.Shuffle4x128(odd45, odd67, Odd);
        Vector512.Store(Avx512F.Shuffle4x128(a04, b04, Even), target);
        Vector512.Store(Avx512F.Shuffle4x128(a15, b15, Even), target + targetStride);
        Vector512.Store(Avx512F.Shuffle4x128(a26, b26, Even), target + (2 * targetStride));
        Vector512.Store(Avx512F.Shuffle4x128(a37, b37, Even), target + (3 * targetStride));
        Vector512.Store(Avx512F.Shuffle4x128(a04, b04, Odd), target + (4 * targetStride));
        Vector512.Store(Avx512F.Shuffle4x128(a15, b15, Odd), target + (5 * targetStride));
        Vector512.Store(Avx512F.Shuffle4x128(a26, b26, Odd), target + (6 * targetStride));
        Vector512.Store(Avx512F.Shuffle4x128(a37, b37, Odd), target + (7 * targetStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Singles(float* source, nint stride, float* target, nint targetStride)
    {
        Vector256<float> r0 = Vector256.Load(source), r1 = Vector256.Load(source + stride);
        Vector256<float> r2 = Vector256.Load(source + (2 * stride)), r3 = Vector256.Load(source + (3 * stride));
        Vector256<float> r4 = Vector256.Load(source + (4 * stride)), r5 = Vector256.Load(source + (5 * stride));
        Vector256<float> r6 = Vector256.Load(source + (6 * stride)), r7 = Vector256.Load(source + (7 * stride));

        // Columns 0, 1 (and 4, 5) of a pair of rows, then 2, 3 (and 6, 7).
        Vector256<float> low01 = Avx.UnpackLow(r0, r1), high01 = Avx.UnpackHigh(r0, r1);
        Vector256<float> low23 = Avx.UnpackLow(r2, r3), high23 = Avx.UnpackHigh(r2, r3);
        Vector256<float> low45 = Avx.UnpackLow(r4, r5), high45 = Avx.UnpackHigh(r4, r5);
        Vector256<float> low67 = Avx.UnpackLow(r6, r7), high67 = Avx.UnpackHigh(r6, r7);

        // One column of four rows in each half: columns (0, 4), (1, 5), (2, 6), (3, 7).
        const byte First = 0x44, Second = 0xEE;
        Vector256<float> a04 = Avx.Shuffle(low01, low23, First), b04 = Avx.Shuffle(low45, low67, First);
        Vector256<float> a15 = Avx.Shuffle(low01, low23, Second), b15 = Avx.Shuffle(low45, low67, Second);
        Vector256<float> a26 = Avx.Shuffle(high01, high23, First), b26 = Avx.Shuffle(high45, high67, First);
        Vector256<float> a37 = Avx.Shuffle(high01, high23, Second), b37 = Avx.Shuffle(high45, high67, Second);
        const byte LowHalves = 0x20, HighHalves = 0x31;
        Vector256.Store(Avx.Permute2x128(a04, b04, LowHalves), target);
        Vector256.Store(Avx.Permute2x128(a15, b15, LowHalves), target + targetStride);
        Vector256.Store(Avx.Permute2x128(a26, b26, LowHalves), target + (2 * targetStride));
        Vector256.Store(Avx.Permute2x128(a37, b37, LowHalves), target + (3 * targetStride));
        Vector256.Store(Avx.Permute2x128(a04, b04, HighHalves), target + (4 * targetStride));
        Vector256.Store(Avx.Permute2x128(a15, b15, HighHalves), target + (5 * targetStride));
        Vector256.Store(Avx.Permute2x128(a26, b26, HighHalves), target + (6 * targetStride));
        Vector256.Store(Avx.Permute2x128(a37, b37, HighHalves), target + (7 * targetStride));
    }
}
