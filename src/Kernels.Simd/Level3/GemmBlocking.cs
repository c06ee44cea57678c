namespace VemKernels.Simd;

/// <summary>
/// Block sizes of the packed gemm (Van Zee and van de Geijn, "BLIS", ACM TOMS 41(3), 2015, section 4): a micro-panel of
/// B (Depth x NR) stays in the first-level cache while it is used, a block of A (Rows x Depth) in the second level, a
/// panel of B (Depth x Columns) in the third. They do not depend on the number of threads: each element of C is summed
/// in one order.
/// </summary>
internal static class GemmBlocking
{
    /// <summary>
    /// Bytes of one row-block of packed A that stay in the second-level cache: half of the smallest common one, 512
    /// KiB.
    /// </summary>
    private const int BlockBytesA = 256 * 1024;

    /// <summary>Bytes of the packed panel of B: a share of the third-level cache of a small server slice.</summary>
    private const int PanelBytesB = 4 * 1024 * 1024;

    /// <summary>
    /// kc: rows of B packed at a time. 256 ran best here (Zen, 48 KiB first level) among 128, 192, 256, 320, 384.
    /// </summary>
    public const int Depth = 256;

    /// <summary>mc: rows of A in a block, a multiple of the micro-tile's rows.</summary>
    public static int Rows<T>(int microRows)
        where T : unmanaged => Math.Max(
            1, BlockBytesA / (Depth * System.Runtime.CompilerServices.Unsafe.SizeOf<T>()) / microRows) * microRows;

    /// <summary>nc: columns of B in a panel, a multiple of the micro-tile's columns.</summary>
    public static int Columns<T>(int microColumns)
        where T : unmanaged => Math.Max(
            1,
            PanelBytesB / (Depth * System.Runtime.CompilerServices.Unsafe.SizeOf<T>()) / microColumns) * microColumns;
}
