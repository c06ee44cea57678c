namespace VemKernels.Cuda;

/// <summary>A device of CUDA, and what it can do.</summary>
/// <param name="Id">The name users give: "cuda:0", in the order of the driver.</param>
/// <param name="Name">The device's own name.</param>
/// <param name="Capability">Its compute capability: 90 for 9.0.</param>
/// <param name="Driver">The toolkit that the driver runs.</param>
/// <param name="Multiprocessors">How many parts work at once.</param>
/// <param name="MemoryBytes">Memory of the device.</param>
/// <param name="SharedMemoryBytes">Memory that a block shares.</param>
/// <param name="ThreadsPerBlock">The most threads of a block.</param>
public sealed record CudaDevice(
    string Id, string Name, int Capability, Version Driver, int Multiprocessors, long MemoryBytes,
    long SharedMemoryBytes, int ThreadsPerBlock)
{
    /// <summary>The driver's number of the device.</summary>
    internal int Handle { get; init; }
}
