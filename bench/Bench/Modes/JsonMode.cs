using VemKernels.Bench.Cases;
using VemKernels.Bench.Inputs;
using VemKernels.Bench.Roofs;
using VemKernels.Simd;

namespace VemKernels.Bench.Modes;

/// <summary>Times every case some times and prints one JSON document: roofs of the machine, and medians.</summary>
internal static class JsonMode
{
    private const int DefaultRepeats = 5;
    private const int RoofTrials = 5;

    /// <summary>Arguments: [--repeats N] [--quick] [--filter PART-OF-NAME] [--backend ID].</summary>
    public static void Run(Arguments arguments)
    {
        int repeats = Math.Max(DefaultRepeats, arguments.Integer("--repeats", DefaultRepeats));
        string filter = arguments.Text("--filter") ?? string.Empty;
        bool quick = arguments.Has("--quick");

        using TemporaryFolder inputs = new();
        using IBackend backend = BenchBackend.Start(arguments.Text("--backend"));
        using SimdBackend processor = new();
        using CaseSession session = new(backend, inputs.Inputs);
        MachineRoofs roofs = MachineRoofs.Measure(processor.InstructionSet, RoofTrials);
        IEnumerable<Case> cases = CaseCatalog.All.Where(item => (item.Quick || !quick) && item.Name.Contains(filter, StringComparison.Ordinal));
        JsonLine.Write(new { Backend = backend.Info, Roofs = roofs, Cases = cases.Select(item => Measure(session, item, repeats, roofs)).ToArray() });
    }

    private static Timing Measure(CaseSession session, Case item, int repeats, MachineRoofs roofs)
    {
        double[] seconds = [.. Enumerable.Range(0, repeats).Select(_ => session.Run(item)).Order()];
        double median = (seconds[(repeats - 1) / 2] + seconds[repeats / 2]) / 2;
        return new(item.Name, item.Work, item.ElementType, repeats, median, seconds[0], seconds[^1], median / roofs.Floor(item.Cost));
    }

    private sealed record Timing(
        string Name, string Work, string ElementType, int Repeats, double MedianSeconds, double ShortestSeconds, double LongestSeconds, double OverFloor);
}
