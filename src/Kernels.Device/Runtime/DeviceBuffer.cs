using System.Runtime.InteropServices;

namespace VemKernels.Device;

/// <summary>
/// A buffer of the device. Its runtime keeps with it what a transfer must wait for: the last command that used it.
/// </summary>
internal abstract class DeviceBuffer : SafeHandle
{
    /// <summary>Takes over a handle or an address.</summary>
    private protected DeviceBuffer(nint buffer, long bytes)
        : base(0, ownsHandle: true)
    {
        SetHandle(buffer);
        Bytes = bytes;
    }

    /// <summary>Its size.</summary>
    public long Bytes { get; }

    public override bool IsInvalid => handle == 0;

    /// <summary>The handle or the address, as the driver takes it.</summary>
    /// <exception cref="ObjectDisposedException">The memory was released.</exception>
    public nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return handle;
        }
    }
}
