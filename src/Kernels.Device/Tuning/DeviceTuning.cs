namespace VemKernels.Device;

/// <summary>
/// Values that were measured on a device: for a kernel source and an element type, its tile sizes by name. What is
/// absent has a default that works anywhere.
/// </summary>
internal sealed class DeviceTuning
{
    /// <summary>Nothing was measured.</summary>
    public static readonly DeviceTuning None = new(new Dictionary<string, IReadOnlyDictionary<string, int>>());

    /// <summary>Takes values by "source type": "gemm float".</summary>
    public DeviceTuning(IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> kernels) => Kernels = kernels;

    /// <summary>All values by "source type".</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> Kernels { get; }

    /// <summary>The values of a source; null where none were measured.</summary>
    public IReadOnlyDictionary<string, int>? Of<T>(string source)
        where T : unmanaged => Kernels.GetValueOrDefault(NameOf<T>(source));

    /// <summary>The same with other values for a source.</summary>
    public DeviceTuning With<T>(string source, IReadOnlyDictionary<string, int> values)
        where T : unmanaged => new(new Dictionary<string, IReadOnlyDictionary<string, int>>(Kernels)
        {
            [NameOf<T>(source)] = values,
        });

    /// <summary>"gemm float".</summary>
    public static string NameOf<T>(string source)
        where T : unmanaged => $"{source} {(typeof(T) == typeof(float) ? "float" : "double")}";
}
