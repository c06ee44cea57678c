using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// C = Q C for the factor Q of a tall <see cref="HouseholderQr{S,V,T}"/> and a C that is zero below its first n rows,
/// with all n reflectors at once: Q = I - V F V', and the inverse of F is at hand (<see cref="InverseTriangle{T}"/>):
/// <code>
///   S = F^-1 = the upper triangle of V'V, with 1 / tau on its diagonal
///
///        | V1 |  n x n, unit lower triangular          W  = V1' C1                 only the first rows of C count
///    V = |----|                                        X  = S \ W                  trsm
///        | V2 |  (m - n) x n, where A has it           C1 = C1 - V1 X
///        |    |                                        C2 =    - V2 X              gemm, the depth of it n
/// </code>
/// C is written once. Block by block it is read and written n / 48 times, which took longer than all arithmetic.
/// </summary>
internal static unsafe class AccumulatedReflectors<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Applies Q to C, m x anything, of which the first n rows are read. A (m x n, m >= n) and the triangles are as
    /// HouseholderQr left them.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled, between two products; C is then of no use.</exception>
    public static void ApplyToLeadingRows(
        SimdContext context, MatrixView<T> A, MatrixView<T> triangles, MatrixView<T> C, CancellationToken cancellation)
    {
        Shapes.RequireSame(A.Rows, C.Columns, C.Rows, C.Columns, nameof(C));
        nint n = A.Columns;
        using Scratch<T> topMemory = context.Scratch.Rent<T>(n * n);
        using Scratch<T> gramMemory = context.Scratch.Rent<T>(n * n);
        using Scratch<T> weightsMemory = context.Scratch.Rent<T>(n * C.Columns);
        MatrixView<T> top = topMemory.View(n, n);
        MatrixView<T> gram = gramMemory.View(n, n);
        MatrixView<T> weights = weightsMemory.View(n, C.Columns);
        MatrixView<T> below = A.SliceRows(n, A.Rows - n);
        CopyUnitLower(A, top);
        Gemm<S, V, T>.Run(
            context, T.One, top.Transposed, top, T.Zero, gram, GemmShapes.LowerC | GemmShapes.UpperA);
        Gemm<S, V, T>.Run(context, T.One, below.Transposed, below, T.One, gram, GemmShapes.LowerC);
        cancellation.ThrowIfCancellationRequested();
        Gemm<S, V, T>.Run(
            context, T.One, top.Transposed, C.SliceRows(0, n), T.Zero, weights, GemmShapes.UpperA);
        MatrixView<T> inverse = gram.Transposed;
        using Scratch<T> taus = context.Scratch.Rent<T>(n);
        for (nint j = 0; j < n; j++)
        {
            taus.Pointer[j] = triangles[j % HouseholderQr<S, V, T>.BlockColumns, j];
        }

        InverseTriangle<T>.Complete(taus.Pointer, inverse, weights);
        Trsm<S, V, T>.Run(context, Triangle.Upper, unitDiagonal: false, inverse, weights);
        cancellation.ThrowIfCancellationRequested();
        Gemm<S, V, T>.Run(
            context, T.NegativeOne, top, weights, T.One, C.SliceRows(0, n), GemmShapes.LowerA);
        Gemm<S, V, T>.Run(context, T.NegativeOne, below, weights, T.Zero, C.SliceRows(n, A.Rows - n));
    }

    private static void CopyUnitLower(MatrixView<T> A, MatrixView<T> top)
    {
        for (nint i = 0; i < top.Rows; i++)
        {
            Span<T> row = top.RowSpan(i);
            A.Block(i, 0, 1, i).CopyTo(top.Block(i, 0, 1, i));
            row[(int)i] = T.One;
            row[(int)(i + 1)..].Clear();
        }
    }
}
