using VemKernels.Device;

namespace VemKernels.Cuda;

/// <summary>A kernel of a module, which owns it.</summary>
internal sealed class CudaKernel(nint function, string name) : DeviceKernel(name)
{
    /// <summary>The function's handle.</summary>
    public nint Function { get; } = function;

    public override void Dispose()
    {
    }
}
