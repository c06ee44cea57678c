using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VemKernels.Simd;

/// <summary>The vector abstraction on 128-bit vectors: the portable path (SSE, Arm's AdvSimd, or software).</summary>
internal readonly unsafe struct Simd128<T> : ISimd<Vector128<T>, T>
    where T : unmanaged
{
    public static int Width
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128<T>.Count;
    }

    public static int Registers
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported ? 32 : 16;
    }

    public static Vector128<T> Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128<T>.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Broadcast(T value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Load(T* address) => Vector128.Load(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* address, Vector128<T> value) => Vector128.Store(value, address);

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

    public static Vector128<T> LoadPartial(T* address, int count)
    {
        Vector128<T> value = Vector128<T>.Zero;
        Unsafe.CopyBlockUnaligned(&value, address, (uint)(count * sizeof(T)));
        return value;
    }

    public static void StorePartial(T* address, Vector128<T> value, int count) =>
        Unsafe.CopyBlockUnaligned(address, &value, (uint)(count * sizeof(T)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Add(Vector128<T> a, Vector128<T> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Subtract(Vector128<T> a, Vector128<T> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Multiply(Vector128<T> a, Vector128<T> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Divide(Vector128<T> a, Vector128<T> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> SelectLess(
        Vector128<T> a, Vector128<T> b, Vector128<T> whenLess, Vector128<T> otherwise) =>
        Vector128.ConditionalSelect(Vector128.LessThan(a, b), whenLess, otherwise);

    /// <summary>
    /// An estimate in name: fused with hardware; without, two roundings instead of a software fma 30 times slower.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> MultiplyAdd(Vector128<T> a, Vector128<T> b, Vector128<T> c) => typeof(T) == typeof(float)
        ? Vector128.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
        : Vector128.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> SquareRoot(Vector128<T> a) => Vector128.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> ReciprocalSquareRoot(Vector128<T> a) => Vector128<T>.One / Vector128.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> CopySign(Vector128<T> magnitude, Vector128<T> sign) =>
        Vector128.CopySign(magnitude, sign);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> PowerOfTwo(Vector128<T> n) => typeof(T) == typeof(float)
        ? Vector128.ShiftLeft(
            (n.AsSingle() + Vector128.Create(ExponentField.BiasedShifterSingle)).AsInt32(),
            ExponentField.ShiftSingle).As<int, T>()
        : Vector128.ShiftLeft(
            (n.AsDouble() + Vector128.Create(ExponentField.BiasedShifterDouble)).AsInt64(),
            ExponentField.ShiftDouble).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddToDoubles(Vector128<T> a, Vector128<T> b, double* sums)
    {
        if (typeof(T) == typeof(double))
        {
            Vector128.Store(Vector128.Load(sums) + a.AsDouble() + b.AsDouble(), sums);
            return;
        }

        (Vector128<double> aLow, Vector128<double> aHigh) = Vector128.Widen(a.AsSingle());
        (Vector128<double> bLow, Vector128<double> bHigh) = Vector128.Widen(b.AsSingle());
        double* upper = sums + Vector128<double>.Count;
        Vector128.Store(Vector128.Load(sums) + aLow + bLow, sums);
        Vector128.Store(Vector128.Load(upper) + aHigh + bHigh, upper);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProductsToDoubles(
        Vector128<T> a, Vector128<T> b, Vector128<T> c, Vector128<T> d, double* sums)
    {
        if (typeof(T) == typeof(double))
        {
            Vector128<double> sum = Vector128.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), Vector128.Load(sums));
            Vector128.Store(Vector128.MultiplyAddEstimate(c.AsDouble(), d.AsDouble(), sum), sums);
            return;
        }

        (Vector128<double> aLow, Vector128<double> aHigh) = Vector128.Widen(a.AsSingle());
        (Vector128<double> bLow, Vector128<double> bHigh) = Vector128.Widen(b.AsSingle());
        (Vector128<double> cLow, Vector128<double> cHigh) = Vector128.Widen(c.AsSingle());
        (Vector128<double> dLow, Vector128<double> dHigh) = Vector128.Widen(d.AsSingle());
        double* upper = sums + Vector128<double>.Count;
        Vector128<double> low = Vector128.MultiplyAddEstimate(aLow, bLow, Vector128.Load(sums));
        Vector128<double> high = Vector128.MultiplyAddEstimate(aHigh, bHigh, Vector128.Load(upper));
        Vector128.Store(Vector128.MultiplyAddEstimate(cLow, dLow, low), sums);
        Vector128.Store(Vector128.MultiplyAddEstimate(cHigh, dHigh, high), upper);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddToDoubles(Vector128<T> value, double* sums)
    {
        if (typeof(T) == typeof(double))
        {
            Vector128.Store(Vector128.Load(sums) + value.AsDouble(), sums);
            return;
        }

        (Vector128<double> low, Vector128<double> high) = Vector128.Widen(value.AsSingle());
        double* upper = sums + Vector128<double>.Count;
        Vector128.Store(Vector128.Load(sums) + low, sums);
        Vector128.Store(Vector128.Load(upper) + high, upper);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Largest(Vector128<T> a)
    {
        Vector128<double> pairs = a.AsDouble();
        a = Vector128.MaxNative(a, Vector128.Create(pairs.GetElement(1), pairs.GetElement(0)).As<double, T>());
        if (typeof(T) == typeof(double))
        {
            return a.ToScalar();
        }

        T second = a.GetElement(1);
        return Vector128.MaxNative(a, Vector128.CreateScalar(second)).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> CentreInDouble(Vector128<T> value, double shift, double* offsets)
    {
        Vector128<double> shifts = Vector128.Create(shift);
        if (typeof(T) == typeof(double))
        {
            return (value.AsDouble() - shifts - Vector128.Load(offsets)).As<double, T>();
        }

        (Vector128<double> low, Vector128<double> high) = Vector128.Widen(value.AsSingle());
        return Vector128.Narrow(
            low - shifts - Vector128.Load(offsets),
            high - shifts - Vector128.Load(offsets + Vector128<double>.Count)).As<float, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> StandardiseInDouble(Vector128<T> value, double* offsets, double* factors)
    {
        if (typeof(T) == typeof(double))
        {
            return ((value.AsDouble() - Vector128.Load(offsets)) * Vector128.Load(factors)).As<double, T>();
        }

        (Vector128<double> low, Vector128<double> high) = Vector128.Widen(value.AsSingle());
        int half = Vector128<double>.Count;
        return Vector128.Narrow(
            (low - Vector128.Load(offsets)) * Vector128.Load(factors),
            (high - Vector128.Load(offsets + half)) * Vector128.Load(factors + half)).As<float, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Vector128<T> a) => Vector128.Sum(a);
}
