using VemKernels.Device;

namespace VemKernels.OpenCL;

/// <summary>A device that OpenCL reaches, and what it can do.</summary>
/// <param name="Id">The name users give: "opencl:0", in the order of platforms and their devices.</param>
/// <param name="Name">The device's own name.</param>
/// <param name="Vendor">Who made it.</param>
/// <param name="Platform">The platform, which is the driver's name.</param>
/// <param name="Driver">The driver's version.</param>
/// <param name="Version">The version of OpenCL that it supports.</param>
/// <param name="IsProcessor">Whether it is the processor itself.</param>
/// <param name="IsGpu">Whether it is a graphics processor.</param>
/// <param name="ComputeUnits">How many parts work at once.</param>
/// <param name="VectorBytes">Size of the vectors that one item computes on at once.</param>
/// <param name="Limits">Memory, work-groups, double precision.</param>
public sealed record OpenClDevice(
    string Id, string Name, string Vendor, string Platform, string Driver, string Version, bool IsProcessor,
    bool IsGpu, int ComputeUnits,
    int VectorBytes, DeviceLimits Limits)
{
    /// <summary>The platform's handle.</summary>
    internal nint PlatformHandle { get; init; }

    /// <summary>The device's handle.</summary>
    internal nint Handle { get; init; }
}
