using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// A = Q T Q' by blocked Householder reflections, T tridiagonal (LAPACK's sytrd). Panels go from the last row upward:
/// <code>
///   +-----------+
///   |  A        |  order after the panel: A -= V W' + W V', one gemm on the lower triangle
///   |-----------|
///   |  panel    |  rows reduced now; afterwards row i holds the reflector v_i in columns 0 ... i-1
///   |-----------|
///   |  done     |  Q = H(n-1) ... H(2) H(1),  H(i) = I - tau(i) v_i v_i'
///   +-----------+
/// </code>
/// </summary>
internal static unsafe class Tridiagonalization<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Reduces a (row-major, lower triangle, rows padded, largest element near 1). d receives the n diagonal elements,
    /// e the n - 1 off the diagonal, tau(1 ... n-1) the reflectors' factors.
    /// </summary>
    public static void Run(
        SimdContext context, T* a, nint stride, nint n, double* d, double* e, T* tau, CancellationToken cancellation)
    {
        using TridiagonalPanel<S, V, T> panel = new(context, a, stride, n);
        nint order = n;
        panel.SetAsideDiagonal(order);
        while (order > 1)
        {
            int width = (int)Math.Min(TridiagonalPanel<S, V, T>.Width, order - 1);
            panel.Reduce(order, width, d, e, tau, cancellation);
            order -= width;
            RestoreDiagonal(a, stride, order, panel.Diagonal);
            Gemm<S, V, T>.Run(
                context, -T.One, panel.Left(width, order).Transposed, panel.Right(width, order), T.One,
                new MatrixView<T>(a, order, order, stride), GemmShapes.LowerC);
            panel.SetAsideDiagonal(order);
        }

        d[0] = double.CreateTruncating(panel.Diagonal[0]);
    }

    private static void RestoreDiagonal(T* a, nint stride, nint order, T* diagonal)
    {
        for (nint i = 0; i < order; i++)
        {
            a[(i * stride) + i] = diagonal[i];
        }
    }
}
