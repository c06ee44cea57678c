using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VemKernels.Simd;

/// <summary>The vector abstraction on 256-bit vectors: AVX2 with FMA.</summary>
internal readonly unsafe struct Simd256<T> : ISimd<Vector256<T>, T>
    where T : unmanaged
{
    public static int Width
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256<T>.Count;
    }

    public static int Registers
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 16;
    }

    public static Vector256<T> Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256<T>.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Broadcast(T value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Load(T* address) => Vector256.Load(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* address, Vector256<T> value) => Vector256.Store(value, address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(T* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PrefetchFar(T* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch1(address);
        }
    }

    /// <summary>Masked: a copy would be a call, around which loops nearby keep their sums in memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> LoadPartial(T* address, int count)
    {
        if (Avx.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? Avx.MaskLoad((float*)address, First(count).AsSingle()).As<float, T>()
                : Avx.MaskLoad((double*)address, First(count).AsDouble()).As<double, T>();
        }

        Vector256<T> value = Vector256<T>.Zero;
        Unsafe.CopyBlockUnaligned(&value, address, (uint)(count * sizeof(T)));
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(T* address, Vector256<T> value, int count)
    {
        if (!Avx.IsSupported)
        {
            Unsafe.CopyBlockUnaligned(address, &value, (uint)(count * sizeof(T)));
        }
        else if (typeof(T) == typeof(float))
        {
            Avx.MaskStore((float*)address, First(count).AsSingle(), value.AsSingle());
        }
        else
        {
            Avx.MaskStore((double*)address, First(count).AsDouble(), value.AsDouble());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Add(Vector256<T> a, Vector256<T> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Subtract(Vector256<T> a, Vector256<T> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Multiply(Vector256<T> a, Vector256<T> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Divide(Vector256<T> a, Vector256<T> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> SelectLess(
        Vector256<T> a, Vector256<T> b, Vector256<T> whenLess, Vector256<T> otherwise) =>
        Vector256.ConditionalSelect(Vector256.LessThan(a, b), whenLess, otherwise);

    /// <summary>
    /// An estimate in name: fused with hardware; without, two roundings instead of a software fma 30 times slower.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> MultiplyAdd(Vector256<T> a, Vector256<T> b, Vector256<T> c) => typeof(T) == typeof(float)
        ? Vector256.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
        : Vector256.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> SquareRoot(Vector256<T> a) => Vector256.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> ReciprocalSquareRoot(Vector256<T> a) => Vector256<T>.One / Vector256.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> CopySign(Vector256<T> magnitude, Vector256<T> sign) =>
        Vector256.CopySign(magnitude, sign);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> PowerOfTwo(Vector256<T> n) => typeof(T) == typeof(float)
        ? Vector256.ShiftLeft(
            (n.AsSingle() + Vector256.Create(ExponentField.BiasedShifterSingle)).AsInt32(),
            ExponentField.ShiftSingle).As<int, T>()
        : Vector256.ShiftLeft(
            (n.AsDouble() + Vector256.Create(ExponentField.BiasedShifterDouble)).AsInt64(),
            ExponentField.ShiftDouble).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddToDoubles(Vector256<T> a, Vector256<T> b, double* sums)
    {
        if (typeof(T) == typeof(double))
        {
            Vector256.Store(Vector256.Load(sums) + a.AsDouble() + b.AsDouble(), sums);
            return;
        }

        (Vector256<double> aLow, Vector256<double> aHigh) = Vector256.Widen(a.AsSingle());
        (Vector256<double> bLow, Vector256<double> bHigh) = Vector256.Widen(b.AsSingle());
        double* upper = sums + Vector256<double>.Count;
        Vector256.Store(Vector256.Load(sums) + aLow + bLow, sums);
        Vector256.Store(Vector256.Load(upper) + aHigh + bHigh, upper);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProductsToDoubles(
        Vector256<T> a, Vector256<T> b, Vector256<T> c, Vector256<T> d, double* sums)
    {
        if (typeof(T) == typeof(double))
        {
            Vector256<double> sum = Vector256.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), Vector256.Load(sums));
            Vector256.Store(Vector256.MultiplyAddEstimate(c.AsDouble(), d.AsDouble(), sum), sums);
            return;
        }

        (Vector256<double> aLow, Vector256<double> aHigh) = Vector256.Widen(a.AsSingle());
        (Vector256<double> bLow, Vector256<double> bHigh) = Vector256.Widen(b.AsSingle());
        (Vector256<double> cLow, Vector256<double> cHigh) = Vector256.Widen(c.AsSingle());
        (Vector256<double> dLow, Vector256<double> dHigh) = Vector256.Widen(d.AsSingle());
        double* upper = sums + Vector256<double>.Count;
        Vector256<double> low = Vector256.MultiplyAddEstimate(aLow, bLow, Vector256.Load(sums));
        Vector256<double> high = Vector256.MultiplyAddEstimate(aHigh, bHigh, Vector256.Load(upper));
        Vector256.Store(Vector256.MultiplyAddEstimate(cLow, dLow, low), sums);
        Vector256.Store(Vector256.MultiplyAddEstimate(cHigh, dHigh, high), upper);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddToDoubles(Vector256<T> value, double* sums)
    {
        if (typeof(T) == typeof(double))
        {
            Vector256.Store(Vector256.Load(sums) + value.AsDouble(), sums);
            return;
        }

        (Vector256<double> low, Vector256<double> high) = Vector256.Widen(value.AsSingle());
        double* upper = sums + Vector256<double>.Count;
        Vector256.Store(Vector256.Load(sums) + low, sums);
        Vector256.Store(Vector256.Load(upper) + high, upper);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Largest(Vector256<T> a) => Simd128<T>.Largest(Vector128.MaxNative(a.GetLower(), a.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> CentreInDouble(Vector256<T> value, double shift, double* offsets)
    {
        Vector256<double> shifts = Vector256.Create(shift);
        if (typeof(T) == typeof(double))
        {
            return (value.AsDouble() - shifts - Vector256.Load(offsets)).As<double, T>();
        }

        (Vector256<double> low, Vector256<double> high) = Vector256.Widen(value.AsSingle());
        return Vector256.Narrow(
            low - shifts - Vector256.Load(offsets),
            high - shifts - Vector256.Load(offsets + Vector256<double>.Count)).As<float, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> StandardiseInDouble(Vector256<T> value, double* offsets, double* factors)
    {
        if (typeof(T) == typeof(double))
        {
            return ((value.AsDouble() - Vector256.Load(offsets)) * Vector256.Load(factors)).As<double, T>();
        }

        (Vector256<double> low, Vector256<double> high) = Vector256.Widen(value.AsSingle());
        int half = Vector256<double>.Count;
        return Vector256.Narrow(
            (low - Vector256.Load(offsets)) * Vector256.Load(factors),
            (high - Vector256.Load(offsets + half)) * Vector256.Load(factors + half)).As<float, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Vector256<T> a) => Vector256.Sum(a);

    private static Vector256<T> First(int count) => typeof(T) == typeof(float)
        ? Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).As<int, T>()
        : Vector256.LessThan(Vector256<long>.Indices, Vector256.Create((long)count)).As<long, T>();
}
