namespace VemKernels.Benchmark.Roofs;

/// <summary>The most that a device gave while it was measured.</summary>
/// <param name="SingleFlops">Flops a second in float.</param>
/// <param name="DoubleFlops">Flops a second in double; 0 where the device has none.</param>
/// <param name="Bandwidth">Bytes a second to and from its memory.</param>
/// <param name="ProcessorShare">
/// The least share of the threads' time that this process got while peaks were measured; null for another device than
/// the processor. See <see cref="PeakShare"/>.
/// </param>
internal sealed record DeviceRoofs(
    double SingleFlops, double DoubleFlops, double Bandwidth, double? ProcessorShare = null)
{
    private const int Trials = 3;

    /// <summary>Measures several times and keeps the best of each: other load can only lower a rate.</summary>
    /// <param name="backend">What to measure.</param>
    /// <param name="elements">Doubles in each array of the measurement of bandwidth.</param>
    /// <param name="cancellation">Stops between two measurements.</param>
    public static DeviceRoofs Measure(IBackend backend, nint elements, CancellationToken cancellation)
    {
        DeviceRoofs best = new(0, 0, 0);
        PeakShare share = new();
        using BandwidthProbe memory = new(backend, elements);
        for (int trial = 0; trial < Trials; trial++)
        {
            cancellation.ThrowIfCancellationRequested();
            best = best.Max(new(
                share.Measure(backend, backend.MeasurePeak<float>), share.Measure(backend, () => DoublePeak(backend)),
                memory.Measure()));
            share = trial == 0 ? new() : share; // The first trial compiles what it runs, on one thread.
        }

        return best with { ProcessorShare = share.Share };
    }

    /// <summary>The better of each, and the lesser share.</summary>
    public DeviceRoofs Max(DeviceRoofs other) => new(
        Math.Max(SingleFlops, other.SingleFlops),
        Math.Max(DoubleFlops, other.DoubleFlops),
        Math.Max(Bandwidth, other.Bandwidth),
        Lesser(ProcessorShare, other.ProcessorShare));

    /// <summary>The shortest time that the arithmetic of work can take, in seconds.</summary>
    public double ArithmeticFloor(WorkCost cost) =>
        Share(cost.SingleFlops, SingleFlops) + Share(cost.DoubleFlops, DoubleFlops);

    /// <summary>The shortest time that the memory traffic of work can take, in seconds.</summary>
    public double MemoryFloor(WorkCost cost) => Share(cost.Bytes, Bandwidth);

    private static double Share(double amount, double rate) => amount == 0 ? 0 : amount / rate;

    private static double? Lesser(double? a, double? b) => a is null || b < a ? b ?? a : a;

    private static double DoublePeak(IBackend backend)
    {
        try
        {
            return backend.MeasurePeak<double>();
        }
        catch (NotSupportedException)
        {
            return 0;
        }
    }
}
