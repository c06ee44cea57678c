using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// A = Q T Q', T tridiagonal, by Householder reflections (Martin, Reinsch and Wilkinson, "Householder's
/// tridiagonalization of a symmetric matrix", Numer. Math. 11, 1968) on as many small matrices as a vector has lanes,
/// in lockstep: every number of the method is a vector, lane b belonging to matrix b.
/// <code>
///   A: n x n vectors, lower triangle      A(i, j) at a + (i n + j) width
///
///   for i = n-1 ... 2, on row i left of the diagonal:
///     v = x - beta e(i-1),  beta = -sign(x(i-1)) |x|,  1 / h = 2 / v'v          H(i) = I - v v' / h
///     y = A v / h,  w = y - (v'y / 2h) v,  A -= v w' + w v'                     rows 0 ... i-1
///   Q = H(n-1) ... H(2), formed from H(2) outward: a leading block that grows, over the reflectors already used
/// </code>
/// </summary>
internal static unsafe class LaneTridiagonalization<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Overwrites a by Q (n x n vectors); d receives the n diagonal elements of T and e the n - 1 off it, the last of
    /// its n vectors zero. work holds 2 n vectors.
    /// </summary>
    public static void Run(int n, T* a, T* d, T* e, T* work)
    {
        int width = S.Width;
        T* inverses = work;
        for (int i = n - 1; i >= 2; i--)
        {
            T* v = a + ((nint)i * n * width);
            S.Store(d + (i * width), S.Load(v + (i * width)));
            V inverse = Reflector(i, v, e + ((i - 1) * width));
            S.Store(inverses + (i * width), inverse);
            T* y = work + ((nint)n * width);
            Multiply(i, n, a, v, y);
            Combine(i, inverse, v, y);
            Update(i, n, a, v, y);
        }

        S.Store(d, S.Load(a));
        S.Store(e + ((n - 1) * width), S.Zero);
        if (n > 1)
        {
            S.Store(d + width, S.Load(a + ((n + 1) * width)));
            S.Store(e, S.Load(a + (n * width)));
        }

        Form(n, a, inverses, work + ((nint)n * width));
    }

    /// <summary>Overwrites the i elements of x by v; e receives beta. Returns 1 / h, zero where H = I.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static V Reflector(int i, T* x, T* e)
    {
        int width = S.Width;
        V squares = S.Zero;
        for (int k = 0; k < i - 1; k++)
        {
            V value = S.Load(x + (k * width));
            squares = S.MultiplyAdd(value, value, squares);
        }

        V inverse = LaneReflector<S, V, T>.Make(S.Load(x + ((i - 1) * width)), squares, out V beta, out V pivot);
        S.Store(e, beta);
        S.Store(x + ((i - 1) * width), pivot);
        return inverse;
    }

    /// <summary>y = A v, order i, lower triangle, two rows at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(int i, int n, T* a, T* v, T* y)
    {
        int width = S.Width;
        nint row = (nint)n * width;
        int r = 0;
        for (; r + 2 <= i; r += 2)
        {
            T* a0 = a + (r * row);
            T* a1 = a0 + row;
            V v0 = S.Load(v + (r * width)), v1 = S.Load(v + ((r + 1) * width));
            V sum0 = S.Zero, sum1 = S.Zero;
            for (nint c = 0; c < r * width; c += width)
            {
                V x0 = S.Load(a0 + c), x1 = S.Load(a1 + c), vc = S.Load(v + c);
                sum0 = S.MultiplyAdd(x0, vc, sum0);
                sum1 = S.MultiplyAdd(x1, vc, sum1);
                S.Store(y + c, S.MultiplyAdd(x1, v1, S.MultiplyAdd(x0, v0, S.Load(y + c))));
            }

            nint at = r * width;
            V corner = S.Load(a1 + at);
            S.Store(y + at, S.MultiplyAdd(corner, v1, S.MultiplyAdd(S.Load(a0 + at), v0, sum0)));
            S.Store(y + at + width, S.MultiplyAdd(S.Load(a1 + at + width), v1, S.MultiplyAdd(corner, v0, sum1)));
        }

        if (r < i)
        {
            T* a0 = a + (r * row);
            V v0 = S.Load(v + (r * width));
            V sum0 = S.Multiply(S.Load(a0 + (r * width)), v0);
            for (nint c = 0; c < r * width; c += width)
            {
                V x0 = S.Load(a0 + c);
                sum0 = S.MultiplyAdd(x0, S.Load(v + c), sum0);
                S.Store(y + c, S.MultiplyAdd(x0, v0, S.Load(y + c)));
            }

            S.Store(y + (r * width), sum0);
        }
    }

    /// <summary>y, which is A v, becomes w, negative: what follows adds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Combine(int i, V inverse, T* v, T* y)
    {
        int width = S.Width;
        V dot = S.Zero;
        for (nint k = 0; k < i * width; k += width)
        {
            dot = S.MultiplyAdd(S.Load(v + k), S.Load(y + k), dot);
        }

        V half = S.Multiply(S.Multiply(S.Multiply(S.Broadcast(T.CreateTruncating(0.5)), dot), inverse), inverse);
        V minus = S.Subtract(S.Zero, inverse);
        for (nint k = 0; k < i * width; k += width)
        {
            S.Store(y + k, S.MultiplyAdd(half, S.Load(v + k), S.Multiply(minus, S.Load(y + k))));
        }
    }

    /// <summary>A += v w' + w v', order i, lower triangle, two rows at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Update(int i, int n, T* a, T* v, T* w)
    {
        int width = S.Width;
        nint row = (nint)n * width;
        int r = i % 2;
        if (r == 1)
        {
            S.Store(a, S.MultiplyAdd(S.Multiply(S.Broadcast(T.CreateTruncating(2)), S.Load(v)), S.Load(w), S.Load(a)));
        }

        for (; r < i; r += 2)
        {
            T* a0 = a + (r * row);
            T* a1 = a0 + row;
            V v0 = S.Load(v + (r * width)), v1 = S.Load(v + ((r + 1) * width));
            V w0 = S.Load(w + (r * width)), w1 = S.Load(w + ((r + 1) * width));

            // One element beyond the diagonal in the upper row: nobody reads it.
            for (nint c = 0; c < (r + 2) * width; c += width)
            {
                V vc = S.Load(v + c), wc = S.Load(w + c);
                S.Store(a0 + c, S.MultiplyAdd(v0, wc, S.MultiplyAdd(w0, vc, S.Load(a0 + c))));
                S.Store(a1 + c, S.MultiplyAdd(v1, wc, S.MultiplyAdd(w1, vc, S.Load(a1 + c))));
            }
        }
    }

    private static void Form(int n, T* a, T* inverses, T* products)
    {
        int width = S.Width;
        nint row = (nint)n * width;
        V one = S.Broadcast(T.One);
        for (int i = 0; i < n; i++)
        {
            T* v = a + (i * row);
            if (i >= 2)
            {
                LaneReflector<S, V, T>.Apply(i, i, row, a, v, S.Load(inverses + (i * width)), products);
            }

            new Span<T>(v, i * width).Clear();
            S.Store(v + (i * width), one);
            for (int k = 0; k < i; k++)
            {
                S.Store(a + (k * row) + (i * width), S.Zero);
            }
        }
    }
}
