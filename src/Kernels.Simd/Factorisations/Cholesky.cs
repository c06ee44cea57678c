using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// A = L L' in place, L in the lower triangle and zeros above: recursion on halves (Gustavson 1997; LAPACK's dpotrf2),
/// so that nearly all work is trsm and syrk; leaves by outer products.
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
    /// <summary>Order of the matrices factored by outer products.</summary>
    private const int Leaf = 48;

    /// <exception cref="NotPositiveDefiniteException">A pivot is not positive; matrix is the index it
    /// reports.</exception>
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
            new Span<T>(L.Pointer + (i * L.RowStride) + i + 1, checked((int)(L.Columns - i - 1))).Clear();
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
        Gemm<S, V, T>.Run(context, -T.One, A21, A21.Transposed, T.One, A22, GemmShapes.LowerC);
        Factor(context, A22, offset + half, matrix, cancellation);
    }

    /// <summary>
    /// Works on the upper triangle U = L' in a small copy, whose rows the outer products update whole vectors at a
    /// time: row k over its pivot's root, then row i -= U(k, i) row k for all i after k.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FactorLeaf(MatrixView<T> A, nint offset, int matrix)
    {
        int n = (int)A.Rows;
        T* memory = stackalloc T[(Leaf * Leaf) + S.Width];
        T* U = VectorLoops<S, V, T>.Align(memory);
        for (int i = 0; i < n; i++)
        {
            T* row = A.Pointer + (i * A.RowStride);
            for (int j = 0; j <= i; j++)
            {
                U[(j * Leaf) + i] = row[j];
            }
        }

        for (int k = 0; k < n; k++)
        {
            T* pivotRow = U + (k * Leaf);
            T pivot = pivotRow[k];
            if (!(pivot > T.Zero) || !T.IsFinite(pivot))
            {
                throw new NotPositiveDefiniteException(offset + k, matrix, double.CreateTruncating(pivot));
            }

            T root = T.Sqrt(pivot);
            pivotRow[k] = root;
            for (int j = k + 1; j < n; j++)
            {
                pivotRow[j] /= root;
            }

            // From the start of a vector: what lies left of the diagonal is never read as a result.
            for (int i = k + 1; i < n; i++)
            {
                V factor = S.Broadcast(-pivotRow[i]);
                T* row = U + (i * Leaf);
                for (int j = i / S.Width * S.Width; j < n; j += S.Width)
                {
                    S.Store(row + j, S.MultiplyAdd(factor, S.Load(pivotRow + j), S.Load(row + j)));
                }
            }
        }

        for (int i = 0; i < n; i++)
        {
            T* row = A.Pointer + (i * A.RowStride);
            for (int j = 0; j <= i; j++)
            {
                row[j] = U[(j * Leaf) + i];
            }
        }
    }
}
