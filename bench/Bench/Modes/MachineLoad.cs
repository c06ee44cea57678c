namespace VemKernels.Bench.Modes;

/// <summary>How busy the machine is with other things.</summary>
internal static class MachineLoad
{
    private const string LoadFile = "/proc/loadavg";

    /// <summary>In words.</summary>
    public static string Describe() =>
        $"load average {(File.Exists(LoadFile) ? File.ReadAllText(LoadFile).Split(' ')[0] : "unknown")}";
}
