using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// From L the inverse of L L', both triangles: X = L^-1 a block of columns at a time (only rows from the block down),
/// then X' X a block of rows at a time (only the rows of X that are not zero); n^3/3 multiply-adds in all, in trsm and
/// gemm.
/// </summary>
internal static class CholeskyInverse<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Columns of X at a time.</summary>
    private const int Block = 128;

    public static void Run(SimdContext context, MatrixView<T> A, CancellationToken cancellation)
    {
        nint n = A.Rows;
        using Scratch<T> scratch = context.Scratch.Rent<T>(n * n);
        scratch.Clear();
        MatrixView<T> X = scratch.View(n, n);
        for (nint j = 0; j < n; j += Block)
        {
            cancellation.ThrowIfCancellationRequested();
            nint wide = Math.Min(Block, n - j);
            MatrixView<T> columns = X.Block(j, j, n - j, wide);
            for (nint d = 0; d < wide; d++)
            {
                columns[d, d] = T.One;
            }

            Trsm<S, V, T>.Run(context, Triangle.Lower, unitDiagonal: false, A.Block(j, j, n - j, n - j), columns);
        }

        for (nint i = 0; i < n; i += Block)
        {
            cancellation.ThrowIfCancellationRequested();
            nint high = Math.Min(Block, n - i);
            MatrixView<T> left = X.Block(i, i, n - i, high).Transposed;
            Gemm<S, V, T>.Run(
                context, T.One, left, X.Block(i, 0, n - i, i + high), T.Zero, A.Block(i, 0, high, i + high));
        }

        Mirror.LowerToUpper(context, A);
    }
}
