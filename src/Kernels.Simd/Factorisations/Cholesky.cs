using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// A = L L' in place, L in the lower triangle and zeros above: recursion on halves (Gustavson 1997; LAPACK's dpotrf2),
/// so that nearly all work is trsm and syrk; leaves by rows with dot products.
/// <code>
///   | A11     |   L11 = chol(A11)
///   | A21 A22 |   L21 = A21 L11^-T      (L11 L21' = A21')
///                 L22 = chol(A22 - L21 L21')
/// </code>
/// </summary>
internal static unsafe class Cholesky<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Order of the matrices factored by dot products.</summary>
    private const int Leaf = 48;

    /// <exception cref="NotPositiveDefiniteException">
    /// A pivot is not positive; matrix is the index it reports.
    /// </exception>
    public static void Run(SimdContext context, MatrixView<T> A, int matrix, CancellationToken cancellation)
    {
        using Scratch<T> copy = context.Scratch.Rent<T>(A.HasContiguousRows ? 0 : A.Rows * A.Columns);
        MatrixView<T> L = A;
        if (!A.HasContiguousRows)
        {
            L = copy.View(A.Rows, A.Columns);
            A.CopyTo(L);
        }

        Factor(context, L, 0, matrix, cancellation);
        for (nint i = 0; i < L.Rows; i++)
        {
            for (nint j = i + 1; j < L.Columns; j++)
            {
                L[i, j] = T.Zero;
            }
        }

        if (!A.HasContiguousRows)
        {
            L.CopyTo(A);
        }
    }

    private static void Factor(
        SimdContext context, MatrixView<T> A, nint offset, int matrix, CancellationToken cancellation)
    {
        nint n = A.Rows;
        if (n <= Leaf)
        {
            FactorLeaf(A, offset, matrix);
            return;
        }

        cancellation.ThrowIfCancellationRequested();
        nint half = (n / 2 + Leaf - 1) / Leaf * Leaf;
        MatrixView<T> A11 = A.Block(0, 0, half, half);
        MatrixView<T> A21 = A.Block(half, 0, n - half, half);
        MatrixView<T> A22 = A.Block(half, half, n - half, n - half);
        Factor(context, A11, offset, matrix, cancellation);
        Trsm<S, V, T>.Run(context, Triangle.Lower, unitDiagonal: false, A11, A21.Transposed);
        Gemm<S, V, T>.Run(context, -T.One, A21, A21.Transposed, T.One, A22, GemmShape.LowerC);
        Factor(context, A22, offset + half, matrix, cancellation);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FactorLeaf(MatrixView<T> A, nint offset, int matrix)
    {
        for (nint i = 0; i < A.Rows; i++)
        {
            T* row = A.Pointer + (i * A.RowStride);
            for (nint j = 0; j < i; j++)
            {
                T* other = A.Pointer + (j * A.RowStride);
                row[j] = (row[j] - VectorLoops<S, V, T>.Dot(j, row, other)) / other[j];
            }

            T pivot = row[i] - VectorLoops<S, V, T>.Dot(i, row, row);
            if (!(pivot > T.Zero) || !T.IsFinite(pivot))
            {
                throw new NotPositiveDefiniteException(offset + i, matrix, double.CreateTruncating(pivot));
            }

            row[i] = T.Sqrt(pivot);
        }
    }
}
