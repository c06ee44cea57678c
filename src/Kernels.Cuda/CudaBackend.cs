using VemKernels.Device;

namespace VemKernels.Cuda;

/// <summary>
/// The CUDA backend: one NVIDIA device, its own memory. Operations are queued on a stream of its own;
/// <see cref="IBackend.Download"/> waits for what it reads.
/// </summary>
/// <remarks>
/// What it shares with other devices is in <see cref="DeviceBackend"/>. Products, triangular solves and large
/// factorisations are cuBLAS's and cuSOLVER's where those are on the machine and the views are such as they take.
/// </remarks>
public sealed partial class CudaBackend : DeviceBackend
{
    private readonly CudaRuntime _runtime;

    /// <summary>Starts the backend on a device.</summary>
    /// <param name="id">"cuda:0" and so on; "cuda" for the first.</param>
    /// <param name="options">How it works; null for what suits the device.</param>
    /// <exception cref="PlatformNotSupportedException">
    /// There is no CUDA on this machine, or no such device, or one that NVRTC no longer compiles for.
    /// </exception>
    /// <exception cref="CudaException">The driver or a library fails.</exception>
    public CudaBackend(string id = "cuda", CudaOptions? options = null)
        : this(CudaDevices.Find(id), options)
    {
    }

    /// <summary>Starts the backend on a device that <see cref="CudaDevices.List()"/> has found.</summary>
    /// <exception cref="PlatformNotSupportedException">NVRTC no longer compiles for the device.</exception>
    /// <exception cref="CudaException">The driver or a library fails.</exception>
    public CudaBackend(CudaDevice device, CudaOptions? options = null)
        : this(CudaLibraries.Default, device, options ?? new CudaOptions())
    {
    }

    internal CudaBackend(CudaLibraries libraries, CudaDevice device, CudaOptions options)
        : this(new CudaRuntime(libraries, device, options), options)
    {
    }

    private CudaBackend(CudaRuntime runtime, CudaOptions options)
        : base(runtime, options)
    {
        _runtime = runtime;
        Options = options;
        Device = runtime.Device;
    }

    /// <summary>The device.</summary>
    public CudaDevice Device { get; }

    /// <summary>How the backend works.</summary>
    public CudaOptions Options { get; }
}
