namespace VemKernels.Cuda;

/// <summary>Where memory is (CUmemorytype).</summary>
internal enum MemoryType
{
    Host = 1,
    Device = 2,
}
