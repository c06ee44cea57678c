using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// result = sum over i of K_i (weights(i, :) . W): a gemm a kernel, accumulated, on a sub-tile of targets whose
/// weighted right-hand side is formed in cache just before.
/// </summary>
internal static unsafe class WeightedKernelProduct<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int SubTile = 768;

    public static void Run(
        SimdContext context, MatrixView<T> Ks, MatrixView<T> weights, MatrixView<T> W, MatrixView<T> result)
    {
        nint n = W.Rows;
        using Scratch<T> scratch = context.Scratch.Rent<T>(n * Math.Min(SubTile, W.Columns));
        for (nint first = 0; first < W.Columns; first += SubTile)
        {
            nint count = Math.Min(SubTile, W.Columns - first);
            MatrixView<T> weighted = scratch.View(n, count);
            MatrixView<T> tile = W.SliceColumns(first, count);
            for (nint i = 0; i < weights.Rows; i++)
            {
                T* factors = weights.Pointer + (i * weights.RowStride) + first;
                Elementwise<S, V, T>.Scale(context, tile, null, factors, weighted);
                Gemm<S, V, T>.Run(
                    context, T.One, Ks.SliceColumns(i * n, n), weighted, i == 0 ? T.Zero : T.One,
                    result.SliceColumns(first, count));
            }
        }
    }
}
