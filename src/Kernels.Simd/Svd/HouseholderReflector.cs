using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// One elementary reflector H = I - tau v v', v(0) = 1, with H x = beta e1 (Golub and Van Loan, "Matrix Computations",
/// 4th ed., section 5.1; LAPACK's xLARFG). Inputs are scaled (<see cref="SvdScaling{T}"/>), so that squares of all that
/// matters neither overflow nor vanish.
/// </summary>
internal static unsafe class HouseholderReflector<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Overwrites x (count elements, at least 1) by v and returns tau; tau is 0, and H the identity, where x is beta e1
    /// already.
    /// </summary>
    public static T Generate(nint count, T* x, out T beta)
    {
        T alpha = x[0];
        T tail = RowProducts<S, V, T>.Dot(count - 1, x + 1, x + 1);
        x[0] = T.One;
        if (tail < FloatingPoint<T>.SmallestNormal)
        {
            new Span<T>(x + 1, checked((int)(count - 1))).Clear();
            beta = alpha;
            return T.Zero;
        }

        // The sign that makes alpha - beta a sum, free of cancellation.
        T norm = T.Sqrt((alpha * alpha) + tail);
        beta = T.IsNegative(alpha) ? norm : -norm;
        RowProducts<S, V, T>.Scale(count - 1, T.One / (alpha - beta), x + 1);
        return (beta - alpha) / beta;
    }
}
