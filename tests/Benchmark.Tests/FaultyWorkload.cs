using VemKernels.Benchmark.Workloads;

namespace VemKernels.Benchmark.Tests;

/// <summary>A workload that cannot be prepared on a device.</summary>
internal static class FaultyWorkload
{
    public static Workload Throws(string name, Exception exception) =>
        TinyWorkloads.Faked(name, 2, 0) with { Prepare = _ => throw exception };
}
