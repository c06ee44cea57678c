namespace VemKernels.Cuda;

/// <summary>What a device is asked for (CUdevice_attribute of cuda.h).</summary>
internal enum DeviceAttribute
{
    MaxThreadsPerBlock = 1,
    MaxSharedMemoryPerBlock = 8,
    Multiprocessors = 16,
    CapabilityMajor = 75,
    CapabilityMinor = 76,
}
