namespace VemKernels.Benchmark.Roofs;

/// <summary>The most that a device gave while it was measured.</summary>
/// <param name="SingleFlops">Flops a second in float.</param>
/// <param name="DoubleFlops">Flops a second in double; 0 where the device has none.</param>
/// <param name="Bandwidth">Bytes a second to and from its memory.</param>
internal sealed record DeviceRoofs(double SingleFlops, double DoubleFlops, double Bandwidth)
{
    private const int Trials = 3;

    /// <summary>Measures several times and keeps the best of each: other load can only lower a rate.</summary>
    /// <param name="backend">What to measure.</param>
    /// <param name="elements">Doubles in each array of the measurement of bandwidth.</param>
    /// <param name="cancellation">Stops between two measurements.</param>
    public static DeviceRoofs Measure(IBackend backend, nint elements, CancellationToken cancellation)
    {
        DeviceRoofs best = new(0, 0, 0);
        using BandwidthProbe memory = new(backend, elements);
        for (int trial = 0; trial < Trials; trial++)
        {
            cancellation.ThrowIfCancellationRequested();
            best = best.Max(new(backend.MeasurePeak<float>(), DoublePeak(backend), memory.Measure()));
        }

        return best;
    }

    /// <summary>The better of each.</summary>
    public DeviceRoofs Max(DeviceRoofs other) => new(
        Math.Max(SingleFlops, other.SingleFlops),
        Math.Max(DoubleFlops, other.DoubleFlops),
        Math.Max(Bandwidth, other.Bandwidth));

    /// <summary>The shortest time that the arithmetic of work can take, in seconds.</summary>
    public double ArithmeticFloor(WorkCost cost) =>
        Share(cost.SingleFlops, SingleFlops) + Share(cost.DoubleFlops, DoubleFlops);

    /// <summary>The shortest time that the memory traffic of work can take, in seconds.</summary>
    public double MemoryFloor(WorkCost cost) => Share(cost.Bytes, Bandwidth);

    private static double Share(double amount, double rate) => amount == 0 ? 0 : amount / rate;

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
