using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// C = alpha A A' + beta C, both triangles: the packed gemm over micro-tiles that touch the lower triangle, then the
/// lower triangle mirrored, so that C is symmetric to the bit.
/// </summary>
internal static unsafe class Syrk<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void Run(SimdContext context, T alpha, MatrixView<T> A, T beta, MatrixView<T> C)
    {
        // C is symmetric: where its columns are contiguous its transpose is the same matrix, row-major.
        MatrixView<T> target = C.ColumnStride != 1 && C.RowStride == 1 ? C.Transposed : C;
        Gemm<S, V, T>.Run(context, alpha, A, A.Transposed, beta, target, GemmShapes.LowerC);
        Mirror.LowerToUpper(context, target);
    }
}
