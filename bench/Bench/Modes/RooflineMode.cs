using System.Globalization;
using System.Runtime.InteropServices;
using VemKernels.Bench.Cases;
using VemKernels.Bench.Inputs;
using VemKernels.Bench.Roofs;
using VemKernels.Simd;

namespace VemKernels.Bench.Modes;

/// <summary>
/// What each operation of the CPU backend reaches of what the machine could do at best; prints a Markdown table. Every
/// operation of <see cref="IBackend"/> is in it but those that compute nothing; one that lacks a case is an error.
/// </summary>
internal static class RooflineMode
{
    private const int Repeats = 3;
    private const int RoofTrials = 5;

    /// <summary>Longer work tells little that the same operation on a smaller shape does not tell.</summary>
    private const double LongestFloor = 0.25;

    /// <summary>What owns memory, runs others' work, or is a roof itself.</summary>
    private static readonly string[] NoKernels =
    [
        nameof(IBackend.ForEach), nameof(IBackend.Allocate), nameof(IBackend.Rent), nameof(IBackend.KeepWorkspace),
        nameof(IBackend.TryAdopt), nameof(IBackend.MeasurePeak),
    ];

    /// <summary>Arguments: [--inputs FOLDER] [--filter PART-OF-NAME].</summary>
    /// <returns>0, or 1 where an operation has no case.</returns>
    public static int Run(Arguments arguments)
    {
        string[] missing = [.. Operations().Except(CaseCatalog.All.Select(item => item.Kernel!))];
        if (missing.Length > 0)
        {
            Console.Error.WriteLine($"Operations without a case: {string.Join(", ", missing)}.");
            return 1;
        }

        bool stopped = false;
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = !stopped;
            stopped = true;
        });
        using TemporaryFolder temporary = new();
        InputFolder inputs = arguments.Has("--inputs") ? new(arguments.Text("--inputs")!) : temporary.Inputs;
        using SimdBackend backend = new();
        using CaseSession session = new(backend, inputs);
        MachineRoofs roofs = MachineRoofs.Measure(backend.InstructionSet, RoofTrials);
        List<(Case Case, double Seconds)> measured = [];
        string filter = arguments.Text("--filter") ?? string.Empty;
        foreach (Case item in CaseCatalog.All.Where(item =>
            item.Kernel is not null && roofs.Floor(item.Cost) < LongestFloor
            && item.Name.Contains(filter, StringComparison.Ordinal)))
        {
            if (stopped)
            {
                break;
            }

            double[] seconds = [.. Enumerable.Range(0, Repeats).Select(_ => session.Run(item)).Order()];
            measured.Add((item, seconds[Repeats / 2]));
            Console.Error.WriteLine($"{item.Name}: {seconds[Repeats / 2] * 1e3:0.###} ms");
        }

        roofs = roofs.Max(MachineRoofs.Measure(backend.InstructionSet, RoofTrials));
        Print(backend, roofs, measured, stopped);
        return 0;
    }

    private static IEnumerable<string> Operations() => typeof(IBackend).GetMethods()
        .Where(method => !method.IsSpecialName).Select(method => method.Name).Distinct().Except(NoKernels);

    private static void Print(
        SimdBackend backend, MachineRoofs roofs, List<(Case Case, double Seconds)> measured, bool stopped)
    {
        Line($"{DateTime.Now:d MMMM yyyy}; {MachineLoad.Describe()}; {backend.Info.InstructionSet}, {backend.Info.Threads} threads; medians of {Repeats}.");
        Line($"Roofs: {roofs.SingleFlops / 1e9:0} Gflop/s float, {roofs.DoubleFlops / 1e9:0} double; memory {roofs.ReadBandwidth / 1e9:0} GB/s read, {roofs.CopyBandwidth / 1e9:0} copy.");
        if (stopped)
        {
            Line($"Stopped after {measured.Count} cases.");
        }

        Line($"");
        Line($"| operation | work | type | Mflop | MB | flops / byte | bound by | floor, ms | reached, ms | floor / reached |");
        Line($"| --- | --- | --- | ---: | ---: | ---: | --- | ---: | ---: | ---: |");
        foreach ((Case item, double seconds) in measured)
        {
            double flops = item.Cost.SingleFlops + item.Cost.DoubleFlops, floor = roofs.Floor(item.Cost);
            string bound = roofs.IsBoundByMemory(item.Cost) ? "memory" : "arithmetic";
            Line($"| {item.Kernel} | {item.Work} | {item.ElementType} | {flops / 1e6:0.###} | {item.Cost.Bytes / 1e6:0.###} | {flops / item.Cost.Bytes:0.##} | {bound} | {floor * 1e3:0.000} | {seconds * 1e3:0.000} | {floor / seconds:0%} |");
        }
    }

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
