using VemKernels.Device;

namespace VemKernels.OpenCL;

/// <summary>How the OpenCL backend works; what is not given is found by itself.</summary>
public sealed record OpenClOptions : DeviceOptions
{
    /// <summary>
    /// Whether kernels work as processors like it: products on packed panels and vectors instead of local memory,
    /// elementwise operations along rows. Null for what is faster: on a processor they do.
    /// </summary>
    public bool? PackProducts { get; init; }

    /// <summary>The same for a device.</summary>
    internal bool WorksAsProcessor(OpenClDevice device) => PackProducts ?? device.IsProcessor;

    /// <summary>Values to work with instead of those that were stored by tuning: for tuning itself.</summary>
    internal DeviceTuning? Tuning { get; init; }
}
