using VemKernels.Device;

namespace VemKernels.Cuda;

/// <summary>How the CUDA backend works; what is not given is found by itself.</summary>
public sealed record CudaOptions : DeviceOptions
{
    /// <summary>
    /// Whether products, triangular solves and large factorisations run on cuBLAS and cuSOLVER where those are on the
    /// machine; false for the shared kernels, and the host where they do not factorise.
    /// </summary>
    public bool UseLibraries { get; init; } = true;
}
