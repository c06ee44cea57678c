using VemKernels.OpenCL;
using VemKernels.Simd;

namespace VemKernels.Bench.Modes;

/// <summary>Starts the backend that is measured. Roofs and floors stay those of the processor.</summary>
internal static class BenchBackend
{
    /// <summary>"simd" (also where none is named), "opencl" or "opencl:0".</summary>
    /// <exception cref="PlatformNotSupportedException">There is no such device.</exception>
    public static IBackend Start(string? id) => id is null or "simd" ? new SimdBackend() : new OpenClBackend(id);
}
