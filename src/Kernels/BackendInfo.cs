namespace VemKernels;

/// <summary>What a backend runs on.</summary>
/// <param name="Id">The name users give: "simd", "cuda:0", "opencl:0".</param>
/// <param name="Name">The device's own name, such as the processor's.</param>
/// <param name="InstructionSet">The instruction set in use: "AVX-512", "AVX2", "Vector128".</param>
/// <param name="Threads">How many threads (or compute units) work at once.</param>
/// <param name="MemoryBytes">Memory that the device has.</param>
/// <param name="SharesHostMemory">Whether host memory can be adopted without a copy.</param>
/// <param name="PreferredTile">How many targets at a time keep this device busy.</param>
public sealed record BackendInfo(
    string Id, string Name, string InstructionSet, int Threads, long MemoryBytes, bool SharesHostMemory,
    int PreferredTile)
{
    /// <summary>The largest single matrix that the device allows.</summary>
    public long LargestAllocationBytes { get; init; } = long.MaxValue;

    /// <summary>
    /// Targets at a time for which an operation borrows scratch memory, whatever the width of its tile.
    /// </summary>
    public int ScratchTile { get; init; } = 768;

    /// <summary>
    /// Whether operations stack in scratch memory what a processor keeps in its cache: the held-out rows of all folds,
    /// the products of all kernels.
    /// </summary>
    public bool StacksInScratch { get; init; }

    /// <summary>
    /// Whether the device is sent data while it computes, so that it pays to bring the next tile of targets meanwhile.
    /// </summary>
    public bool TransfersWhileComputing { get; init; }

    /// <summary>
    /// Bytes of scratch memory for bytes that are asked for: where buffers are kept for reuse, their sizes are powers
    /// of two and the steps half-way.
    /// </summary>
    public long ScratchBytes(long bytes) => StacksInScratch ? bytes + (bytes / 2) : bytes;

    /// <summary>
    /// How many targets at a time: the preferred number, or fewer where a matrix of so many rows of them would be
    /// larger than the device allows.
    /// </summary>
    public int TileOf<T>(long rows)
        where T : unmanaged
    {
        long size = typeof(T) == typeof(float) ? sizeof(float) : sizeof(double);
        return (int)Math.Clamp(LargestAllocationBytes / (Math.Max(rows, 1) * size), 1, PreferredTile);
    }
}
