using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// Householder reflections H = I - v v' / h on as many small matrices as a vector has lanes, in lockstep. Elements are
/// near 1 or under.
/// </summary>
internal static unsafe class LaneReflector<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// A vector x whose squares but the pivot's sum to less (beside a matrix whose largest element is near 1) counts as
    /// reduced.
    /// </summary>
    private static double NegligibleSquares => typeof(T) == typeof(float) ? 1e-30 : 1e-290;

    /// <summary>
    /// The reflection that brings x to beta in its pivot element and zeros elsewhere, or H = I where it is there
    /// already.
    /// </summary>
    /// <param name="pivot">The pivot element.</param>
    /// <param name="squares">The sum of the squares of the others, which v shares with x.</param>
    /// <param name="beta">What comes out.</param>
    /// <param name="first">The pivot element of v.</param>
    /// <returns>1 / h = 2 / v'v, zero where H = I.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Make(V pivot, V squares, out V beta, out V first)
    {
        V negligible = S.Broadcast(T.CreateTruncating(NegligibleSquares));
        V one = S.Broadcast(T.One);
        V norm = S.SquareRoot(S.MultiplyAdd(pivot, pivot, squares));
        V reduced = S.Subtract(S.Zero, S.CopySign(norm, pivot));
        first = S.Subtract(pivot, reduced);
        beta = S.SelectLess(negligible, squares, reduced, pivot);
        V h = S.SelectLess(negligible, squares, S.Multiply(norm, S.CopySign(first, one)), one);
        return S.SelectLess(negligible, squares, S.Divide(one, h), S.Zero);
    }

    /// <summary>
    /// Q -= v (v'Q) / h; the rows of Q are stride elements apart. products holds as many vectors as Q has columns.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(int rows, int columns, nint stride, T* q, T* v, V inverse, T* products)
    {
        int width = S.Width;
        nint end = columns * width;
        V minus = S.Subtract(S.Zero, inverse);
        int odd = rows % 2;

        // Rows two by two, and where there is an odd one, that first.
        V first = S.Load(v);
        if (odd == 1)
        {
            for (nint j = 0; j < end; j += width)
            {
                S.Store(products + j, S.Multiply(first, S.Load(q + j)));
            }
        }
        else
        {
            new Span<T>(products, (int)end).Clear();
        }

        for (int k = odd; k < rows; k += 2)
        {
            T* q0 = q + (k * stride);
            T* q1 = q0 + stride;
            V v0 = S.Load(v + (k * width)), v1 = S.Load(v + ((k + 1) * width));
            for (nint j = 0; j < end; j += width)
            {
                V product = S.MultiplyAdd(v0, S.Load(q0 + j), S.Load(products + j));
                S.Store(products + j, S.MultiplyAdd(v1, S.Load(q1 + j), product));
            }
        }

        for (nint j = 0; j < end; j += width)
        {
            V product = S.Multiply(minus, S.Load(products + j));
            S.Store(products + j, product);
            if (odd == 1)
            {
                S.Store(q + j, S.MultiplyAdd(first, product, S.Load(q + j)));
            }
        }

        for (int k = odd; k < rows; k += 2)
        {
            T* q0 = q + (k * stride);
            T* q1 = q0 + stride;
            V v0 = S.Load(v + (k * width)), v1 = S.Load(v + ((k + 1) * width));
            for (nint j = 0; j < end; j += width)
            {
                V product = S.Load(products + j);
                S.Store(q0 + j, S.MultiplyAdd(v0, product, S.Load(q0 + j)));
                S.Store(q1 + j, S.MultiplyAdd(v1, product, S.Load(q1 + j)));
            }
        }
    }
}
