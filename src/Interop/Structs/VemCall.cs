using System.Runtime.InteropServices;

namespace VemKernels.Interop;

/// <summary>How a long call is watched and stopped: vem_call of the header.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct VemCall
{
    /// <summary>Bytes of this structure.</summary>
    public long Size;

    /// <summary>Handle of a flag that stops the call; 0 for none.</summary>
    public ulong Cancellation;

    /// <summary>
    /// Told the stage (UTF-8) and the share of the work done; other than 0 stops the call. Null for none.
    /// </summary>
    public delegate* unmanaged[Cdecl]<void*, byte*, double, int> Progress;

    /// <summary>Handed to <see cref="Progress"/>.</summary>
    public void* ProgressUser;
}
