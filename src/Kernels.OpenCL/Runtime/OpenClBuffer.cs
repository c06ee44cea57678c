using VemKernels.Device;

namespace VemKernels.OpenCL;

/// <summary>
/// A buffer of the device, and the last command that used it: what a transfer on the other queue must wait for.
/// Commands that are still queued keep the memory alive after its release.
/// </summary>
/// <remarks>Takes over a reference to a buffer.</remarks>
internal sealed class OpenClBuffer(nint buffer, long bytes) : DeviceBuffer(buffer, bytes)
{
    private readonly Lock _lock = new();
    private nint _lastUse;

    /// <summary>Remembers the event of a command that uses the buffer; takes a reference of its own.</summary>
    public void RecordUse(nint happening)
    {
        ErrorCodes.ThrowIfFailed(OpenCl.clRetainEvent(happening), nameof(OpenCl.clRetainEvent));
        nint before;
        lock (_lock)
        {
            before = _lastUse;
            _lastUse = happening;
        }

        ReleaseEvent(before);
    }

    /// <summary>
    /// The event of the last command, with a reference for the caller to release; 0 where there is none.
    /// </summary>
    public nint LastUse()
    {
        lock (_lock)
        {
            if (_lastUse != 0)
            {
                ErrorCodes.ThrowIfFailed(OpenCl.clRetainEvent(_lastUse), nameof(OpenCl.clRetainEvent));
            }

            return _lastUse;
        }
    }

    /// <summary>Gives a reference back.</summary>
    public static void ReleaseEvent(nint happening)
    {
        if (happening != 0)
        {
            ErrorCodes.ThrowIfFailed(OpenCl.clReleaseEvent(happening), nameof(OpenCl.clReleaseEvent));
        }
    }

    protected override bool ReleaseHandle()
    {
        bool released = _lastUse == 0 || OpenCl.clReleaseEvent(_lastUse) == 0;
        return OpenCl.clReleaseMemObject(handle) == 0 && released;
    }
}
