using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// Solves L X = B in place of B: recursion on halves of L, so that nearly all work is gemm; at the leaves, forward
/// substitution by rows of B, a strip of columns to a task. Upper triangles are lower ones seen from the last row back
/// (negative strides).
/// <code>
///   | L11     | | X1 |   | B1 |      X1 = L11 \ B1
///   | L21 L22 | | X2 | = | B2 |      X2 = L22 \ (B2 - L21 X1)
/// </code>
/// </summary>
internal static unsafe class Trsm<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Order of the triangles solved by substitution.</summary>
    private const int Leaf = 32;

    /// <summary>Columns of B in a task: 32 rows of it stay in the first-level cache.</summary>
    private const int Strip = 128;

    public static void Run(SimdContext context, Triangle triangle, bool unitDiagonal, MatrixView<T> A, MatrixView<T> B)
    {
        if (B.IsEmpty)
        {
            return;
        }

        if (!B.HasContiguousRows)
        {
            using Scratch<T> copy = context.Scratch.Rent<T>(B.Rows * B.Columns);
            MatrixView<T> dense = copy.View(B.Rows, B.Columns);
            B.CopyTo(dense);
            Run(context, triangle, unitDiagonal, A, dense);
            dense.CopyTo(B);
            return;
        }

        if (triangle == Triangle.Upper)
        {
            A = new MatrixView<T>(&A.Pointer[((A.Rows - 1) * A.RowStride) + ((A.Columns - 1) * A.ColumnStride)],
                A.Rows, A.Columns, -A.RowStride, -A.ColumnStride);
            B = new MatrixView<T>(
                &B.Pointer[(B.Rows - 1) * B.RowStride], B.Rows, B.Columns, -B.RowStride, B.ColumnStride);
        }

        Lower(context, unitDiagonal, A, B);
    }

    private static void Lower(SimdContext context, bool unitDiagonal, MatrixView<T> L, MatrixView<T> B)
    {
        nint n = L.Rows;
        if (n <= Leaf)
        {
            int strips = checked((int)((B.Columns + Strip - 1) / Strip));
            context.Pool.For(strips, strip =>
            {
                nint first = (nint)strip * Strip;
                Substitute(unitDiagonal, L, B.SliceColumns(first, Math.Min(Strip, B.Columns - first)));
            });
            return;
        }

        nint half = (n / 2 + Leaf - 1) / Leaf * Leaf;
        Lower(context, unitDiagonal, L.Block(0, 0, half, half), B.SliceRows(0, half));
        MatrixView<T> below = B.SliceRows(half, n - half);
        Gemm<S, V, T>.Run(context, -T.One, L.Block(half, 0, n - half, half), B.SliceRows(0, half), T.One, below);
        Lower(context, unitDiagonal, L.Block(half, half, n - half, n - half), below);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Substitute(bool unitDiagonal, MatrixView<T> L, MatrixView<T> B)
    {
        for (nint i = 0; i < L.Rows; i++)
        {
            T* row = B.Pointer + (i * B.RowStride);
            for (nint j = 0; j < i; j++)
            {
                VectorLoops<S, V, T>.AddScaled(B.Columns, -L[i, j], B.Pointer + (j * B.RowStride), row);
            }

            if (!unitDiagonal)
            {
                T pivot = L[i, i];
                for (nint j = 0; j < B.Columns; j++)
                {
                    row[j] /= pivot;
                }
            }
        }
    }
}
