using System.Numerics;

namespace VemKernels.Simd;

/// <summary>When one-sided Jacobi iterations rotate, and when they stop.</summary>
internal static class JacobiLimits<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Sweeps allowed: LAPACK allows 30, few matrices are said to need more than ten.</summary>
    public const int MostSweeps = 40;

    /// <summary>
    /// The least length, in place of sqrt(m), for which the tolerance allows: dot products of a few elements round as
    /// well.
    /// </summary>
    private const int LeastLength = 4;

    /// <summary>
    /// Squared norms under this are those of zero columns: their inner products may have vanished. Inputs are scaled,
    /// so such a column is far under one rounding error of the largest.
    /// </summary>
    public static T SmallestSquare { get; } =
        FloatingPoint<T>.SmallestNormal / (FloatingPoint<T>.Epsilon * FloatingPoint<T>.Epsilon);

    /// <summary>Columns of m elements are orthogonal if the cosine of their angle is under this.</summary>
    public static T Cosine(nint m) => FloatingPoint<T>.Epsilon * T.CreateChecked(Math.Sqrt(Math.Max(m, LeastLength)));

    /// <exception cref="ArithmeticException">Always.</exception>
    public static void ThrowNotConverged() =>
        throw new ArithmeticException($"One-sided Jacobi did not converge in {MostSweeps} sweeps.");
}
