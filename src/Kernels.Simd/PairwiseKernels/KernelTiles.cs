namespace VemKernels.Simd;

/// <summary>
/// Runs through a kernel matrix tile by tile: what a product has just written is still in the outer caches when the
/// kernel's function is applied to it. Of a symmetric kernel, the tiles on and below the diagonal; the rest is mirrored
/// when they are done.
/// </summary>
internal static class KernelTiles
{
    /// <summary>
    /// Rows and columns of a tile: 4 MiB of float, 8 of double; enough for a product to run at full speed.
    /// </summary>
    private const int Tile = 1024;

    /// <summary>body(where the tile starts in K, how far it reaches).</summary>
    public static void For<T>(
        SimdContext context, MatrixView<T> K, bool symmetric, Action<KernelTile> body, CancellationToken cancellation)
        where T : unmanaged
    {
        for (nint i = 0; i < K.Rows; i += Tile)
        {
            nint end = symmetric ? i + 1 : K.Columns;
            for (nint j = 0; j < end; j += Tile)
            {
                cancellation.ThrowIfCancellationRequested();
                body(new KernelTile(i, j, Math.Min(Tile, K.Rows - i), Math.Min(Tile, K.Columns - j)));
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
