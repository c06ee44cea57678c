using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// Singular value decomposition of as many small upper bidiagonal matrices as a vector has lanes, in lockstep, by
/// implicit QR with Wilkinson's shift (Golub and Reinsch, "Singular value decomposition and least squares solutions",
/// Numer. Math. 14, 1970), or none where an element of the diagonal is zero. Each lane works on an unreduced block of
/// its own, as in <see cref="LaneQl{S, V, T}"/>, the last one it has; one loop over i goes from the smallest l up to
/// the largest m. Errors are small beside the largest singular value.
/// </summary>
internal static unsafe class LaneBidiagonalQr<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Sweeps for one singular value; two are the rule.</summary>
    private const int MostSweeps = 60;

    /// <summary>Where both legs of a rotation are so small that their squares vanish, it may be left out.</summary>
    private static double NegligibleSquares => typeof(T) == typeof(float) ? 1e-30 : 1e-290;

    /// <summary>
    /// Overwrites d (n vectors) by the singular values, of either sign and in no order, and multiplies P (m x n
    /// vectors) and Q (n x n) by the left and right singular vectors from the right. e (n vectors, the last one zero)
    /// is destroyed.
    /// </summary>
    /// <exception cref="ArithmeticException">A singular value did not converge.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int m, int n, T* d, T* e, T* p, T* q, LaneSweeps<S, V, T> left, LaneSweeps<S, V, T> right)
    {
        T* ends = stackalloc T[2 * S.Width];
        V negligible = Negligible(n, d, e);
        int last = n - 1;
        for (int sweep = 0; ; sweep++)
        {
            Start(last, d, e, negligible, out V low, out V high, out V f, out V g);
            S.Store(ends, low);
            S.Store(ends + S.Width, high);
            T lowest = ends[0], highest = ends[S.Width];
            for (int lane = 1; lane < S.Width; lane++)
            {
                lowest = ends[lane] < lowest ? ends[lane] : lowest;
                highest = ends[S.Width + lane] > highest ? ends[S.Width + lane] : highest;
            }

            int first = int.CreateTruncating(lowest);
            last = int.CreateTruncating(highest);
            if (last == 0 || !left.HasRoom(last - first))
            {
                left.ApplyUpward(m, p);
                right.ApplyUpward(n, q);
            }

            if (last == 0)
            {
                return;
            }

            if (sweep == MostSweeps * n)
            {
                throw new ArithmeticException(
                    $"The QR iteration did not converge in {MostSweeps} sweeps a singular value.");
            }

            Sweep(first, last, low, high, f, g, d, e, left.Begin(first, last), right.Begin(first, last));
        }
    }

    /// <summary>Elements of B under this are zero beside its largest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static V Negligible(int n, T* d, T* e)
    {
        V largest = S.Zero;
        for (nint i = 0; i < n * S.Width; i += S.Width)
        {
            V di = Abs(S.Load(d + i)), ei = Abs(S.Load(e + i));
            largest = S.SelectLess(largest, di, di, largest);
            largest = S.SelectLess(largest, ei, ei, largest);
        }

        return S.Multiply(S.Broadcast(T.CreateTruncating(Precision.Epsilon<T>() / 2)), largest);
    }

    /// <summary>
    /// Finds in each lane the last unreduced block low ... high not after row last; last + 1 and 0 if there is none. f
    /// and g are the legs of its first rotation. Negligible elements above the diagonal become zero.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Start(int last, T* d, T* e, V negligible, out V low, out V high, out V f, out V g)
    {
        int width = S.Width;
        V one = S.Broadcast(T.One);
        V index = S.Zero;
        V di = S.Load(d);
        V begin = S.Zero, beginValue = di, smallest = Abs(di);
        V beginCoupling = S.Zero, fresh = one, before = S.Zero, beforeCorner = S.Zero;
        V top = one, coupling = S.Zero, least = S.Zero, beforeBottom = S.Zero, corner = S.Zero, bottom = S.Zero;
        low = S.Broadcast(T.CreateTruncating(last + 1));
        high = S.Zero;
        for (int i = 0; i < last; i++)
        {
            index = S.Add(index, one);
            V ei = S.Load(e + (i * width)), next = S.Load(d + ((i + 1) * width));
            V size = Abs(ei), sizeNext = Abs(next);
            S.Store(e + (i * width), S.SelectLess(negligible, size, ei, S.Zero));
            smallest = S.SelectLess(sizeNext, smallest, sizeNext, smallest);
            beginCoupling = S.SelectLess(S.Zero, fresh, ei, beginCoupling);
            fresh = S.SelectLess(negligible, size, S.Zero, one);
            beforeCorner = S.SelectLess(negligible, size, before, beforeCorner);
            before = S.SelectLess(negligible, size, ei, S.Zero);
            low = S.SelectLess(negligible, size, begin, low);
            high = S.SelectLess(negligible, size, index, high);
            top = S.SelectLess(negligible, size, beginValue, top);
            coupling = S.SelectLess(negligible, size, beginCoupling, coupling);
            least = S.SelectLess(negligible, size, smallest, least);
            beforeBottom = S.SelectLess(negligible, size, di, beforeBottom);
            corner = S.SelectLess(negligible, size, ei, corner);
            bottom = S.SelectLess(negligible, size, next, bottom);
            begin = S.SelectLess(negligible, size, begin, index);
            beginValue = S.SelectLess(negligible, size, beginValue, next);
            smallest = S.SelectLess(negligible, size, smallest, sizeNext);
            di = next;
        }

        // Without a shift where an element of the diagonal is as good as zero: one sweep then splits it off.
        V square = Shift(beforeCorner, beforeBottom, corner, bottom);
        V shifted = S.Subtract(top, S.Divide(square, S.SelectLess(negligible, least, top, one)));
        f = S.SelectLess(negligible, least, shifted, top);
        g = coupling;
    }

    /// <summary>
    /// Wilkinson's shift: of the trailing 2 x 2 block of B'B, B ending in [y h; 0 z] under g, the eigenvalue next to
    /// the last element.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Shift(V g, V y, V h, V z)
    {
        V last = S.MultiplyAdd(z, z, S.Multiply(h, h));
        V off = S.Multiply(y, h);
        V squares = S.Multiply(off, off);
        V difference = S.Subtract(S.MultiplyAdd(y, y, S.Multiply(g, g)), last);
        V delta = S.Multiply(S.Broadcast(T.CreateTruncating(0.5)), difference);
        V root = S.CopySign(S.SquareRoot(S.MultiplyAdd(delta, delta, squares)), delta);
        V denominator = S.Add(delta, root);
        V safe = S.SelectLess(S.Zero, squares, denominator, S.Broadcast(T.One));
        return S.Subtract(last, S.Divide(squares, safe));
    }

    /// <summary>One implicit QR sweep, i = first ... last - 1; f and g are the legs of the first rotation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sweep(int first, int last, V low, V high, V f, V g, T* d, T* e, T* left, T* right)
    {
        int width = S.Width;
        V one = S.Broadcast(T.One), half = S.Broadcast(T.CreateTruncating(0.5));
        V index = S.Broadcast(T.CreateTruncating(first));
        V di = S.Load(d + (first * width)), ei = S.Load(e + (first * width));
        V above = S.Zero;
        for (int i = first; i < last; i++)
        {
            V next = S.Load(d + ((i + 1) * width)), nextE = S.Load(e + ((i + 1) * width));

            // On columns i and i + 1: what stands right of column i in row i - 1 goes into it.
            V r = Rotation(f, g, out V c, out V s);
            V legF = S.MultiplyAdd(s, ei, S.Multiply(c, di));
            V off = S.Subtract(S.Multiply(c, ei), S.Multiply(s, di));
            V legG = S.Multiply(s, next);
            V below = S.Multiply(c, next);

            // On rows i and i + 1: what came to stand below the diagonal goes into it.
            V diagonal = Rotation(legF, legG, out V cLeft, out V sLeft);
            V bulgeF = S.MultiplyAdd(sLeft, below, S.Multiply(cLeft, off));
            V bulgeG = S.Multiply(sLeft, nextE);

            V live = S.SelectLess(index, high, S.SelectLess(index, low, S.Zero, one), S.Zero);
            if (i > first)
            {
                V inner = S.SelectLess(low, index, live, S.Zero);
                S.Store(e + ((i - 1) * width), S.SelectLess(half, inner, r, above));
            }

            S.Store(d + (i * width), S.SelectLess(half, live, diagonal, di));
            nint at = 2 * (nint)(i - first) * width;
            S.Store(right + at, S.SelectLess(half, live, c, one));
            S.Store(right + at + width, S.SelectLess(half, live, S.Subtract(S.Zero, s), S.Zero));
            S.Store(left + at, S.SelectLess(half, live, cLeft, one));
            S.Store(left + at + width, S.SelectLess(half, live, S.Subtract(S.Zero, sLeft), S.Zero));

            // Before the block is entered (i < l) its first legs wait.
            f = S.SelectLess(index, low, f, bulgeF);
            g = S.SelectLess(index, low, g, bulgeG);
            above = S.SelectLess(half, live, bulgeF, ei);
            di = S.SelectLess(half, live, S.Subtract(S.Multiply(cLeft, below), S.Multiply(sLeft, off)), next);
            index = S.Add(index, one);
            V goesOn = S.SelectLess(index, high, live, S.Zero);
            ei = S.SelectLess(half, goesOn, S.Multiply(cLeft, nextE), nextE);
        }

        S.Store(e + ((last - 1) * width), above);
        S.Store(d + (last * width), di);
    }

    /// <summary>c f + s g = r, c g - s f = 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Rotation(V f, V g, out V c, out V s)
    {
        V one = S.Broadcast(T.One);
        V negligible = S.Broadcast(T.CreateTruncating(NegligibleSquares));
        V squares = S.MultiplyAdd(f, f, S.Multiply(g, g));
        V r = S.SquareRoot(squares);
        V inverse = S.Divide(one, r);
        c = S.SelectLess(negligible, squares, S.Multiply(f, inverse), one);
        s = S.SelectLess(negligible, squares, S.Multiply(g, inverse), S.Zero);
        return S.SelectLess(negligible, squares, r, f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Abs(V a) => S.CopySign(a, S.Broadcast(T.One));
}
