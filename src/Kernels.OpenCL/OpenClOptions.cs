namespace VemKernels.OpenCL;

/// <summary>How the OpenCL backend works; what is not given is found by itself.</summary>
public sealed record OpenClOptions
{
    /// <summary>
    /// Limits to keep instead of the device's own: no more than the device has. For tests of poor devices.
    /// </summary>
    public OpenClLimits? Limits { get; init; }

    /// <summary>The folder of compiled programs; null for VEM_CACHE, or the user's cache folder.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>
    /// Whether factorisations run on the host; null for what is faster: on the host if the device is the processor, or
    /// lacks double.
    /// </summary>
    public bool? FactoriseOnHost { get; init; }

    /// <summary>
    /// Whether products run on packed panels and vectors instead of local memory; null for what is faster: on a
    /// processor they do.
    /// </summary>
    public bool? PackProducts { get; init; }
}
