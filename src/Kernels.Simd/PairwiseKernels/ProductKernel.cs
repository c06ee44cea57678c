using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// Kernels that are functions of the products x'z: K = f(A B'), a gemm a tile (a syrk on the diagonal of a symmetric
/// kernel), then f on the tile. The cosine kernel is the linear one of rows of length 1. K has contiguous rows.
/// </summary>
internal static unsafe class ProductKernel<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void Run(
        SimdContext context, KernelFunction function, MatrixView<T> A, MatrixView<T> B, MatrixView<T> K,
        CancellationToken cancellation)
    {
        bool symmetric = A == B;
        KernelTiles.For(
            context, K, A.Columns, symmetric,
            tile =>
            {
                Products(context, A, B, tile, tile.Of(K));
                if (function.Kind is KernelKind.Polynomial or KernelKind.Sigmoid)
                {
                    KernelEpilogue<S, V, T>.Apply(context, function, tile.Of(K));
                }
            },
            cancellation);
    }

    /// <summary>The cosine kernel; the diagonal of a symmetric one exactly 1, or 0 for rows of zeros.</summary>
    public static void Cosine(
        SimdContext context, MatrixView<T> A, MatrixView<T> B, MatrixView<T> K, CancellationToken cancellation)
    {
        bool symmetric = A == B;
        using Scratch<T> directionsOfA = context.Scratch.Rent<T>(A.Rows * A.Columns);
        using Scratch<T> directionsOfB = context.Scratch.Rent<T>(symmetric ? 0 : B.Rows * B.Columns);
        MatrixView<T> a = directionsOfA.View(A.Rows, A.Columns);
        MatrixView<T> b = symmetric ? a : directionsOfB.View(B.Rows, B.Columns);
        Normalise(context, A, a);
        if (!symmetric)
        {
            Normalise(context, B, b);
        }

        Run(context, KernelFunction.Linear, a, b, K, cancellation);
        T half = T.CreateTruncating(0.5);
        for (nint i = 0; symmetric && i < K.Rows; i++)
        {
            K[i, i] = K[i, i] > half ? T.One : K[i, i];
        }
    }

    private static void Products(
        SimdContext context, MatrixView<T> A, MatrixView<T> B, KernelTile tile, MatrixView<T> target)
    {
        MatrixView<T> a = A.SliceRows(tile.Row, tile.Rows);
        if (tile.OnDiagonal)
        {
            Syrk<S, V, T>.Run(context, T.One, a, T.Zero, target);
            return;
        }

        Gemm<S, V, T>.Run(context, T.One, a, B.SliceRows(tile.Column, tile.Columns).Transposed, T.Zero, target);
    }

    /// <summary>
    /// Rows over their lengths; the largest element is taken out first, so that no square overflows or vanishes.
    /// </summary>
    private static void Normalise(SimdContext context, MatrixView<T> X, MatrixView<T> directions) =>
        Rows.For(context, X.Rows, X.Columns, (first, count) =>
        {
            for (nint i = first; i < first + count; i++)
            {
                double largest = 0;
                for (nint j = 0; j < X.Columns; j++)
                {
                    largest = Math.Max(largest, Math.Abs(double.CreateTruncating(X[i, j])));
                }

                double scale = largest == 0 ? 1 : largest;
                double sum = 0;
                for (nint j = 0; j < X.Columns; j++)
                {
                    double value = double.CreateTruncating(X[i, j]) / scale;
                    sum += value * value;
                }

                double length = largest == 0 ? 1 : Math.Sqrt(sum);
                for (nint j = 0; j < X.Columns; j++)
                {
                    directions[i, j] = T.CreateTruncating(double.CreateTruncating(X[i, j]) / scale / length);
                }
            }
        });
}
