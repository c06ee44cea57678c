using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>Loops over contiguous vectors, each a body and a masked tail. Sums run in a fixed order.</summary>
internal static unsafe class VectorLoops<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    /// <summary>
    /// The first address from memory on at which a vector is aligned: fewer than a vector's elements away.
    /// </summary>
    public static T* Align(T* memory)
    {
        nuint bytes = (nuint)(S.Width * sizeof(T));
        return (T*)(((nuint)memory + bytes - 1) / bytes * bytes);
    }

    /// <summary>y += alpha x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(nint count, T alpha, T* x, T* y)
    {
        V a = S.Broadcast(alpha);
        nint i = 0;
        for (; i + S.Width <= count; i += S.Width)
        {
            S.Store(y + i, S.MultiplyAdd(a, S.Load(x + i), S.Load(y + i)));
        }

        int tail = (int)(count - i);
        if (tail > 0)
        {
            S.StorePartial(y + i, S.MultiplyAdd(a, S.LoadPartial(x + i, tail), S.LoadPartial(y + i, tail)), tail);
        }
    }

    /// <summary>y = alpha x; the two may be the same.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(nint count, T alpha, T* x, T* y)
    {
        V a = S.Broadcast(alpha);
        nint i = 0;
        for (; i + S.Width <= count; i += S.Width)
        {
            S.Store(y + i, S.Multiply(a, S.Load(x + i)));
        }

        int tail = (int)(count - i);
        if (tail > 0)
        {
            S.StorePartial(y + i, S.Multiply(a, S.LoadPartial(x + i, tail)), tail);
        }
    }

    /// <summary>z = x . y, element by element; z may be x or y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(nint count, T* x, T* y, T* z)
    {
        nint i = 0;
        for (; i + S.Width <= count; i += S.Width)
        {
            S.Store(z + i, S.Multiply(S.Load(x + i), S.Load(y + i)));
        }

        int tail = (int)(count - i);
        if (tail > 0)
        {
            S.StorePartial(z + i, S.Multiply(S.LoadPartial(x + i, tail), S.LoadPartial(y + i, tail)), tail);
        }
    }

    /// <summary>y -= x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Subtract(nint count, T* x, T* y)
    {
        nint i = 0;
        for (; i + S.Width <= count; i += S.Width)
        {
            S.Store(y + i, S.Subtract(S.Load(y + i), S.Load(x + i)));
        }

        int tail = (int)(count - i);
        if (tail > 0)
        {
            S.StorePartial(y + i, S.Subtract(S.LoadPartial(y + i, tail), S.LoadPartial(x + i, tail)), tail);
        }
    }

    /// <summary>x' y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Dot(nint count, T* x, T* y)
    {
        V sum = S.Zero;
        nint i = 0;
        for (; i + S.Width <= count; i += S.Width)
        {
            sum = S.MultiplyAdd(S.Load(x + i), S.Load(y + i), sum);
        }

        int tail = (int)(count - i);
        if (tail > 0)
        {
            sum = S.MultiplyAdd(S.LoadPartial(x + i, tail), S.LoadPartial(y + i, tail), sum);
        }

        return S.Sum(sum);
    }
}
