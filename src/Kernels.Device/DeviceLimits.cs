namespace VemKernels.Device;

/// <summary>What a device has. Tests make a device look poorer than it is.</summary>
/// <param name="MemoryBytes">Memory of the device.</param>
/// <param name="LargestAllocationBytes">The largest single buffer.</param>
/// <param name="LocalMemoryBytes">Memory that a work-group shares.</param>
/// <param name="WorkGroupSize">The most items of a work-group.</param>
/// <param name="HasDouble">Whether it computes in double precision.</param>
public sealed record DeviceLimits(
    long MemoryBytes, long LargestAllocationBytes, long LocalMemoryBytes, int WorkGroupSize, bool HasDouble);
