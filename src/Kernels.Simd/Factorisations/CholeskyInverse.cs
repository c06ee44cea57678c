using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// From L the inverse of L L', both triangles: X = L^-1 in a copy, by recursion on halves, then X' X, where micro-tiles above the diagonal
/// and depths at which X' is zero are left out; 2/3 n^3 operations in all, in trsm and gemm.
/// <code>
///   | L11     |^-1   |        X11           |
///   | L21 L22 |    = | -L22^-1 L21 L11^-1  X22 |
/// </code>
/// </summary>
internal static unsafe class CholeskyInverse<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void Run(SimdContext context, MatrixView<T> A, CancellationToken cancellation)
    {
        nint n = A.Rows;
        using Scratch<T> scratch = context.Scratch.Rent<T>(n * n);
        MatrixView<T> X = scratch.View(n, n);
        CopyLower(context, A, X);
        Invert(context, X, cancellation);
        Gemm<S, V, T>.Run(context, T.One, X.Transposed, X, T.Zero, A, GemmShapes.LowerC | GemmShapes.UpperA);
        Mirror.LowerToUpper(context, A);
    }

    private static void CopyLower(SimdContext context, MatrixView<T> A, MatrixView<T> X) =>
        context.Pool.For(checked((int)A.Rows), i =>
        {
            A.Block(i, 0, 1, i + 1).CopyTo(X.Block(i, 0, 1, i + 1));
            new Span<T>(X.Pointer + (i * X.RowStride) + i + 1, checked((int)X.Columns - i - 1)).Clear();
        });

    private static void Invert(SimdContext context, MatrixView<T> X, CancellationToken cancellation)
    {
        nint n = X.Rows;
        if (n <= TriangularLeaf<S, V, T>.Order)
        {
            InvertLeaf(context, X);
            return;
        }

        cancellation.ThrowIfCancellationRequested();
        nint half = n / 2;
        MatrixView<T> upperLeft = X.Block(0, 0, half, half);
        MatrixView<T> lowerLeft = X.Block(half, 0, n - half, half);
        MatrixView<T> lowerRight = X.Block(half, half, n - half, n - half);
        Trsm<S, V, T>.Run(context, Triangle.Lower, unitDiagonal: false, lowerRight, lowerLeft);
        Trsm<S, V, T>.Run(context, Triangle.Upper, unitDiagonal: false, upperLeft.Transposed, lowerLeft.Transposed);
        Negate(context, lowerLeft);
        Invert(context, upperLeft, cancellation);
        Invert(context, lowerRight, cancellation);
    }

    private static void InvertLeaf(SimdContext context, MatrixView<T> X)
    {
        nint n = X.Rows;
        using Scratch<T> scratch = context.Scratch.Rent<T>(n * n);
        scratch.Clear();
        MatrixView<T> inverse = scratch.View(n, n);
        for (nint i = 0; i < n; i++)
        {
            inverse[i, i] = T.One;
        }

        TriangularLeaf<S, V, T>.Solve(context, unitDiagonal: false, X, inverse);
        inverse.CopyTo(X);
    }

    private static void Negate(SimdContext context, MatrixView<T> A) =>
        context.Pool.For(checked((int)A.Rows), i =>
        {
            T* row = A.Pointer + (i * A.RowStride);
            VectorLoops<S, V, T>.Scale(A.Columns, -T.One, row, row);
        });
}
