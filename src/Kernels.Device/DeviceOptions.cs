namespace VemKernels.Device;

/// <summary>How a device backend works; what is not given is found by itself.</summary>
public record DeviceOptions
{
    /// <summary>
    /// Limits to keep instead of the device's own: no more than the device has. For tests of poor devices.
    /// </summary>
    public DeviceLimits? Limits { get; init; }

    /// <summary>The folder of compiled programs; null for VEM_CACHE, or the user's cache folder.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>
    /// Whether factorisations run on the host; null for what is faster: on the host if the device is the processor, or
    /// lacks double.
    /// </summary>
    public bool? FactoriseOnHost { get; init; }

    /// <summary>
    /// Whether the next tile of responses is sent while one is computed on, which takes the memory of a second tile;
    /// null: unless the device is the processor, which copies with the cores that it computes with, and was 7 % slower
    /// for it (docs/performance-log.md, PoCL on two cores).
    /// </summary>
    public bool? SendsAhead { get; init; }

    /// <summary>For tests of devices that run out of memory: whether a buffer of so many bytes is refused.</summary>
    internal Func<long, bool>? RefusesBuffer { get; init; }
}
