namespace VemKernels.Simd;

/// <summary>
/// Copies the lower triangle of a square matrix onto the upper, block by block so that both sides stay in cache.
/// </summary>
internal static class Mirror
{
    private const int Block = 64;

    public static void LowerToUpper<T>(SimdContext context, MatrixView<T> C)
        where T : unmanaged
    {
        int blocks = checked((int)((C.Rows + Block - 1) / Block));
        context.Pool.For(blocks, bi =>
        {
            nint i0 = (nint)bi * Block;
            nint i1 = Math.Min(C.Rows, i0 + Block);
            for (nint j0 = 0; j0 <= i0; j0 += Block)
            {
                for (nint i = i0; i < i1; i++)
                {
                    nint end = Math.Min(j0 + Block, i);
                    for (nint j = j0; j < end; j++)
                    {
                        C[j, i] = C[i, j];
                    }
                }
            }
        });
    }
}
