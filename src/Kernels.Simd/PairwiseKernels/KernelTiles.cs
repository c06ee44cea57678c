namespace VemKernels.Simd;

/// <summary>
/// Runs through a kernel matrix tile by tile: what a product has just written is still in the outer caches when the
/// kernel's function is applied to it. Of a symmetric kernel, the tiles on and below the diagonal; the rest is mirrored
/// when they are done.
/// <code>
///   of a symmetric kernel:   +---+                of any other:   +-------+-------+--
///                            |   |                                |       |       |
///                            +---+---+                            +-------+-------+--
///                            |   |   |                            |       |       |
///                            +---+---+---+                        +-------+-------+--
///                            |       |   |
///                            +-------+---+     tiles on the diagonal are square, to the left of it as wide as may be
/// </code>
/// </summary>
internal static class KernelTiles
{
    /// <summary>
    /// Rows and columns of the smallest: 4 MiB of float, 8 of double; enough for a product to run near full speed.
    /// </summary>
    public const int Least = 1024;

    /// <summary>
    /// Rows and columns of the largest. In larger tiles rows and columns are packed less often, and threads wait less
    /// often for the first block to be packed and the last to be multiplied.
    /// </summary>
    private const int MostRows = 2 * Least;

    private const int MostColumns = 4 * Least;

    /// <summary>
    /// Multiplications of a large tile: some tenths of a second, after which a fit that is cancelled ends.
    /// </summary>
    private const double MostWork = 2e10;

    /// <summary>body(tile) for the tiles of a product of so many features, then the mirrored half.</summary>
    public static void For<T>(
        SimdContext context, MatrixView<T> K, nint features, bool symmetric, Action<KernelTile> body,
        CancellationToken cancellation)
        where T : unmanaged
    {
        nint elements = (nint)(MostWork / Math.Max(1, features));
        nint columns = Math.Clamp(elements / Least / Least * Least, Least, MostColumns);
        nint rows = Math.Clamp(elements / columns / Least * Least, Least, MostRows);
        Each(new KernelTile(0, 0, K.Rows, K.Columns), symmetric, rows, columns, body, cancellation);
        if (symmetric)
        {
            Mirror.LowerToUpper(context, K);
        }
    }

    /// <summary>The same in the smallest tiles, whatever the features.</summary>
    public static void ForLeast<T>(
        SimdContext context, MatrixView<T> K, bool symmetric, Action<KernelTile> body, CancellationToken cancellation)
        where T : unmanaged => For(context, K, nint.MaxValue, symmetric, body, cancellation);

    /// <summary>body(tile) for the smallest tiles of a larger one, which are counted from its corner.</summary>
    public static void Each(KernelTile whole, Action<KernelTile> body, CancellationToken cancellation) =>
        Each(whole, whole.OnDiagonal, Least, Least, body, cancellation);

    private static void Each(
        KernelTile whole, bool symmetric, nint rows, nint columns, Action<KernelTile> body,
        CancellationToken cancellation)
    {
        for (nint i = 0; i < whole.Rows; i += rows)
        {
            nint high = Math.Min(rows, whole.Rows - i);
            nint end = symmetric ? i : whole.Columns;
            for (nint j = 0; j < end; j += columns)
            {
                cancellation.ThrowIfCancellationRequested();
                body(new KernelTile(i, j, high, Math.Min(columns, end - j)));
            }

            if (symmetric)
            {
                cancellation.ThrowIfCancellationRequested();
                body(new KernelTile(i, i, high, high) { OnDiagonal = true });
            }
        }
    }
}

/// <summary>A tile of a kernel matrix: its first row and column, its rows and columns.</summary>
internal readonly record struct KernelTile(nint Row, nint Column, nint Rows, nint Columns)
{
    /// <summary>Whether it lies on the diagonal of a symmetric kernel: square, and what is above is mirrored.</summary>
    public bool OnDiagonal { get; init; }

    public MatrixView<T> Of<T>(MatrixView<T> K)
        where T : unmanaged => K.Block(Row, Column, Rows, Columns);
}
