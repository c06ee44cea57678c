namespace VemKernels.Device;

/// <summary>How native/common/gemm.cl cuts a product: tiles of a work-group, and its items.</summary>
/// <param name="TileM">Rows of C of a group.</param>
/// <param name="TileN">Columns of C of a group.</param>
/// <param name="TileK">Products staged at a time.</param>
/// <param name="GroupX">Items along the columns.</param>
/// <param name="GroupY">Items along the rows.</param>
/// <param name="Vector">Elements that move at once: 1 or 4.</param>
internal sealed record GemmTuning(int TileM, int TileN, int TileK, int GroupX, int GroupY, int Vector)
{
    /// <summary>The source's name.</summary>
    public const string Source = "gemm";

    /// <summary>Elements of C that an item may hold in registers.</summary>
    private const int MostPerItem = 64;

    /// <summary>
    /// Groups of 256 items and 16 KB of local memory in double: what any GPU of the last ten years has.
    /// </summary>
    private static readonly GemmTuning Usual = new(64, 64, 16, 16, 16, 4);

    /// <summary>
    /// Groups of 64 items and 4 KB of local memory in double: the least that devices of OpenCL 1.2 in use have.
    /// </summary>
    private static readonly GemmTuning Smallest = new(32, 32, 8, 8, 8, 4);

    /// <summary>
    /// What tuning tries: wider tiles for devices with many registers, smaller groups for those with few.
    /// </summary>
    private static readonly GemmTuning[] Tried =
    [
        Usual, Smallest, new(64, 64, 16, 16, 16, 1), new(32, 32, 8, 8, 8, 1), new(64, 64, 8, 16, 16, 4),
        new(128, 64, 16, 16, 16, 4), new(64, 128, 16, 16, 16, 4), new(128, 128, 8, 16, 16, 4),
        new(128, 128, 16, 16, 16, 4), new(128, 128, 8, 16, 16, 1), new(64, 64, 16, 8, 8, 4), new(32, 64, 16, 16, 8, 4),
        new(32, 32, 16, 16, 16, 1), new(64, 32, 16, 8, 16, 4),
    ];

    /// <summary>The values as options of the compiler.</summary>
    public string Definitions =>
        $"-D TILE_M={TileM} -D TILE_N={TileN} -D TILE_K={TileK} -D GROUP_X={GroupX} -D GROUP_Y={GroupY} "
        + $"-D VECTOR_N={Vector}";

    /// <summary>The values by name, as a database keeps them.</summary>
    public IReadOnlyDictionary<string, int> Values => new Dictionary<string, int>
    {
        [nameof(TileM)] = TileM, [nameof(TileN)] = TileN, [nameof(TileK)] = TileK, [nameof(GroupX)] = GroupX,
        [nameof(GroupY)] = GroupY, [nameof(Vector)] = Vector,
    };

    /// <summary>What fits a device: what was measured on it, if that is there and fits, or the default.</summary>
    public static GemmTuning For<T>(DeviceLimits limits, DeviceTuning tuning)
        where T : unmanaged =>
        From(tuning.Of<T>(Source)) is { } measured && measured.Fits<T>(limits) ? measured : Default(limits);

    /// <summary>The default first, then what else fits the device.</summary>
    public static IReadOnlyList<GemmTuning> Candidates<T>(DeviceLimits limits)
        where T : unmanaged
    {
        GemmTuning first = Default(limits);
        return [first, .. Tried.Where(candidate => candidate != first && candidate.Fits<T>(limits))];
    }

    private static GemmTuning Default(DeviceLimits limits) =>
        limits.WorkGroupSize >= Usual.GroupX * Usual.GroupY
            && limits.LocalMemoryBytes >= Usual.LocalBytes(sizeof(double)) ? Usual : Smallest;

    /// <summary>The values of a database; null where one is missing.</summary>
    private static GemmTuning? From(IReadOnlyDictionary<string, int>? values) =>
        values is not null && values.TryGetValue(nameof(TileM), out int m)
            && values.TryGetValue(nameof(TileN), out int n) && values.TryGetValue(nameof(TileK), out int k)
            && values.TryGetValue(nameof(GroupX), out int x) && values.TryGetValue(nameof(GroupY), out int y)
            && values.TryGetValue(nameof(Vector), out int vector) ? new GemmTuning(m, n, k, x, y, vector) : null;

    /// <summary>Whether the kernel can be built with these values and the device runs it.</summary>
    private bool Fits<T>(DeviceLimits limits)
        where T : unmanaged =>
        TileM > 0 && TileN > 0 && TileK > 0 && GroupX > 0 && GroupY > 0 && TileM % GroupY == 0 && TileN % GroupX == 0
            && (Vector == 1 || (Vector == 4 && TileM % 4 == 0 && TileK % 4 == 0 && TileN / GroupX % 4 == 0))
            && (long)(TileM / GroupY) * (TileN / GroupX) <= MostPerItem
            && (long)GroupX * GroupY <= limits.WorkGroupSize
            && LocalBytes(typeof(T) == typeof(float) ? sizeof(float) : sizeof(double)) <= limits.LocalMemoryBytes;

    /// <summary>Local memory of a group.</summary>
    private long LocalBytes(int elementBytes) => (long)TileK * (TileM + (long)TileN) * elementBytes;
}
