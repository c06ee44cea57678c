using VemKernels.Cuda;
using VemKernels.OpenCL;
using VemKernels.Simd;

namespace VemKernels.Cli;

/// <summary>Which backends this build has, and which one "auto" is.</summary>
internal static class BackendFactory
{
    /// <summary>The best backend at hand.</summary>
    public const string Auto = "auto";

    /// <summary>The processor.</summary>
    public const string Simd = "simd";

    /// <summary>The first GPU that OpenCL reaches, or its first device; "opencl:1" and so on name one.</summary>
    public const string OpenCl = "opencl";

    /// <summary>The first device of CUDA; "cuda:1" and so on name one.</summary>
    public const string Cuda = "cuda";

    /// <summary>
    /// The ids of all hardware that can compute here: the processor, NVIDIA's GPUs, and GPUs that OpenCL reaches. Other
    /// devices of OpenCL, such as the processor again, are for those who name them.
    /// </summary>
    public static IReadOnlyList<string> Present =>
        [Simd, .. CudaGpus().Select(device => device.Id), .. OpenClGpus().Select(device => device.Id)];

    /// <summary>The devices that are not among <see cref="Present"/>, and why, a line each.</summary>
    public static IReadOnlyList<string> LeftOut =>
    [
        .. OpenClDevices.List().Where(device => !device.IsGpu).Select(device =>
            $"{device.Id} is left out: its device is "
            + (device.IsProcessor
                ? $"the processor again ({device.Name}), which {Simd} measures" : $"no GPU ({device.Name})")
            + $"; --backend {device.Id} measures it"),
    ];

    /// <summary>The driver of a backend's device, and its version; null for the processor, which has none.</summary>
    public static string? DriverOf(IBackend backend) => backend switch
    {
        SimdBackend => null,
        CudaBackend cuda => $"CUDA {cuda.Device.Driver}",
        OpenClBackend openCl => $"{openCl.Device.Platform}, {openCl.Device.Driver}",
        _ => backend.Info.InstructionSet,
    };

    /// <summary>Reads the name of a backend.</summary>
    /// <exception cref="FormatException">This build has none of that name.</exception>
    public static string ParseId(string text) =>
        text is Auto or Simd or Cuda or OpenCl || IsDevice(text, CudaDevices.IdPrefix)
            || IsDevice(text, OpenClDevices.IdPrefix) ? text
        : throw new FormatException($"expected {Auto}|{Simd}|{Cuda}|{Cuda}:0|{OpenCl}|{OpenCl}:0");

    /// <summary>Starts a backend.</summary>
    /// <param name="id">"auto", "simd", "cuda", "opencl" or a device such as "cuda:0" and "opencl:0".</param>
    /// <param name="threads">Threads of the processor; 0 for one per core.</param>
    /// <exception cref="OptionException">There is no such backend.</exception>
    public static IBackend Create(string id, int threads) => id switch
    {
        Auto when CudaGpus() is [CudaDevice gpu, ..] => Start(() => new CudaBackend(gpu)),
        Auto when OpenClGpus() is [OpenClDevice gpu, ..] => Start(() => new OpenClBackend(gpu)),
        Auto or Simd => new SimdBackend(threads),
        _ when id == Cuda || IsDevice(id, CudaDevices.IdPrefix) => Start(() => new CudaBackend(id)),
        _ when id == OpenCl || IsDevice(id, OpenClDevices.IdPrefix) => Start(() => new OpenClBackend(id)),
        _ => throw new OptionException("--backend", $"there is no backend {id} in this build; see vem devices"),
    };

    private static bool IsDevice(string text, string prefix) =>
        text.StartsWith(prefix, StringComparison.Ordinal) && uint.TryParse(text[prefix.Length..], out _);

    /// <summary>The devices of CUDA. A driver that fails is no reason not to compute elsewhere.</summary>
    private static IReadOnlyList<CudaDevice> CudaGpus()
    {
        try
        {
            return CudaDevices.List();
        }
        catch (CudaException)
        {
            return [];
        }
    }

    /// <summary>The GPUs of OpenCL whose drivers do not fail.</summary>
    private static IReadOnlyList<OpenClDevice> OpenClGpus() =>
        [.. OpenClDevices.List().Where(device => device.IsGpu)];

    private static IBackend Start(Func<IBackend> start)
    {
        try
        {
            return start();
        }
        catch (Exception exception) when (
            exception is PlatformNotSupportedException or OpenClException or CudaException)
        {
            throw new OptionException("--backend", ExceptionText.Brief(exception));
        }
    }
}
