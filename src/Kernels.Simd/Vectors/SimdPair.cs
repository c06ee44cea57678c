using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>Two vectors side by side.</summary>
internal struct VectorPair<V>(V first, V second)
    where V : struct
{
    public V First = first;

    public V Second = second;
}

/// <summary>
/// Two vectors used as one of twice the width: every operation is two that do not wait for each other. For code that
/// waits for square roots and divisions, a lane's each after the one before, and that has registers to spare.
/// </summary>
internal readonly unsafe struct SimdPair<S, V, T> : ISimd<VectorPair<V>, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    public static int Width
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2 * S.Width;
    }

    public static int Registers => S.Registers / 2;

    public static VectorPair<V> Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Twice(S.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> Broadcast(T value) => Twice(S.Broadcast(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> Load(T* address) => new(S.Load(address), S.Load(address + S.Width));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* address, VectorPair<V> value)
    {
        S.Store(address, value.First);
        S.Store(address + S.Width, value.Second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(T* address) => S.Prefetch(address);

    public static void PrefetchFar(T* address) => S.PrefetchFar(address);

    public static VectorPair<V> LoadPartial(T* address, int count) => count < S.Width
        ? new(S.LoadPartial(address, count), S.Zero)
        : new(S.Load(address), count > S.Width ? S.LoadPartial(address + S.Width, count - S.Width) : S.Zero);

    public static void StorePartial(T* address, VectorPair<V> value, int count)
    {
        if (count < S.Width)
        {
            S.StorePartial(address, value.First, count);
            return;
        }

        S.Store(address, value.First);
        if (count > S.Width)
        {
            S.StorePartial(address + S.Width, value.Second, count - S.Width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> Add(VectorPair<V> a, VectorPair<V> b) =>
        new(S.Add(a.First, b.First), S.Add(a.Second, b.Second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> Subtract(VectorPair<V> a, VectorPair<V> b) =>
        new(S.Subtract(a.First, b.First), S.Subtract(a.Second, b.Second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> Multiply(VectorPair<V> a, VectorPair<V> b) =>
        new(S.Multiply(a.First, b.First), S.Multiply(a.Second, b.Second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> Divide(VectorPair<V> a, VectorPair<V> b) =>
        new(S.Divide(a.First, b.First), S.Divide(a.Second, b.Second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> SelectLess(
        VectorPair<V> a, VectorPair<V> b, VectorPair<V> whenLess, VectorPair<V> otherwise) => new(
            S.SelectLess(a.First, b.First, whenLess.First, otherwise.First),
            S.SelectLess(a.Second, b.Second, whenLess.Second, otherwise.Second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> MultiplyAdd(VectorPair<V> a, VectorPair<V> b, VectorPair<V> c) =>
        new(S.MultiplyAdd(a.First, b.First, c.First), S.MultiplyAdd(a.Second, b.Second, c.Second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> SquareRoot(VectorPair<V> a) => new(S.SquareRoot(a.First), S.SquareRoot(a.Second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> ReciprocalSquareRoot(VectorPair<V> a) =>
        new(S.ReciprocalSquareRoot(a.First), S.ReciprocalSquareRoot(a.Second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> CopySign(VectorPair<V> magnitude, VectorPair<V> sign) =>
        new(S.CopySign(magnitude.First, sign.First), S.CopySign(magnitude.Second, sign.Second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> PowerOfTwo(VectorPair<V> n) => new(S.PowerOfTwo(n.First), S.PowerOfTwo(n.Second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Largest(VectorPair<V> a) => S.Largest(S.SelectLess(a.First, a.Second, a.Second, a.First));

    public static void AddToDoubles(VectorPair<V> value, double* sums)
    {
        S.AddToDoubles(value.First, sums);
        S.AddToDoubles(value.Second, sums + S.Width);
    }

    public static void AddToDoubles(VectorPair<V> a, VectorPair<V> b, double* sums)
    {
        S.AddToDoubles(a.First, b.First, sums);
        S.AddToDoubles(a.Second, b.Second, sums + S.Width);
    }

    public static void AddProductsToDoubles(
        VectorPair<V> a, VectorPair<V> b, VectorPair<V> c, VectorPair<V> d, double* sums)
    {
        S.AddProductsToDoubles(a.First, b.First, c.First, d.First, sums);
        S.AddProductsToDoubles(a.Second, b.Second, c.Second, d.Second, sums + S.Width);
    }

    public static VectorPair<V> CentreInDouble(VectorPair<V> value, double shift, double* offsets) => new(
        S.CentreInDouble(value.First, shift, offsets), S.CentreInDouble(value.Second, shift, offsets + S.Width));

    public static VectorPair<V> StandardiseInDouble(VectorPair<V> value, double* offsets, double* factors) => new(
        S.StandardiseInDouble(value.First, offsets, factors),
        S.StandardiseInDouble(value.Second, offsets + S.Width, factors + S.Width));

    public static T Sum(VectorPair<V> a) => S.Sum(S.Add(a.First, a.Second));

    /// <summary>One register for both: made twice, a constant would take two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static VectorPair<V> Twice(V value) => new(value, value);
}
