using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// Block sizes of the packed gemm (Van Zee and van de Geijn, "BLIS", ACM TOMS 41(3), 2015, section 4): a micro-panel of
/// A (MR x Depth) stays in the first-level cache while it is used, a block of A (Rows x Depth) and a micro-panel of B
/// in the second level, panels of B (Depth x Columns) in the third. They do not depend on the number of threads, the
/// depth not on the machine either: each element of C is summed in one order.
/// </summary>
internal static class GemmBlocking
{
    /// <summary>
    /// The share of the second-level cache that a block of A takes: the micro-panel of B and the tiles of C pass
    /// through it.
    /// </summary>
    private const int BlocksInSecondLevel = 3;

    /// <summary>
    /// The share of the third-level cache that a panel of B takes: there are two, and as many blocks of A.
    /// </summary>
    private const int PanelsInThirdLevel = 8;

    /// <summary>
    /// Bounds of a panel of B: under it, packing A again and again would cost; over it nothing is gained.
    /// </summary>
    private const int LeastPanelBytes = 1 << 20;

    private const int LargestPanelBytes = 4 << 20;

    /// <summary>The most rows of A in a block, where the depth is short.</summary>
    private const int LargestBlockRows = 512;

    /// <summary>
    /// kc: rows of B packed at a time. From 256 to 512 one thread is as fast (Zen 4 and 5); two threads on caches that
    /// others disturb are 3 to 10 % faster with 384 than with 256, as C is read and written less often.
    /// </summary>
    public const int Depth = 384;

    /// <summary>
    /// kc for a product of that depth: about <see cref="Depth"/>, but no block much shorter than the others, whose
    /// passes over C would be for little.
    /// </summary>
    public static nint DepthOf(nint depth)
    {
        nint blocks = Math.Max(1, (depth + (Depth / 2)) / Depth);
        nint each = (depth + blocks - 1) / blocks;
        return blocks == 1 ? each : (each + 7) / 8 * 8;
    }

    /// <summary>
    /// The size of blocks of about the wanted size, a multiple of the unit, with no short one at the end: its phase
    /// would read all of the other operand for little, and make all threads wait once more.
    /// </summary>
    public static nint Even(nint count, nint wanted, nint unit)
    {
        nint blocks = Math.Max(1, (count + (wanted / 2)) / wanted);
        nint each = (count + blocks - 1) / blocks;
        return (each + unit - 1) / unit * unit;
    }

    /// <summary>mc: rows of A in a block, a multiple of the micro-tile's rows.</summary>
    public static nint Rows<T>(int microRows, nint depth)
        where T : unmanaged
    {
        nint rows = CacheSizes.SecondLevel / BlocksInSecondLevel / (depth * Unsafe.SizeOf<T>());
        return Math.Clamp(rows / microRows, 1, LargestBlockRows / microRows) * microRows;
    }

    /// <summary>nc: columns of B in a panel, a multiple of the micro-tile's columns.</summary>
    public static nint Columns<T>(int microColumns, nint depth)
        where T : unmanaged
    {
        nint bytes = Math.Clamp(CacheSizes.ThirdLevel / PanelsInThirdLevel, LeastPanelBytes, LargestPanelBytes);
        return Math.Max(1, bytes / (depth * Unsafe.SizeOf<T>()) / microColumns) * microColumns;
    }
}
