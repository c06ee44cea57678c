using System.Runtime.InteropServices;

namespace VemKernels.Interop;

/// <summary>vem_backend_handles of the header, which says what the fields mean.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct VemBackendHandles
{
    public long Size;
    public void* Device;
    public void* Context;
    public void* Queue;
    public int Memory;
    public int Reserved;
}
