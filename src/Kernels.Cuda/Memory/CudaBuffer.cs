using VemKernels.Device;

namespace VemKernels.Cuda;

/// <summary>Device memory, and the number of the last command that used it.</summary>
internal abstract class CudaBuffer(nint address, long bytes) : DeviceBuffer(address, bytes)
{
    private long _lastUse;

    /// <summary>The last command that used the buffer; see <see cref="ComputeStream"/>.</summary>
    public long LastUse
    {
        get => Volatile.Read(ref _lastUse);
        protected init => _lastUse = value;
    }

    /// <summary>Remembers a command that uses the buffer.</summary>
    public void RecordUse(long command) => Volatile.Write(ref _lastUse, command);
}
