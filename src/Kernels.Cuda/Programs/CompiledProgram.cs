namespace VemKernels.Cuda;

/// <summary>What NVRTC made of a source.</summary>
/// <param name="Image">What the driver loads: a cubin, or PTX that ends in a zero.</param>
/// <param name="Log">What the compiler said.</param>
internal sealed record CompiledProgram(byte[] Image, string Log);
