using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VemKernels.Simd;

/// <summary>The vector abstraction on 512-bit vectors: AVX-512.</summary>
internal readonly unsafe struct Simd512<T> : ISimd<Vector512<T>, T>
    where T : unmanaged
{
    public static int Width
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512<T>.Count;
    }

    public static int Registers
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 32;
    }

    public static Vector512<T> Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512<T>.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Broadcast(T value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Load(T* address) => Vector512.Load(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* address, Vector512<T> value) => Vector512.Store(value, address);

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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> LoadPartial(T* address, int count)
    {
        if (Avx512F.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? Avx512F.MaskLoad((float*)address, First(count).AsSingle(), Vector512<float>.Zero).As<float, T>()
                : Avx512F.MaskLoad((double*)address, First(count).AsDouble(), Vector512<double>.Zero).As<double, T>();
        }

        Vector512<T> value = Vector512<T>.Zero;
        Unsafe.CopyBlockUnaligned(&value, address, (uint)(count * sizeof(T)));
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(T* address, Vector512<T> value, int count)
    {
        if (!Avx512F.IsSupported)
        {
            Unsafe.CopyBlockUnaligned(address, &value, (uint)(count * sizeof(T)));
        }
        else if (typeof(T) == typeof(float))
        {
            Avx512F.MaskStore((float*)address, First(count).AsSingle(), value.AsSingle());
        }
        else
        {
            Avx512F.MaskStore((double*)address, First(count).AsDouble(), value.AsDouble());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Add(Vector512<T> a, Vector512<T> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Subtract(Vector512<T> a, Vector512<T> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Multiply(Vector512<T> a, Vector512<T> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Divide(Vector512<T> a, Vector512<T> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> SelectLess(
        Vector512<T> a, Vector512<T> b, Vector512<T> whenLess, Vector512<T> otherwise) =>
        Vector512.ConditionalSelect(Vector512.LessThan(a, b), whenLess, otherwise);

    /// <summary>
    /// An estimate in name: fused with hardware; without, two roundings instead of a software fma 30 times slower.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MultiplyAdd(Vector512<T> a, Vector512<T> b, Vector512<T> c) => typeof(T) == typeof(float)
        ? Vector512.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
        : Vector512.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> SquareRoot(Vector512<T> a) => Vector512.Sqrt(a);

    /// <summary>An estimate of 14 bits, and Newton's steps, each of which doubles the bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> ReciprocalSquareRoot(Vector512<T> a)
    {
        if (!Avx512F.IsSupported)
        {
            return Vector512<T>.One / Vector512.Sqrt(a);
        }

        if (typeof(T) == typeof(float))
        {
            Vector512<float> half = Vector512.Create(0.5f), x = a.AsSingle();
            Vector512<float> root = Avx512F.ReciprocalSqrt14(x);
            Vector512<float> rest = Avx512F.FusedMultiplyAddNegated(half * x * root, root, half);
            return Avx512F.FusedMultiplyAdd(root, rest, root).As<float, T>();
        }

        Vector512<double> oneHalf = Vector512.Create(0.5), halfA = oneHalf * a.AsDouble();
        Vector512<double> y = Avx512F.ReciprocalSqrt14(a.AsDouble());
        y = Avx512F.FusedMultiplyAdd(y, Avx512F.FusedMultiplyAddNegated(halfA * y, y, oneHalf), y);
        y = Avx512F.FusedMultiplyAdd(y, Avx512F.FusedMultiplyAddNegated(halfA * y, y, oneHalf), y);
        return y.As<double, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> CopySign(Vector512<T> magnitude, Vector512<T> sign) =>
        Vector512.CopySign(magnitude, sign);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> PowerOfTwo(Vector512<T> n) => typeof(T) == typeof(float)
        ? Vector512.ShiftLeft(
            (n.AsSingle() + Vector512.Create(ExponentField.BiasedShifterSingle)).AsInt32(),
            ExponentField.ShiftSingle).As<int, T>()
        : Vector512.ShiftLeft(
            (n.AsDouble() + Vector512.Create(ExponentField.BiasedShifterDouble)).AsInt64(),
            ExponentField.ShiftDouble).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddToDoubles(Vector512<T> a, Vector512<T> b, double* sums)
    {
        if (typeof(T) == typeof(double))
        {
            Vector512.Store(Vector512.Load(sums) + a.AsDouble() + b.AsDouble(), sums);
            return;
        }

        (Vector512<double> aLow, Vector512<double> aHigh) = Vector512.Widen(a.AsSingle());
        (Vector512<double> bLow, Vector512<double> bHigh) = Vector512.Widen(b.AsSingle());
        double* upper = sums + Vector512<double>.Count;
        Vector512.Store(Vector512.Load(sums) + aLow + bLow, sums);
        Vector512.Store(Vector512.Load(upper) + aHigh + bHigh, upper);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProductsToDoubles(
        Vector512<T> a, Vector512<T> b, Vector512<T> c, Vector512<T> d, double* sums)
    {
        if (typeof(T) == typeof(double))
        {
            Vector512<double> sum = Vector512.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), Vector512.Load(sums));
            Vector512.Store(Vector512.MultiplyAddEstimate(c.AsDouble(), d.AsDouble(), sum), sums);
            return;
        }

        (Vector512<double> aLow, Vector512<double> aHigh) = Vector512.Widen(a.AsSingle());
        (Vector512<double> bLow, Vector512<double> bHigh) = Vector512.Widen(b.AsSingle());
        (Vector512<double> cLow, Vector512<double> cHigh) = Vector512.Widen(c.AsSingle());
        (Vector512<double> dLow, Vector512<double> dHigh) = Vector512.Widen(d.AsSingle());
        double* upper = sums + Vector512<double>.Count;
        Vector512<double> low = Vector512.MultiplyAddEstimate(aLow, bLow, Vector512.Load(sums));
        Vector512<double> high = Vector512.MultiplyAddEstimate(aHigh, bHigh, Vector512.Load(upper));
        Vector512.Store(Vector512.MultiplyAddEstimate(cLow, dLow, low), sums);
        Vector512.Store(Vector512.MultiplyAddEstimate(cHigh, dHigh, high), upper);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddToDoubles(Vector512<T> value, double* sums)
    {
        if (typeof(T) == typeof(double))
        {
            Vector512.Store(Vector512.Load(sums) + value.AsDouble(), sums);
            return;
        }

        (Vector512<double> low, Vector512<double> high) = Vector512.Widen(value.AsSingle());
        double* upper = sums + Vector512<double>.Count;
        Vector512.Store(Vector512.Load(sums) + low, sums);
        Vector512.Store(Vector512.Load(upper) + high, upper);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Largest(Vector512<T> a) => Simd256<T>.Largest(Vector256.MaxNative(a.GetLower(), a.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> CentreInDouble(Vector512<T> value, double shift, double* offsets)
    {
        Vector512<double> shifts = Vector512.Create(shift);
        if (typeof(T) == typeof(double))
        {
            return (value.AsDouble() - shifts - Vector512.Load(offsets)).As<double, T>();
        }

        (Vector512<double> low, Vector512<double> high) = Vector512.Widen(value.AsSingle());
        return Vector512.Narrow(
            low - shifts - Vector512.Load(offsets),
            high - shifts - Vector512.Load(offsets + Vector512<double>.Count)).As<float, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> StandardiseInDouble(Vector512<T> value, double* offsets, double* factors)
    {
        if (typeof(T) == typeof(double))
        {
            return ((value.AsDouble() - Vector512.Load(offsets)) * Vector512.Load(factors)).As<double, T>();
        }

        (Vector512<double> low, Vector512<double> high) = Vector512.Widen(value.AsSingle());
        int half = Vector512<double>.Count;
        return Vector512.Narrow(
            (low - Vector512.Load(offsets)) * Vector512.Load(factors),
            (high - Vector512.Load(offsets + half)) * Vector512.Load(factors + half)).As<float, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Vector512<T> a) => Vector512.Sum(a);

    /// <summary>The mask of the first count elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> First(int count) => typeof(T) == typeof(float)
        ? Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).As<int, T>()
        : Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)count)).As<long, T>();
}
