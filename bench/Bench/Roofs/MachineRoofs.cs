using VemKernels.Benchmark.Roofs;
using VemKernels.Simd;

namespace VemKernels.Bench.Roofs;

/// <summary>What the machine gave at most while it was measured.</summary>
/// <param name="SingleFlops">Flops a second in float.</param>
/// <param name="DoubleFlops">Flops a second in double.</param>
/// <param name="ReadBandwidth">Bytes a second, reading.</param>
/// <param name="CopyBandwidth">Bytes a second, copying.</param>
/// <param name="TriadBandwidth">Bytes a second, a = b + s c.</param>
internal sealed record MachineRoofs(
    double SingleFlops, double DoubleFlops, double ReadBandwidth, double CopyBandwidth, double TriadBandwidth)
{
    /// <summary>Nothing measured yet.</summary>
    public static readonly MachineRoofs None = new(0, 0, 0, 0, 0);

    /// <summary>
    /// Measures several times on all threads and keeps the best of each: other load can only lower a rate.
    /// </summary>
    public static MachineRoofs Measure(InstructionSet set, int trials)
    {
        using WorkerPool pool = new();
        using MemoryBandwidth memory = new(set, pool);
        MachineRoofs best = None;
        for (int trial = 0; trial < trials; trial++)
        {
            best = best.Max(new(
                FmaPeak.Measure<float>(set, pool), FmaPeak.Measure<double>(set, pool), memory.Read(), memory.Copy(), memory.Triad()));
        }

        return best;
    }

    /// <summary>
    /// The shortest time that work can take: its arithmetic at the peak, or its memory traffic at the bandwidth of
    /// reading.
    /// </summary>
    /// <returns>Seconds.</returns>
    public double Floor(WorkCost cost) => Math.Max(
        (cost.SingleFlops / SingleFlops) + (cost.DoubleFlops / DoubleFlops), cost.Bytes / ReadBandwidth);

    /// <summary>Whether memory traffic takes longer than arithmetic.</summary>
    public bool IsBoundByMemory(WorkCost cost) =>
        cost.Bytes / ReadBandwidth > (cost.SingleFlops / SingleFlops) + (cost.DoubleFlops / DoubleFlops);

    /// <summary>The better of each rate.</summary>
    public MachineRoofs Max(MachineRoofs other) => new(
        Math.Max(SingleFlops, other.SingleFlops),
        Math.Max(DoubleFlops, other.DoubleFlops),
        Math.Max(ReadBandwidth, other.ReadBandwidth),
        Math.Max(CopyBandwidth, other.CopyBandwidth),
        Math.Max(TriadBandwidth, other.TriadBandwidth));
}
