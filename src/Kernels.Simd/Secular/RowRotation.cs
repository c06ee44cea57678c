using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>A plane rotation of two contiguous rows: (p, q) = (c p + s q, c q - s p).</summary>
internal static unsafe class RowRotation<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int count, double cosine, double sine, T* p, T* q)
    {
        T c = ElementConversion<T>.Round(cosine), s = ElementConversion<T>.Round(sine);
        V cv = S.Broadcast(c), sv = S.Broadcast(s), minus = S.Broadcast(-s);
        int i = 0;
        for (; i + S.Width <= count; i += S.Width)
        {
            V pi = S.Load(p + i), qi = S.Load(q + i);
            S.Store(p + i, S.MultiplyAdd(cv, pi, S.Multiply(sv, qi)));
            S.Store(q + i, S.MultiplyAdd(cv, qi, S.Multiply(minus, pi)));
        }

        for (; i < count; i++)
        {
            T pi = p[i], qi = q[i];
            p[i] = (c * pi) + (s * qi);
            q[i] = (c * qi) - (s * pi);
        }
    }
}
