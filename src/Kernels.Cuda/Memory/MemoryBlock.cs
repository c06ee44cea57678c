namespace VemKernels.Cuda;

/// <summary>A piece of device memory.</summary>
/// <param name="Address">Where.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="LastUse">The number of the last command that used it; see <see cref="ComputeStream"/>.</param>
internal readonly record struct MemoryBlock(nint Address, long Bytes, long LastUse);
