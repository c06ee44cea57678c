using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// Fills the last columns of a matrix whose first ones are orthonormal, so that all are: the first ones are Q R with R
/// a diagonal of signs, and the further columns of the full factor Q are what is missing.
/// </summary>
internal static class OrthonormalCompletion<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Completes U (m x k, m >= k), of which the first `rank` columns are orthonormal and the others are overwritten.
    /// </summary>
    public static void Run(SimdContext context, MatrixView<T> U, nint rank)
    {
        if (rank == U.Columns)
        {
            return;
        }

        using Scratch<T> known = context.Scratch.Rent<T>(U.Rows * rank);
        using Scratch<T> memory = context.Scratch.Rent<T>(HouseholderQr<S, V, T>.TrianglesLength(U.Rows, rank));
        MatrixView<T> A = known.View(U.Rows, rank);
        MatrixView<T> triangles = HouseholderQr<S, V, T>.Triangles(memory, U.Rows, rank);
        U.SliceColumns(0, rank).CopyTo(A);
        HouseholderQr<S, V, T>.Factor(context, A, triangles, CancellationToken.None);

        MatrixView<T> missing = U.SliceColumns(rank, U.Columns - rank);
        missing.Fill(T.Zero);
        for (nint j = 0; j < missing.Columns; j++)
        {
            missing[rank + j, j] = T.One;
        }

        HouseholderQr<S, V, T>.Apply(context, A, triangles, transposed: false, missing, CancellationToken.None);
    }
}
