namespace VemKernels.Cuda;

/// <summary>What a compiled kernel takes of a multiprocessor.</summary>
/// <param name="Name">The kernel's name.</param>
/// <param name="Registers">Registers a thread.</param>
/// <param name="StackBytes">Local memory a thread: arrays that are not in registers, and spilled registers.</param>
/// <param name="SharedBytes">Shared memory a block.</param>
internal sealed record KernelFigures(string Name, int Registers, int StackBytes, int SharedBytes);
