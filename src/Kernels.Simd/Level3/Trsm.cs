using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// Solves L X = B, or U X = B, in place of B: recursion on halves of the triangle, so that nearly all work is gemm; at
/// the leaves, <see cref="TriangularLeaf{S,V,T}"/>.
/// <code>
///   | L11     | | X1 |   | B1 |      X1 = L11 \ B1                  | U11 U12 | | X1 |   | B1 |      X2 = U22 \ B2
///   | L21 L22 | | X2 | = | B2 |      X2 = L22 \ (B2 - L21 X1)       |     U22 | | X2 | = | B2 |      X1 = U11 \ (B1 - U12 X2)
/// </code>
/// An upper leaf is a lower one seen from the last row back (negative strides).
/// </summary>
internal static unsafe class Trsm<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void Run(SimdContext context, Triangle triangle, bool unitDiagonal, MatrixView<T> A, MatrixView<T> B)
    {
        if (B.IsEmpty)
        {
            return;
        }

        nint n = A.Rows;
        if (n <= TriangularLeaf<S, V, T>.Order)
        {
            if (triangle == Triangle.Upper)
            {
                A = new MatrixView<T>(
                    A.Pointer + ((n - 1) * (A.RowStride + A.ColumnStride)), n, n, -A.RowStride, -A.ColumnStride);
                B = new MatrixView<T>(B.Pointer + ((n - 1) * B.RowStride), n, B.Columns, -B.RowStride, B.ColumnStride);
            }

            TriangularLeaf<S, V, T>.Solve(context, unitDiagonal, A, B);
            return;
        }

        nint half = Half(n);
        MatrixView<T> first = B.SliceRows(0, half);
        MatrixView<T> last = B.SliceRows(half, n - half);
        MatrixView<T> upperLeft = A.Block(0, 0, half, half);
        MatrixView<T> lowerRight = A.Block(half, half, n - half, n - half);
        if (triangle == Triangle.Lower)
        {
            Run(context, triangle, unitDiagonal, upperLeft, first);
            Gemm<S, V, T>.Run(context, -T.One, A.Block(half, 0, n - half, half), first, T.One, last);
            Run(context, triangle, unitDiagonal, lowerRight, last);
            return;
        }

        Run(context, triangle, unitDiagonal, lowerRight, last);
        Gemm<S, V, T>.Run(context, -T.One, A.Block(0, half, half, n - half), last, T.One, first);
        Run(context, triangle, unitDiagonal, upperLeft, first);
    }

    /// <summary>About half of n, in whole leaves.</summary>
    private static nint Half(nint n)
    {
        nint leaf = TriangularLeaf<S, V, T>.Order;
        return ((n / 2) + leaf - 1) / leaf * leaf;
    }
}
