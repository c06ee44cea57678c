using VemKernels.Cuda;
using VemKernels.OpenCL;
using VemKernels.Simd;

namespace VemKernels.Interop;

/// <summary>The backends of this library, by the names that callers give.</summary>
internal static class Backends
{
    private const string Auto = "auto";
    private const string Simd = "simd";
    private const string Cuda = "cuda";
    private const string OpenCl = "opencl";

    /// <summary>The ids of all devices that this machine has.</summary>
    public static string[] Present =>
        [Simd, .. CudaGpus().Select(device => device.Id), .. Devices().Select(device => device.Id)];

    /// <summary>Starts a backend.</summary>
    /// <exception cref="ArgumentException">
    /// There is none of that name in this library, or a negative number of threads.
    /// </exception>
    /// <exception cref="PlatformNotSupportedException">This machine has no such device.</exception>
    public static IBackend Create(string id, int threads)
    {
        if (threads < 0)
        {
            throw new ArgumentException($"threads is {threads}; expected 0 (one for each processor) or more.",
                nameof(threads));
        }

        return id switch
        {
            Auto when CudaGpus() is [CudaDevice first, ..] => new CudaBackend(first),
            Auto when Devices().FirstOrDefault(device => device.IsGpu) is { } gpu => new OpenClBackend(gpu),
            Auto or Simd => new SimdBackend(threads),
            _ when id == Cuda || IsDevice(id, CudaDevices.IdPrefix) => new CudaBackend(id),
            _ when id == OpenCl || IsDevice(id, OpenClDevices.IdPrefix) => new OpenClBackend(id),
            _ => throw new ArgumentException(
                $"id is \"{id}\"; expected {Auto}, {Simd}, {Cuda}, {OpenCl} or {Cuda}:0, {OpenCl}:0 and so on.",
                nameof(id)),
        };
    }

    private static bool IsDevice(string id, string prefix) =>
        id.StartsWith(prefix, StringComparison.Ordinal) && uint.TryParse(id[prefix.Length..], out _);

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
