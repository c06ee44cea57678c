using System.Numerics;
using VemKernels.Benchmark.Checks;

namespace VemKernels.Benchmark.Workloads;

/// <summary>One operation of a backend on memory of the device.</summary>
/// <param name="Operation">What is timed.</param>
/// <param name="Result">What it writes last.</param>
/// <param name="Check">Compares its results on the host.</param>
/// <typeparam name="T">float or double.</typeparam>
internal sealed record KernelParts<T>(
    Action<CancellationToken> Operation, DeviceView<T> Result, Func<IReadOnlyList<CheckResult>> Check)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What the operation overwrites, and what was there before; null where it overwrites no input.</summary>
    public (DeviceView<T> Original, DeviceView<T> Working)? InPlace { get; init; }
}
