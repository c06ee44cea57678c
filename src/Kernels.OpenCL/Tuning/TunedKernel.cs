namespace VemKernels.OpenCL;

/// <summary>What tuning found for a kernel and an element type.</summary>
/// <param name="Kernel">The kernel's source and type: "gemm float".</param>
/// <param name="Candidates">How many were tried.</param>
/// <param name="Values">The best values, as text: "TileM=64 TileN=64".</param>
/// <param name="IsDefault">Whether they are the default.</param>
/// <param name="DefaultFlops">Flops a second with the default; 0 where it did not run.</param>
/// <param name="Flops">Flops a second with the best; 0 where none ran.</param>
public sealed record TunedKernel(
    string Kernel, int Candidates, string Values, bool IsDefault, double DefaultFlops, double Flops);
