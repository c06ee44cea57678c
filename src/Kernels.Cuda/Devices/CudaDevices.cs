using System.Runtime.InteropServices;

namespace VemKernels.Cuda;

/// <summary>Lists the devices of CUDA.</summary>
public static unsafe class CudaDevices
{
    /// <summary>The prefix of the names that users give.</summary>
    public const string IdPrefix = "cuda:";

    private const int NameBytes = 256;

    /// <summary>
    /// What of CUDA this machine lacks, in one line that says where it was looked for; null where all is there. Without
    /// the driver or NVRTC nothing runs; without cuBLAS and cuSOLVER other kernels do their work.
    /// </summary>
    public static string? Missing => CudaLibraries.Default.Missing;

    /// <summary>
    /// The libraries in use, in words: NVRTC and its version, cuBLAS and cuSOLVER where they are there.
    /// </summary>
    public static string Libraries => string.Join(", ", ((string?[])
    [
        CudaLibraries.Default.Compiler is { } compiler ? $"NVRTC {compiler.Version}" : null,
        CudaLibraries.Default.Blas is null ? null : LibraryNames.Title(LibraryKind.Blas),
        CudaLibraries.Default.Solver is null ? null : LibraryNames.Title(LibraryKind.Solver),
    ]).OfType<string>());

    /// <summary>All devices; empty without a driver, a compiler or a device.</summary>
    /// <exception cref="CudaException">The driver fails.</exception>
    public static IReadOnlyList<CudaDevice> List() => List(CudaLibraries.Default);

    /// <summary>The device of a name: "cuda:0", or "cuda" for the first.</summary>
    /// <exception cref="PlatformNotSupportedException">There is no CUDA, no device, or none of that name.</exception>
    public static CudaDevice Find(string id) => Find(CudaLibraries.Default, id);

    internal static IReadOnlyList<CudaDevice> List(CudaLibraries libraries)
    {
        if (!libraries.CanCompute || libraries.Driver is not { } driver)
        {
            return [];
        }

        int count;
        driver.ThrowIfFailed(driver.cuDeviceGetCount(&count), nameof(driver.cuDeviceGetCount));
        return [.. Enumerable.Range(0, count).Select(ordinal => Describe(libraries, driver, ordinal))];
    }

    internal static CudaDevice Find(CudaLibraries libraries, string id)
    {
        IReadOnlyList<CudaDevice> devices = List(libraries);
        if (devices.Count == 0)
        {
            string reason = libraries.CanCompute ? "the driver has no device"
                : libraries.Missing ?? "the driver does not start";
            throw new PlatformNotSupportedException($"There is no CUDA device on this machine: {reason}.");
        }

        CudaDevice? found = id + ":" == IdPrefix ? devices[0] : devices.FirstOrDefault(device => device.Id == id);
        return found ?? throw new PlatformNotSupportedException(
            $"There is no device {id}; there are {string.Join(", ", devices.Select(device => device.Id))}.");
    }

    private static CudaDevice Describe(CudaLibraries libraries, CudaDriver driver, int ordinal)
    {
        int device;
        driver.ThrowIfFailed(driver.cuDeviceGet(&device, ordinal), nameof(driver.cuDeviceGet));
        byte* name = stackalloc byte[NameBytes];
        driver.ThrowIfFailed(driver.cuDeviceGetName(name, NameBytes, device), nameof(driver.cuDeviceGetName));
        nuint bytes;
        driver.ThrowIfFailed(driver.cuDeviceTotalMem(&bytes, device), nameof(driver.cuDeviceTotalMem));
        const int Tens = 10;
        return new CudaDevice(
            $"{IdPrefix}{ordinal}",
            Marshal.PtrToStringUTF8((nint)name) ?? string.Empty,
            (Number(driver, DeviceAttribute.CapabilityMajor, device) * Tens)
                + Number(driver, DeviceAttribute.CapabilityMinor, device),
            libraries.DriverVersion,
            Number(driver, DeviceAttribute.Multiprocessors, device),
            (long)bytes,
            Number(driver, DeviceAttribute.MaxSharedMemoryPerBlock, device),
            Number(driver, DeviceAttribute.MaxThreadsPerBlock, device)) { Handle = device };
    }

    private static int Number(CudaDriver driver, DeviceAttribute attribute, int device)
    {
        int value;
        driver.ThrowIfFailed(
            driver.cuDeviceGetAttribute(&value, attribute, device), nameof(driver.cuDeviceGetAttribute),
            attribute.ToString());
        return value;
    }
}
