using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// Eigendecomposition of as many small symmetric tridiagonal matrices as a vector has lanes, in lockstep, by implicit
/// QL with Wilkinson's shift (Bowdler, Martin, Reinsch and Wilkinson, "The QR and QL algorithms for symmetric
/// matrices", Numer. Math. 11, 1968). Each lane works on an unreduced block of its own:
/// <code>
///   i:        0 1 2 3 4 5 6 7
///   lane 0        l-----m               one loop over i from the largest m down to the smallest l; a lane outside
///   lane 1    l---------m               its block holds its numbers and turns by an angle of zero
///   lane 2            l-----m
/// </code>
/// A lane's results do not depend on its neighbours.
/// </summary>
internal static unsafe class LaneQl<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Sweeps for one eigenvalue; two are the rule.</summary>
    private const int MostSweeps = 60;

    /// <summary>Couplings below this are zero beside a matrix whose largest element is near 1.</summary>
    private static double Negligible => typeof(T) == typeof(float) ? 1e-14 : 1e-140;

    /// <summary>
    /// Where both legs of a rotation are so small that their squares vanish, it may be left out.
    /// </summary>
    private static double NegligibleSquares => typeof(T) == typeof(float) ? 1e-30 : 1e-290;

    /// <summary>
    /// Overwrites d (n vectors) by the eigenvalues, in no order, and multiplies Q (n x n vectors) by the eigenvectors
    /// from the right. e (n vectors, the last one zero) is destroyed.
    /// </summary>
    /// <exception cref="ArithmeticException">An eigenvalue did not converge.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int n, T* d, T* e, T* q, LaneSweeps<S, V, T> sweeps)
    {
        T* ends = stackalloc T[2 * S.Width];
        int first = 0;
        for (int sweep = 0; ; sweep++)
        {
            V shifted = FindBlocks(n, first, d, e, out V low, out V high);
            S.Store(ends, low);
            S.Store(ends + S.Width, high);
            T lowest = ends[0], highest = ends[S.Width];
            for (int lane = 1; lane < S.Width; lane++)
            {
                lowest = ends[lane] < lowest ? ends[lane] : lowest;
                highest = ends[S.Width + lane] > highest ? ends[S.Width + lane] : highest;
            }

            first = int.CreateTruncating(lowest);
            int end = int.CreateTruncating(highest);
            if (end == 0 || !sweeps.HasRoom(end - first))
            {
                sweeps.ApplyDownward(n, q);
            }

            if (end == 0)
            {
                return;
            }

            if (sweep == MostSweeps * n)
            {
                throw new ArithmeticException(
                    $"The QL iteration did not converge in {MostSweeps} sweeps an eigenvalue.");
            }

            Sweep(first, end, low, high, shifted, d, e, sweeps.Begin(first, end));
        }
    }

    /// <summary>
    /// Finds in each lane the first unreduced block low ... high not before row first; n and 0 if there is none.
    /// Returns d(high) less the shift. Negligible couplings become zero.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V FindBlocks(int n, int first, T* d, T* e, out V low, out V high)
    {
        int width = S.Width;
        V one = S.Broadcast(T.One);
        V roundoff = S.Broadcast(T.CreateTruncating(Precision.Epsilon<T>() / 2));
        V negligible = S.Broadcast(T.CreateTruncating(Negligible));
        V index = S.Broadcast(T.CreateTruncating(n - 1));
        V below = S.Load(d + ((n - 1) * width));
        V blockEnd = index, blockEndValue = below;
        V start = S.Zero, startBelow = S.Zero, coupling = one, endValue = S.Zero;
        low = S.Broadcast(T.CreateTruncating(n));
        high = S.Zero;
        for (int i = n - 2; i >= first; i--)
        {
            index = S.Subtract(index, one);
            V di = S.Load(d + (i * width)), ei = S.Load(e + (i * width));
            V size = Abs(ei);
            V bound = S.MultiplyAdd(roundoff, S.Add(Abs(di), Abs(below)), negligible);
            S.Store(e + (i * width), S.SelectLess(bound, size, ei, S.Zero));
            low = S.SelectLess(bound, size, index, low);
            high = S.SelectLess(bound, size, blockEnd, high);
            endValue = S.SelectLess(bound, size, blockEndValue, endValue);
            start = S.SelectLess(bound, size, di, start);
            startBelow = S.SelectLess(bound, size, below, startBelow);
            coupling = S.SelectLess(bound, size, ei, coupling);
            blockEnd = S.SelectLess(bound, size, blockEnd, index);
            blockEndValue = S.SelectLess(bound, size, blockEndValue, di);
            below = di;
        }

        V ratio = S.Divide(S.Subtract(startBelow, start), S.Add(coupling, coupling));
        V root = S.SquareRoot(S.MultiplyAdd(ratio, ratio, one));
        V offset = S.Divide(coupling, S.Add(ratio, S.CopySign(root, ratio)));
        return S.Add(S.Subtract(endValue, start), offset);
    }

    /// <summary>One implicit QL sweep, i = end - 1 ... first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sweep(int first, int end, V low, V high, V shifted, T* d, T* e, T* rotations)
    {
        int width = S.Width;
        V one = S.Broadcast(T.One), half = S.Broadcast(T.CreateTruncating(0.5));
        V negligible = S.Broadcast(T.CreateTruncating(NegligibleSquares));
        V index = S.Broadcast(T.CreateTruncating(end));
        V sine = one, cosine = one, p = S.Zero, g = shifted;
        V next = S.Load(d + (end * width));
        for (int i = end - 1; i >= first; i--)
        {
            index = S.Subtract(index, one);
            V di = S.Load(d + (i * width)), ei = S.Load(e + (i * width));
            V f = S.Multiply(sine, ei), b = S.Multiply(cosine, ei);
            V squares = S.MultiplyAdd(f, f, S.Multiply(g, g));
            V r = S.SquareRoot(squares);
            V inverse = S.Divide(one, r);
            V s = S.SelectLess(negligible, squares, S.Multiply(f, inverse), S.Zero);
            V c = S.SelectLess(negligible, squares, S.Multiply(g, inverse), one);
            r = S.SelectLess(negligible, squares, r, g);
            V rest = S.Subtract(next, p);
            V t = S.MultiplyAdd(S.Subtract(di, rest), s, S.Multiply(S.Add(c, c), b));
            V step = S.Multiply(s, t);
            V bulge = S.Subtract(S.Multiply(c, t), b);

            // The block has been entered: i < m. Above its first row (i < l) only what is stored matters.
            sine = S.SelectLess(index, high, s, sine);
            cosine = S.SelectLess(index, high, c, cosine);
            p = S.SelectLess(index, high, step, p);
            g = S.SelectLess(index, high, bulge, g);
            V live = S.SelectLess(index, high, S.SelectLess(index, low, S.Zero, one), S.Zero);
            S.Store(d + ((i + 1) * width), S.SelectLess(half, live, S.Add(rest, step), next));
            V inner = S.SelectLess(S.Add(index, one), high, live, S.Zero);
            V above = S.Load(e + ((i + 1) * width));
            S.Store(e + ((i + 1) * width), S.SelectLess(half, inner, r, above));
            T* rotation = rotations + (2 * (nint)(i - first) * width);
            S.Store(rotation, S.SelectLess(half, live, c, one));
            S.Store(rotation + width, S.SelectLess(half, live, s, S.Zero));

            V last = S.SelectLess(low, index, S.Zero, live);
            next = S.SelectLess(half, last, S.Subtract(di, step), di);
            S.Store(e + (i * width), S.SelectLess(half, last, bulge, ei));
        }

        S.Store(d + (first * width), next);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Abs(V a) => S.CopySign(a, S.Broadcast(T.One));
}
