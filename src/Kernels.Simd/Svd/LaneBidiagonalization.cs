using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// A = P B Q', B upper bidiagonal, by Householder reflections from both sides (Golub and Kahan, "Calculating the
/// singular values and pseudo-inverse of a matrix", J. SIAM Numer. Anal. B 2, 1965) on as many small m x n matrices as
/// a vector has lanes, m >= n, in lockstep.
/// <code>
///   A: m x n vectors                   A(i, j) at a + (i n + j) width
///
///   step j, two passes over what is left of A:
///     A += w z'  (the right reflection of step j - 1),  s = A'v        v: left, from column j
///     A += v s',  w = A y                                             y: right, from row j; z = -y / h
///   afterwards   column j holds v in rows j ..., row j holds y in columns j + 1 ...
/// </code>
/// </summary>
internal static unsafe class LaneBidiagonalization<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Vectors of working memory.</summary>
    public static nint WorkLength(nint m, nint n) => (2 * m) + (4 * n);

    /// <summary>
    /// Overwrites a by P (m x n vectors) and q by Q (n x n); d receives the n diagonal elements of B and e the n - 1
    /// above it, the last of its n vectors zero. work holds <see cref="WorkLength"/> vectors.
    /// </summary>
    public static void Run(int m, int n, T* a, T* q, T* d, T* e, T* work)
    {
        int width = S.Width;
        T* v = work;
        T* w = v + ((nint)m * width);
        T* s = w + ((nint)m * width);
        T* z = s + ((nint)n * width);
        T* left = z + ((nint)n * width);
        T* right = left + ((nint)n * width);
        new Span<T>(w, m * width).Clear();
        new Span<T>(z, n * width).Clear();
        for (int j = 0; j < n; j++)
        {
            V inverse = Left(j, m, n, a, v, w, S.Load(z + (j * width)), d + (j * width));
            S.Store(left + (j * width), inverse);
            UpdateAndProject(j, m, n, a, v, w, s, z);
            V inverseRight = Right(j, n, a, S.Load(v + (j * width)), inverse, s, z, e + (j * width));
            S.Store(right + (j * width), inverseRight);
            UpdateAndMultiply(j, m, n, a, v, w, s);
        }

        FormRight(n, a, q, right, s);
        FormLeft(m, n, a, left, v, s);
    }

    /// <summary>
    /// The reflection of column j, after what the last right one does to it; v, also in place, and d(j).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static V Left(int j, int m, int n, T* a, T* v, T* w, V zj, T* d)
    {
        int width = S.Width;
        nint row = (nint)n * width;
        T* column = a + (j * row) + (j * width);
        V pivot = S.MultiplyAdd(S.Load(w + (j * width)), zj, S.Load(column));
        V squares = S.Zero;
        for (int r = j + 1; r < m; r++)
        {
            T* at = column + ((r - j) * row);
            V x = S.MultiplyAdd(S.Load(w + (r * width)), zj, S.Load(at));
            squares = S.MultiplyAdd(x, x, squares);
            S.Store(at, x);
            S.Store(v + (r * width), x);
        }

        V inverse = LaneReflector<S, V, T>.Make(pivot, squares, out V beta, out V first);
        S.Store(d, beta);
        S.Store(column, first);
        S.Store(v + (j * width), first);
        return inverse;
    }

    /// <summary>A += w z', s = A'v, on rows j ... and columns j + 1 ...</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void UpdateAndProject(int j, int m, int n, T* a, T* v, T* w, T* s, T* z)
    {
        int width = S.Width;
        nint row = (nint)n * width;
        nint begin = (j + 1) * width, end = row;
        new Span<T>(s + begin, (int)(end - begin)).Clear();
        int r = j;
        for (; r + 2 <= m; r += 2)
        {
            T* a0 = a + (r * row);
            T* a1 = a0 + row;
            V v0 = S.Load(v + (r * width)), v1 = S.Load(v + ((r + 1) * width));
            V w0 = S.Load(w + (r * width)), w1 = S.Load(w + ((r + 1) * width));
            for (nint c = begin; c < end; c += width)
            {
                V zc = S.Load(z + c);
                V x0 = S.MultiplyAdd(w0, zc, S.Load(a0 + c)), x1 = S.MultiplyAdd(w1, zc, S.Load(a1 + c));
                S.Store(a0 + c, x0);
                S.Store(a1 + c, x1);
                S.Store(s + c, S.MultiplyAdd(v1, x1, S.MultiplyAdd(v0, x0, S.Load(s + c))));
            }
        }

        if (r < m)
        {
            T* a0 = a + (r * row);
            V v0 = S.Load(v + (r * width)), w0 = S.Load(w + (r * width));
            for (nint c = begin; c < end; c += width)
            {
                V x0 = S.MultiplyAdd(w0, S.Load(z + c), S.Load(a0 + c));
                S.Store(a0 + c, x0);
                S.Store(s + c, S.MultiplyAdd(v0, x0, S.Load(s + c)));
            }
        }
    }

    /// <summary>
    /// Scales s by -1 / h, finishes row j by it and makes the reflection of that row: y in place, z and e(j).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static V Right(int j, int n, T* a, V vj, V inverse, T* s, T* z, T* e)
    {
        int width = S.Width;
        if (j == n - 1)
        {
            S.Store(e, S.Zero);
            return S.Zero;
        }

        T* row = a + ((nint)j * n * width);
        V minus = S.Subtract(S.Zero, inverse);
        V pivot = S.Zero, squares = S.Zero;
        for (int c = j + 1; c < n; c++)
        {
            V sc = S.Multiply(minus, S.Load(s + (c * width)));
            S.Store(s + (c * width), sc);
            V x = S.MultiplyAdd(vj, sc, S.Load(row + (c * width)));
            S.Store(row + (c * width), x);
            if (c == j + 1)
            {
                pivot = x;
            }
            else
            {
                squares = S.MultiplyAdd(x, x, squares);
            }
        }

        V result = LaneReflector<S, V, T>.Make(pivot, squares, out V beta, out V first);
        S.Store(e, beta);
        S.Store(row + ((j + 1) * width), first);
        V minusResult = S.Subtract(S.Zero, result);
        for (int c = j + 1; c < n; c++)
        {
            S.Store(z + (c * width), S.Multiply(minusResult, S.Load(row + (c * width))));
        }

        return result;
    }

    /// <summary>A += v s', w = A y, on rows j + 1 ... and columns j + 1 ...; y is row j.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void UpdateAndMultiply(int j, int m, int n, T* a, T* v, T* w, T* s)
    {
        int width = S.Width;
        nint row = (nint)n * width;
        nint begin = (j + 1) * width, end = row;
        T* y = a + (j * row);
        int r = j + 1;
        for (; r + 2 <= m; r += 2)
        {
            T* a0 = a + (r * row);
            T* a1 = a0 + row;
            V v0 = S.Load(v + (r * width)), v1 = S.Load(v + ((r + 1) * width));
            V w0 = S.Zero, w1 = S.Zero;
            for (nint c = begin; c < end; c += width)
            {
                V sc = S.Load(s + c), yc = S.Load(y + c);
                V x0 = S.MultiplyAdd(v0, sc, S.Load(a0 + c)), x1 = S.MultiplyAdd(v1, sc, S.Load(a1 + c));
                S.Store(a0 + c, x0);
                S.Store(a1 + c, x1);
                w0 = S.MultiplyAdd(x0, yc, w0);
                w1 = S.MultiplyAdd(x1, yc, w1);
            }

            S.Store(w + (r * width), w0);
            S.Store(w + ((r + 1) * width), w1);
        }

        if (r < m)
        {
            T* a0 = a + (r * row);
            V v0 = S.Load(v + (r * width)), w0 = S.Zero;
            for (nint c = begin; c < end; c += width)
            {
                V x0 = S.MultiplyAdd(v0, S.Load(s + c), S.Load(a0 + c));
                S.Store(a0 + c, x0);
                w0 = S.MultiplyAdd(x0, S.Load(y + c), w0);
            }

            S.Store(w + (r * width), w0);
        }
    }

    /// <summary>The product of the right reflections, from the last outward: a trailing block that grows.</summary>
    private static void FormRight(int n, T* a, T* q, T* inverses, T* products)
    {
        int width = S.Width;
        nint row = (nint)n * width;
        new Span<T>(q, n * n * width).Clear();
        for (int i = 0; i < n; i++)
        {
            S.Store(q + (i * row) + (i * width), S.Broadcast(T.One));
        }

        for (int j = n - 3; j >= 0; j--)
        {
            int order = n - j - 1;
            LaneReflector<S, V, T>.Apply(
                order, order, row, q + ((j + 1) * (row + width)), a + (j * row) + ((j + 1) * width),
                S.Load(inverses + (j * width)), products);
        }
    }

    /// <summary>The first n columns of the product of the left reflections, over the reflections.</summary>
    private static void FormLeft(int m, int n, T* a, T* inverses, T* v, T* products)
    {
        int width = S.Width;
        nint row = (nint)n * width;
        for (int j = n - 1; j >= 0; j--)
        {
            T* column = a + (j * width);
            for (int i = 0; i < m; i++)
            {
                S.Store(v + (i * width), S.Load(column + (i * row)));
                S.Store(column + (i * row), i == j ? S.Broadcast(T.One) : S.Zero);
            }

            LaneReflector<S, V, T>.Apply(
                m - j, n - j, row, column + (j * row), v + (j * width), S.Load(inverses + (j * width)), products);
        }
    }
}
