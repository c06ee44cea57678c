using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// From L the inverse of L L', both triangles, in place: X = L^-1, then X' X (LAPACK's trtri and lauum), both by
/// recursion on halves; 2/3 n^3 operations in all, in trsm and gemm.
/// <code>
///   | L11     |^-1   |        X11           |       | X11     |' | X11     |   | X11'X11 + X21'X21   .     |
///   | L21 L22 |    = | -L22^-1 L21 L11^-1  X22 |    | X21 X22 |  | X21 X22 | = |     X22'X21      X22'X22 |
/// </code>
/// </summary>
internal static unsafe class CholeskyInverse<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void Run(SimdContext context, MatrixView<T> A, CancellationToken cancellation)
    {
        if (A.HasContiguousRows)
        {
            Invert(context, A, cancellation);
            MultiplyByTranspose(context, A, cancellation);
            Mirror.LowerToUpper(context, A);
            return;
        }

        using Scratch<T> copy = context.Scratch.Rent<T>(A.Rows * A.Columns);
        MatrixView<T> rows = copy.View(A.Rows, A.Columns);
        TiledCopy.Run(context, A, rows);
        Run(context, rows, cancellation);
        TiledCopy.Run(context, rows, A);
    }

    /// <summary>The lower triangle of X'X in place of X, of which only the lower triangle is read.</summary>
    private static void MultiplyByTranspose(SimdContext context, MatrixView<T> X, CancellationToken cancellation)
    {
        nint n = X.Rows;
        if (n <= Trmm<S, V, T>.Leaf)
        {
            using Scratch<T> memory = context.Scratch.Rent<T>(n * n);
            MatrixView<T> copy = Trmm<S, V, T>.CopyLower(context, X, memory);
            Gemm<S, V, T>.Run(
                context, T.One, copy.Transposed, copy, T.Zero, X, GemmShapes.LowerC | GemmShapes.UpperA);
            return;
        }

        cancellation.ThrowIfCancellationRequested();
        nint half = Trmm<S, V, T>.Half(n);
        MatrixView<T> upperLeft = X.Block(0, 0, half, half);
        MatrixView<T> lowerLeft = X.Block(half, 0, n - half, half);
        MatrixView<T> lowerRight = X.Block(half, half, n - half, n - half);
        MultiplyByTranspose(context, upperLeft, cancellation);
        Gemm<S, V, T>.Run(context, T.One, lowerLeft.Transposed, lowerLeft, T.One, upperLeft, GemmShapes.LowerC);
        Trmm<S, V, T>.RunTransposed(context, lowerRight, lowerLeft);
        MultiplyByTranspose(context, lowerRight, cancellation);
    }

    private static void Invert(SimdContext context, MatrixView<T> X, CancellationToken cancellation)
    {
        nint n = X.Rows;
        if (n <= TriangularLeaf<S, V, T>.Order)
        {
            InvertLeaf(context, X);
            return;
        }

        cancellation.ThrowIfCancellationRequested();
        nint half = Trmm<S, V, T>.Half(n);
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
        context.Pool.For(checked((int)A.Rows), A, static (a, i) =>
        {
            T* row = a.Pointer + (i * a.RowStride);
            VectorLoops<S, V, T>.Scale(a.Columns, -T.One, row, row);
        });
}
