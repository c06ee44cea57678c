using VemKernels.Device;

namespace VemKernels.OpenCL;

/// <summary>
/// The OpenCL backend: one device, its own memory. Operations are queued on the device; <see cref="IBackend.Download"/>
/// waits for what it reads.
/// </summary>
/// <remarks>What it shares with other devices is in <see cref="DeviceBackend"/>.</remarks>
public sealed partial class OpenClBackend : DeviceBackend
{
    private readonly PackedGemmTuning _packedSingle;
    private readonly PackedGemmTuning _packedDouble;

    /// <summary>Starts the backend on a device.</summary>
    /// <param name="id">
    /// "opencl:0" and so on; "opencl" for the first GPU, or the first device where there is none.
    /// </param>
    /// <param name="options">How it works; null for what suits the device.</param>
    /// <exception cref="PlatformNotSupportedException">
    /// There is no OpenCL on this machine, or no such device.
    /// </exception>
    /// <exception cref="OpenClException">The driver fails.</exception>
    public OpenClBackend(string id = "opencl", OpenClOptions? options = null)
        : this(OpenClDevices.Find(id), options)
    {
    }

    /// <summary>Starts the backend on a device that <see cref="OpenClDevices.List"/> has found.</summary>
    /// <exception cref="OpenClException">The driver fails.</exception>
    public OpenClBackend(OpenClDevice device, OpenClOptions? options = null)
        : this(device, options ?? new OpenClOptions(), OpenClTuner.Stored(device, options ?? new OpenClOptions()))
    {
    }

    private OpenClBackend(OpenClDevice device, OpenClOptions options, DeviceTuning tuning)
        : base(OpenClRuntime.Open(device, options), options, tuning)
    {
        Device = device;
        Options = options;
        _packedSingle = PackedGemmTuning.For<float>(device, tuning);
        _packedDouble = PackedGemmTuning.For<double>(device, tuning);
    }

    /// <summary>The device.</summary>
    public OpenClDevice Device { get; }

    /// <summary>How the backend works.</summary>
    public OpenClOptions Options { get; }

    /// <inheritdoc/>
    private protected override (int Lanes, string Definitions) PeakVector<T>()
    {
        // A processor's lanes are the elements of a vector; a GPU's are the items of a group.
        if (!Options.WorksAsProcessor(Device))
        {
            return base.PeakVector<T>();
        }

        int lanes = typeof(T) == typeof(float) ? 16 : 8;
        string type = typeof(T) == typeof(float) ? "float" : "double";
        return (lanes, $"-D REAL_PEAK_VECTOR={type}{lanes} -D PEAK_FIRST(x)=(x).s0");
    }

    /// <inheritdoc/>
    private protected override IReadOnlyList<(string Source, string Definitions)> Programs<T>()
    {
        List<(string Source, string Definitions)> programs = [.. base.Programs<T>()];
        if (Options.WorksAsProcessor(Device))
        {
            programs.Add((RowsSource, string.Empty));
            PackedGemmTuning tuning = typeof(T) == typeof(float) ? _packedSingle : _packedDouble;
            programs.Add((PackedGemmTuning.Source, tuning.Definitions<T>()));
        }

        return programs;
    }
}
