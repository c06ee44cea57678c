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

    /// <summary>
    /// Added to a leg of each rotation, so that there is one where both are zero: nothing beside a largest element near
    /// 1, and its square is a normal number.
    /// </summary>
    private static double Least => typeof(T) == typeof(float) ? 1e-18 : 1e-150;

    /// <summary>
    /// Overwrites d (n vectors) by the singular values, of either sign and in no order, and multiplies P (m x n
    /// vectors) and Q (n x n) by the left and right singular vectors from the right. e (n vectors, the last one zero)
    /// is destroyed.
    /// </summary>
    /// <exception cref="ArithmeticException">A singular value did not converge.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int m, int n, T* d, T* e, T* p, T* q, LaneSweeps<S, V, T> left, LaneSweeps<S, V, T> right)
    {
        V negligible = Negligible(n, d, e);
        int last = n - 1;
        for (int sweep = 0; ; sweep++)
        {
            Start(last, d, e, negligible, out V low, out V high, out V f, out V g);
            int first = -int.CreateTruncating(S.Largest(S.Subtract(S.Zero, low)));
            last = int.CreateTruncating(S.Largest(high));
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

        // The first column of B'B, less the shift; only its direction matters. Without a shift where an element of the
        // diagonal is as good as zero: one sweep then splits it off.
        V square = Shift(beforeCorner, beforeBottom, corner, bottom);
        f = S.SelectLess(negligible, least, S.Subtract(S.Multiply(top, top), square), top);
        g = S.SelectLess(negligible, least, S.Multiply(top, coupling), coupling);
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
        V half = S.Broadcast(T.CreateTruncating(0.5)), least = S.Broadcast(T.CreateTruncating(Least));

        // low <= i < high where i is nearer to the middle than half the length; low < i < high is half a step on.
        V reach = S.Multiply(half, S.Subtract(high, low));
        V middle = S.Multiply(half, S.Add(high, low));
        V di = S.Load(d + (first * width)), ei = S.Load(e + (first * width));
        V above = S.Zero;

        // Where row i - 1 of e goes: at first to a place that is overwritten at once.
        T* before = right;
        for (int i = first; i < last; i++)
        {
            V next = S.Load(d + ((i + 1) * width)), nextE = S.Load(e + ((i + 1) * width));

            // On columns i and i + 1: what stands right of column i in row i - 1 goes into it.
            V r = Rotation(f, g, least, out V c, out V s);
            V legF = S.MultiplyAdd(s, ei, S.Multiply(c, di));
            V off = S.Subtract(S.Multiply(c, ei), S.Multiply(s, di));
            V legG = S.Multiply(s, next);
            V below = S.Multiply(c, next);
            V place = S.Subtract(S.Broadcast(T.CreateTruncating(i)), middle);
            S.Store(before, S.SelectLess(Abs(place), reach, r, above));
            V live = Abs(S.Add(place, half));
            S.Store(right, S.SelectLess(live, reach, HalfTangent(c, s), S.Zero));
            S.Store(right + width, S.SelectLess(live, reach, s, S.Zero));

            // On rows i and i + 1: what came to stand below the diagonal goes into it.
            V diagonal = Rotation(legF, legG, least, out c, out s);
            S.Store(d + (i * width), S.SelectLess(live, reach, diagonal, di));
            S.Store(left, S.SelectLess(live, reach, HalfTangent(c, s), S.Zero));
            S.Store(left + width, S.SelectLess(live, reach, s, S.Zero));
            V bulge = S.MultiplyAdd(s, below, S.Multiply(c, off));

            // Before the block is entered its first legs wait. Behind its last row e is zero.
            f = S.SelectLess(live, reach, bulge, f);
            g = S.SelectLess(live, reach, S.Multiply(s, nextE), g);
            above = S.SelectLess(live, reach, bulge, ei);
            di = S.SelectLess(live, reach, S.Subtract(S.Multiply(c, below), S.Multiply(s, off)), next);
            ei = S.SelectLess(live, reach, S.Multiply(c, nextE), nextE);
            before = e + (i * width);
            left += 2 * width;
            right += 2 * width;
        }

        S.Store(e + ((last - 1) * width), above);
        S.Store(d + (last * width), di);
    }

    /// <summary>
    /// c f + s g = r, c g - s f = 0, c >= 0, for f moved away from zero by the least that has a square. That is passed
    /// in: a property would be called at each step, with all registers stored before and loaded after it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Rotation(V f, V g, V least, out V c, out V s)
    {
        f = S.Add(f, S.CopySign(least, f));
        V squares = S.MultiplyAdd(f, f, S.Multiply(g, g));
        V inverse = S.CopySign(S.ReciprocalSquareRoot(squares), f);
        c = S.Multiply(f, inverse);
        s = S.Multiply(g, inverse);
        return S.Multiply(squares, inverse);
    }

    /// <summary>The tangent of half the angle, which is at most a right one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V HalfTangent(V c, V s) => S.Divide(s, S.Add(S.Broadcast(T.One), c));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Abs(V a) => S.CopySign(a, S.Broadcast(T.One));
}
