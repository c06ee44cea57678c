using VemKernels.Benchmark.Roofs;

namespace VemKernels.Gpu;

/// <summary>An operation of the backend at a size.</summary>
/// <param name="Name">The name, which peers.py knows too.</param>
/// <param name="Cost">What the work needs at least.</param>
/// <param name="Prepare">Makes operands, and returns what queues the work.</param>
internal sealed record Case(string Name, WorkCost Cost, Func<DeviceData, Action> Prepare);
