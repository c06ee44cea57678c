using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// Cyclic Jacobi (Golub and Van Loan, "Matrix Computations", section 8.5) on as many small matrices as a vector has
/// lanes, in lockstep: every number of the method is a vector, lane b belonging to matrix b.
/// <code>
///   A: n x n vectors, lower triangle      A(i, j) at a + (i n + j) width
///   E: n x n vectors, eigenvectors in rows
///
///   for p &lt; q:  delta = (A(q,q) - A(p,p)) / 2,  b = A(q,p)
///               tan = sign(delta) b / (|delta| + sqrt(delta^2 + b^2)),  the smaller angle
///               rows and columns p, q of A and rows p, q of E: (x, y) = (c x - s y, s x + c y)
/// </code>
/// A lane whose matrix has converged goes on with b = 0, that is by identities: what comes out for a matrix does not
/// depend on its neighbours.
/// </summary>
internal static unsafe class LaneJacobi<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Sweeps over all pairs; six to nine are the rule.</summary>
    private const int MostSweeps = 40;

    /// <summary>
    /// Diagonalises; active has 1 in the lanes in use, else 0, and is destroyed. The diagonal of A then holds the
    /// eigenvalues.
    /// </summary>
    /// <exception cref="ArithmeticException">A matrix did not converge.</exception>
    public static void Run(int n, T* a, T* vectors, T* active)
    {
        SetIdentity(n, vectors);
        for (int sweep = 0; Deactivate(n, a, active); sweep++)
        {
            if (sweep == MostSweeps)
            {
                throw new ArithmeticException($"The Jacobi iteration did not converge in {MostSweeps} sweeps.");
            }

            V mask = S.Load(active);
            for (int p = 0; p < n - 1; p++)
            {
                for (int q = p + 1; q < n; q++)
                {
                    Annihilate(n, p, q, a, vectors, mask);
                }
            }
        }
    }

    private static void SetIdentity(int n, T* vectors)
    {
        int width = S.Width;
        new Span<T>(vectors, n * n * width).Clear();
        for (int i = 0; i < n; i++)
        {
            S.Store(vectors + (((i * n) + i) * width), S.Broadcast(T.One));
        }
    }

    /// <summary>
    /// Turns off the lanes whose part off the diagonal is down to rounding; returns whether any is still on.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Deactivate(int n, T* a, T* active)
    {
        int width = S.Width;
        V offDiagonal = S.Zero, diagonal = S.Zero;
        for (int i = 0; i < n; i++)
        {
            T* row = a + (i * n * width);
            for (int j = 0; j < i; j++)
            {
                V x = S.Load(row + (j * width));
                offDiagonal = S.MultiplyAdd(x, x, offDiagonal);
            }

            V d = S.Load(row + (i * width));
            diagonal = S.MultiplyAdd(d, d, diagonal);
        }

        T* off = stackalloc T[width];
        T* on = stackalloc T[width];
        S.Store(off, offDiagonal);
        S.Store(on, diagonal);
        T tolerance = T.CreateTruncating(Precision.Epsilon<T>() / 2);
        bool any = false;
        for (int lane = 0; lane < width; lane++)
        {
            if (off[lane] <= tolerance * tolerance * on[lane])
            {
                active[lane] = T.Zero;
            }

            any |= active[lane] != T.Zero;
        }

        return any;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Annihilate(int n, int p, int q, T* a, T* vectors, V mask)
    {
        int width = S.Width;
        nint row = (nint)n * width;
        T* rowP = a + (p * row);
        T* rowQ = a + (q * row);
        V all = S.Load(rowQ + (p * width));
        V b = S.Multiply(all, mask);
        V app = S.Load(rowP + (p * width)), aqq = S.Load(rowQ + (q * width));
        V one = S.Broadcast(T.One);
        V delta = S.Multiply(S.Broadcast(T.CreateTruncating(0.5)), S.Subtract(aqq, app));
        V root = S.SquareRoot(S.MultiplyAdd(delta, delta, S.Multiply(b, b)));

        // Where both are zero, so is the tangent: the smallest normal number in the denominator sees to it.
        V denominator = S.Add(S.Add(S.CopySign(delta, one), root), S.Broadcast(T.CreateTruncating(SmallestNormal)));
        V tangent = S.Divide(S.Multiply(b, S.CopySign(one, delta)), denominator);
        V cosine = S.Divide(one, S.SquareRoot(S.MultiplyAdd(tangent, tangent, one)));
        V sine = S.Multiply(tangent, cosine);
        S.Store(rowP + (p * width), S.Subtract(app, S.Multiply(tangent, b)));
        S.Store(rowQ + (q * width), S.MultiplyAdd(tangent, b, aqq));
        S.Store(rowQ + (p * width), S.Subtract(all, b));

        // The lower triangle in three runs: left of p both are rows; between, q is a row and p a column; below, both
        // are columns.
        Rotate(p, rowP, width, rowQ, width, cosine, sine);
        Rotate(q - p - 1, rowP + row + (p * width), row, rowQ + ((p + 1) * width), width, cosine, sine);
        Rotate(n - q - 1, rowQ + row + (p * width), row, rowQ + row + (q * width), row, cosine, sine);
        Rotate(n, vectors + (p * row), width, vectors + (q * row), width, cosine, sine);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rotate(int count, T* x, nint stepX, T* y, nint stepY, V cosine, V sine)
    {
        for (int i = 0; i < count; i++)
        {
            V xi = S.Load(x), yi = S.Load(y);
            S.Store(x, S.Subtract(S.Multiply(cosine, xi), S.Multiply(sine, yi)));
            S.Store(y, S.MultiplyAdd(sine, xi, S.Multiply(cosine, yi)));
            x += stepX;
            y += stepY;
        }
    }

    private static double SmallestNormal =>
        typeof(T) == typeof(float) ? 1.1754943508222875e-38 : 2.2250738585072014e-308;
}
