using System.Runtime.InteropServices;

namespace VemKernels.Benchmark.Reports;

/// <summary>The machine that ran a benchmark.</summary>
/// <param name="Name">Its processor.</param>
/// <param name="LogicalProcessors">Threads it can run at once.</param>
/// <param name="MemoryBytes">Memory that programs may have.</param>
/// <param name="OperatingSystem">Name and version.</param>
/// <param name="Architecture">Of the processor.</param>
/// <param name="Libraries">Versions of what computed: the runtime, vem.</param>
internal sealed record MachineInfo(
    string Name, int LogicalProcessors, long MemoryBytes, string OperatingSystem, string Architecture,
    IReadOnlyDictionary<string, string> Libraries)
{
    /// <summary>This machine.</summary>
    /// <param name="processor">The name of its processor.</param>
    public static MachineInfo Here(string processor) => new(
        processor,
        Environment.ProcessorCount,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        RuntimeInformation.OSDescription,
        $"{RuntimeInformation.OSArchitecture}",
        new Dictionary<string, string>
        {
            ["dotnet"] = RuntimeInformation.FrameworkDescription,
            ["vem"] = typeof(MachineInfo).Assembly.GetName().Version!.ToString(3),
        });
}
