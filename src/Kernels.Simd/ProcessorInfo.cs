using System.Runtime.InteropServices;

namespace VemKernels.Simd;

/// <summary>The processor's own name.</summary>
internal static class ProcessorInfo
{
    private const string LinuxProcessorFile = "/proc/cpuinfo";

    public static string Name()
    {
        if (File.Exists(LinuxProcessorFile))
        {
            foreach (string line in File.ReadLines(LinuxProcessorFile))
            {
                if (line.StartsWith("model name", StringComparison.Ordinal))
                {
                    return line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
                }
            }
        }

        return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
            ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
