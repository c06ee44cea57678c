namespace VemKernels.Cuda;

/// <summary>What an address is asked for (CUpointer_attribute).</summary>
internal enum PointerAttribute
{
    MemoryType = 2,
    DeviceOrdinal = 9,
}
