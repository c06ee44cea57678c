using VemKernels.OpenCL;
using VemKernels.Simd;

namespace VemKernels.Interop;

/// <summary>The backends of this library, by the names that callers give.</summary>
internal static class Backends
{
    private const string Auto = "auto";
    private const string Simd = "simd";
    private const string OpenCl = "opencl";

    /// <summary>The ids of all devices that this machine has.</summary>
    public static string[] Present => [Simd, .. Devices().Select(device => device.Id)];

    /// <summary>Starts a backend.</summary>
    /// <exception cref="ArgumentException">There is none of that name in this library, or a negative number of threads.</exception>
    /// <exception cref="PlatformNotSupportedException">This machine has no such device.</exception>
    public static IBackend Create(string id, int threads)
    {
        if (threads < 0)
        {
            throw new ArgumentException($"threads is {threads}; expected 0 (one for each processor) or more.", nameof(threads));
        }

        return id switch
        {
            Auto when Devices().FirstOrDefault(device => device.IsGpu) is { } gpu => new OpenClBackend(gpu),
            Auto or Simd => new SimdBackend(threads),
            OpenCl => new OpenClBackend(id),
            _ when IsDevice(id) => new OpenClBackend(id),
            _ => throw new ArgumentException($"id is \"{id}\"; expected {Auto}, {Simd}, {OpenCl} or {OpenCl}:0 and so on.", nameof(id)),
        };
    }

    private static bool IsDevice(string id) =>
        id.StartsWith(OpenClDevices.IdPrefix, StringComparison.Ordinal) && uint.TryParse(id[OpenClDevices.IdPrefix.Length..], out _);

    /// <summary>The devices of OpenCL. A driver that fails is no reason not to compute on the processor.</summary>
    private static IReadOnlyList<OpenClDevice> Devices()
    {
        try
        {
            return OpenClDevices.List();
        }
        catch (OpenClException)
        {
            return [];
        }
    }
}
