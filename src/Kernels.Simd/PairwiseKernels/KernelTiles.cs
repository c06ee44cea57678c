namespace VemKernels.Simd;

/// <summary>
/// Runs through a kernel matrix tile by tile: what a product has just written is still in the outer caches when the
/// kernel's function is applied to it. Of a symmetric kernel, the tiles on and below the diagonal; the rest is mirrored
/// when they are done.
/// </summary>
internal static class KernelTiles
{
    /// <summary>
    /// Rows of a tile, and columns of the narrowest: 4 MiB of float, 8 of double; enough for a product to run at full speed.
    /// </summary>
    public const int Narrowest = 1024;

    /// <summary>
    /// Columns of the widest: rows are packed once for so many, and what threads wait for at the beginning and the end of a
    /// product comes less often.
    /// </summary>
    public const int Widest = 4096;

    /// <summary>body(where the tile starts in K, how far it reaches): at most so many columns.</summary>
    public static void For<T>(
        SimdContext context, MatrixView<T> K, bool symmetric, int columns, Action<KernelTile> body,
        CancellationToken cancellation)
        where T : unmanaged
    {
        for (nint i = 0; i < K.Rows; i += Narrowest)
        {
            nint rows = Math.Min(Narrowest, K.Rows - i);
            nint end = symmetric ? i : K.Columns;
            for (nint j = 0; j < end; j += columns)
            {
                cancellation.ThrowIfCancellationRequested();
                body(new KernelTile(i, j, rows, Math.Min(columns, end - j)));
            }

            if (symmetric)
            {
                cancellation.ThrowIfCancellationRequested();
                body(new KernelTile(i, i, rows, rows));
            }
        }

        if (symmetric)
        {
            Mirror.LowerToUpper(context, K);
        }
    }
}

/// <summary>A tile of a kernel matrix: its first row and column, its rows and columns.</summary>
internal readonly record struct KernelTile(nint Row, nint Column, nint Rows, nint Columns)
{
    public MatrixView<T> Of<T>(MatrixView<T> K)
        where T : unmanaged => K.Block(Row, Column, Rows, Columns);
}
