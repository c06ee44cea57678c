using System.Runtime.InteropServices;

namespace VemKernels.Cuda;

/// <summary>A copy of rows (CUDA_MEMCPY2D): pitches and width in bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct RowsCopy
{
    public nuint SourceX;
    public nuint SourceY;
    public MemoryType SourceType;
    public void* SourceHost;
    public nint SourceDevice;
    public nint SourceArray;
    public nuint SourcePitch;
    public nuint DestinationX;
    public nuint DestinationY;
    public MemoryType DestinationType;
    public void* DestinationHost;
    public nint DestinationDevice;
    public nint DestinationArray;
    public nuint DestinationPitch;
    public nuint WidthBytes;
    public nuint Rows;
}
