using System.Text.Json;
using VemKernels.Benchmark.Roofs;

namespace VemKernels.Gpu;

/// <summary>Times every case and prints a line of JSON for each: seconds, the floor, and what bounds it.</summary>
internal static class KernelMode
{
    /// <summary>Doubles of each array of the bandwidth's measurement: 1 GB, which no cache holds.</summary>
    private const int ProbeElements = 1 << 27;

    private const int SmallProbeElements = 1 << 18;

    /// <summary>Runs the mode.</summary>
    public static void Run(Settings settings)
    {
        using IBackend backend = settings.Start();
        DeviceRoofs roofs = DeviceRoofs.Measure(
            backend, settings.IsSmall ? SmallProbeElements : ProbeElements, CancellationToken.None);
        Print(new { device = backend.Info.Name, backend.Info.InstructionSet, roofs.SingleFlops, roofs.DoubleFlops, roofs.Bandwidth });
        foreach (Case item in KernelCases.All(settings).Where(item => item.Name.Contains(settings.Filter, StringComparison.Ordinal)))
        {
            try
            {
                Measure(backend, item, roofs);
            }
            catch (InsufficientMemoryException exception)
            {
                Print(new { name = item.Name, error = exception.Message });
            }
        }
    }

    private static void Measure(IBackend backend, Case item, DeviceRoofs roofs)
    {
        using DeviceData data = new(backend);
        Action work = item.Prepare(data);
        double seconds = Timing.Median(work, data.Wait);
        double arithmetic = roofs.ArithmeticFloor(item.Cost);
        double memory = roofs.MemoryFloor(item.Cost);
        Print(new
        {
            name = item.Name, seconds, floor = Math.Max(arithmetic, memory),
            bound = arithmetic > memory ? "arithmetic" : "memory",
            flops = item.Cost.SingleFlops + item.Cost.DoubleFlops, bytes = item.Cost.Bytes,
        });
    }

    private static void Print(object line)
    {
        Console.WriteLine(JsonSerializer.Serialize(line));
        Console.Out.Flush();
    }
}
