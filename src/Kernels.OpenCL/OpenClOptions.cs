using VemKernels.Device;

namespace VemKernels.OpenCL;

/// <summary>How the OpenCL backend works; what is not given is found by itself.</summary>
public sealed record OpenClOptions : DeviceOptions
{
    /// <summary>
    /// Whether products run on packed panels and vectors instead of local memory; null for what is faster: on a
    /// processor they do.
    /// </summary>
    public bool? PackProducts { get; init; }
}
