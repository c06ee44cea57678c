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

    /// <summary>Backends that the design names and this build lacks.</summary>
    public static readonly string[] Absent = ["cuda"];

    /// <summary>
    /// The ids of all hardware that can compute here: the processor, and GPUs that OpenCL reaches. Other devices of
    /// OpenCL, such as the processor again, are for those who name them.
    /// </summary>
    public static IReadOnlyList<string> Present => [Simd, .. Gpus().Select(device => device.Id)];

    /// <summary>The driver of a backend's device, and its version; null for the processor, which has none.</summary>
    public static string? DriverOf(IBackend backend) => backend switch
    {
        SimdBackend => null,
        OpenClBackend openCl => $"{openCl.Device.Platform}, {openCl.Device.Driver}",
        _ => backend.Info.InstructionSet,
    };

    /// <summary>Reads the name of a backend.</summary>
    /// <exception cref="FormatException">This build has none of that name.</exception>
    public static string ParseId(string text) =>
        text is Auto or Simd or OpenCl || IsOpenClDevice(text) ? text
        : Absent.Contains(text) ? throw new FormatException($"{text} is not in this build; {Simd} is")
        : throw new FormatException($"expected {Auto}|{Simd}|{OpenCl}|{OpenCl}:0");

    /// <summary>Starts a backend.</summary>
    /// <param name="id">"auto", "simd", "opencl" or a device such as "opencl:0".</param>
    /// <param name="threads">Threads of the processor; 0 for one per core.</param>
    /// <exception cref="OptionException">There is no such backend.</exception>
    public static IBackend Create(string id, int threads) => id switch
    {
        Auto => Gpus() is [OpenClDevice gpu, ..] ? StartOpenCl(() => new OpenClBackend(gpu)) : new SimdBackend(threads),
        Simd => new SimdBackend(threads),
        _ when id == OpenCl || IsOpenClDevice(id) => StartOpenCl(() => new OpenClBackend(id)),
        _ => throw new OptionException("--backend", $"there is no backend {id} in this build; see vem devices"),
    };

    private static bool IsOpenClDevice(string text) =>
        text.StartsWith(OpenClDevices.IdPrefix, StringComparison.Ordinal)
            && int.TryParse(text[OpenClDevices.IdPrefix.Length..], out _);

    /// <summary>The GPUs of OpenCL whose drivers do not fail.</summary>
    private static IReadOnlyList<OpenClDevice> Gpus() => [.. OpenClDevices.List().Where(device => device.IsGpu)];

    private static OpenClBackend StartOpenCl(Func<OpenClBackend> start)
    {
        try
        {
            return start();
        }
        catch (Exception exception) when (exception is PlatformNotSupportedException or OpenClException)
        {
            throw new OptionException("--backend", ExceptionText.Brief(exception));
        }
    }
}
