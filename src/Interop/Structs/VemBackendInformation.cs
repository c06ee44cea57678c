using System.Runtime.InteropServices;

namespace VemKernels.Interop;

/// <summary>vem_backend_information of the header, which says what the fields mean.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct VemBackendInformation
{
    public long Size;
    public long MemoryBytes;
    public long LargestAllocationBytes;
    public int Threads;
    public int PreferredTile;
    public int SharesHostMemory;
    public int Reserved;
    public fixed byte Id[IdBytes];
    public fixed byte Name[NameBytes];
    public fixed byte InstructionSet[IdBytes];

    public const int IdBytes = 64;
    public const int NameBytes = 128;
}
