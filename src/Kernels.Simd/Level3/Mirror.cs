namespace VemKernels.Simd;

/// <summary>
/// Copies the lower triangle of a square matrix onto the upper, block by block so that both sides stay in cache.
/// </summary>
internal static unsafe class Mirror
{
    private const int Block = 64;

    public static void LowerToUpper<T>(SimdContext context, MatrixView<T> C)
        where T : unmanaged
    {
        int blocks = checked((int)((C.Rows + Block - 1) / Block));
        context.Pool.For(blocks, C, static (C, bi) =>
        {
            nint i0 = (nint)bi * Block;
            nint i1 = Math.Min(C.Rows, i0 + Block);
            for (nint j0 = 0; j0 <= i0; j0 += Block)
            {
                CopyBlock(C, i0, i1, j0);
            }
        });
    }

    /// <summary>Rows of 8 x 8 go through registers where they lie wholly under the diagonal.</summary>
    private static void CopyBlock<T>(MatrixView<T> C, nint firstRow, nint endRow, nint firstColumn)
        where T : unmanaged
    {
        const int Order = Transposition.Order;
        nint rs = C.RowStride;
        for (nint i = firstRow; i < endRow; i += Order)
        {
            nint rows = Math.Min(Order, endRow - i);
            nint j = firstColumn;
            nint whole = Math.Min(firstColumn + Block, i);
            if (rows == Order && C.HasContiguousRows)
            {
                for (; j + Order <= whole; j += Order)
                {
                    Transposition.Block(C.Pointer + (i * rs) + j, rs, C.Pointer + (j * rs) + i, rs);
                }
            }

            for (nint r = i; r < i + rows; r++)
            {
                for (nint c = j; c < Math.Min(firstColumn + Block, r); c++)
                {
                    C[c, r] = C[r, c];
                }
            }
        }
    }
}
