namespace VemKernels.Device;

/// <summary>How native/common/gemm.cl cuts a product: tiles of a work-group, and its items.</summary>
/// <param name="TileM">Rows of C of a group.</param>
/// <param name="TileN">Columns of C of a group.</param>
/// <param name="TileK">Products staged at a time.</param>
/// <param name="GroupX">Items along the columns.</param>
/// <param name="GroupY">Items along the rows.</param>
internal sealed record GemmTuning(int TileM, int TileN, int TileK, int GroupX, int GroupY)
{
    /// <summary>
    /// Groups of 256 items and 16 KB of local memory in double: what any GPU of the last ten years has.
    /// </summary>
    private static readonly GemmTuning Usual = new(64, 64, 16, 16, 16);

    /// <summary>
    /// Groups of 64 items and 4 KB of local memory in double: the least that devices of OpenCL 1.2 in use have.
    /// </summary>
    private static readonly GemmTuning Smallest = new(32, 32, 8, 8, 8);

    /// <summary>The values as options of the compiler.</summary>
    public string Definitions =>
        $"-D TILE_M={TileM} -D TILE_N={TileN} -D TILE_K={TileK} -D GROUP_X={GroupX} -D GROUP_Y={GroupY}";

    /// <summary>What fits a device.</summary>
    public static GemmTuning For(DeviceLimits limits) =>
        limits.WorkGroupSize >= Usual.GroupX * Usual.GroupY && limits.LocalMemoryBytes >= Usual.LocalBytes ? Usual
            : Smallest;

    /// <summary>Local memory of a group, in double.</summary>
    private long LocalBytes => (long)TileK * (TileM + TileN) * sizeof(double);
}
