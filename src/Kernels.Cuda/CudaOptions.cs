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

    /// <summary>
    /// Whether large products of floats run on tensor cores, each as three products of tf32 with the error of floats
    /// (native/cuda/tensor_gemm.cu). Null: where the device is known to be faster so. True: wherever there are such;
    /// false: nowhere. A trial on the device at the first such product decides too: where its error is not that of
    /// floats, they are not used.
    /// </summary>
    public bool? UseTensorCores { get; init; }
}
