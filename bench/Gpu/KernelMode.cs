using VemKernels.Benchmark.Roofs;

namespace VemKernels.Gpu;

/// <summary>Times every case and prints a line of JSON for each: seconds, the floor, and what bounds it.</summary>
internal static class KernelMode
{
    /// <summary>Doubles of each array of the bandwidth's measurement: 1 GB, which no cache holds.</summary>
    private const int ProbeElements = 1 << 27;

    private const int SmallProbeElements = 1 << 18;

    /// <summary>Runs the mode.</summary>
    /// <returns>0, or 1 where a case failed: its line has the error, and the others are timed all the same.</returns>
    public static int Run(Settings settings)
    {
        using IBackend backend = settings.Start();
        DeviceRoofs roofs = DeviceRoofs.Measure(
            backend, settings.IsSmall ? SmallProbeElements : ProbeElements, CancellationToken.None);
        JsonLine.Print(new { device = backend.Info.Name, backend.Info.InstructionSet, roofs.SingleFlops, roofs.DoubleFlops, roofs.Bandwidth });
        int failures = 0;
        foreach (Case item in KernelCases.All(settings).Where(item => item.Name.Contains(settings.Filter, StringComparison.Ordinal)))
        {
            try
            {
                Measure(backend, item, roofs);
            }
#pragma warning disable CA1031 // Any error is that case's result.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failures++;
                JsonLine.Print(new { name = item.Name, error = $"{exception.GetType().Name}: {exception.Message}" });
            }
        }

        return failures == 0 ? 0 : 1;
    }

    private static void Measure(IBackend backend, Case item, DeviceRoofs roofs)
    {
        using DeviceData data = new(backend);
        Action work = item.Prepare(data);
        double seconds = Timing.Median(work, data.Wait);
        double arithmetic = roofs.ArithmeticFloor(item.Cost);
        double memory = roofs.MemoryFloor(item.Cost);
        JsonLine.Print(new
        {
            name = item.Name, seconds, floor = Math.Max(arithmetic, memory),
            bound = arithmetic > memory ? "arithmetic" : "memory",
            flops = item.Cost.SingleFlops + item.Cost.DoubleFlops, bytes = item.Cost.Bytes,
        });
    }
}
