using System.Numerics;

namespace VemKernels.Device;

/// <summary>
/// Buffers that operations borrow. A buffer may go back while commands that use it are still queued: the compute queue
/// is in order, so whoever borrows it next comes after them.
/// </summary>
internal sealed class ScratchBuffers(DeviceRuntime runtime) : IDisposable
{
    private const int SmallestLog2 = 12;

    /// <summary>No more idle bytes than this part of the device's memory are kept.</summary>
    private const int IdlePart = 8;

    private readonly Dictionary<long, Stack<DeviceBuffer>> _idle = [];
    private readonly Lock _lock = new();
    private long _idleBytes;

    /// <summary>Borrows at least so many bytes.</summary>
    /// <exception cref="InsufficientMemoryException">The device has no such memory left.</exception>
    public DeviceBuffer Rent(long bytes)
    {
        long size = SizeClass(bytes);
        lock (_lock)
        {
            if (_idle.TryGetValue(size, out Stack<DeviceBuffer>? buffers) && buffers.TryPop(out DeviceBuffer? buffer))
            {
                _idleBytes -= size;
                return buffer;
            }
        }

        try
        {
            return runtime.CreateBuffer(size);
        }
        catch (InsufficientMemoryException)
        {
            Trim();
            return runtime.CreateBuffer(size);
        }
    }

    /// <summary>Gives a buffer back.</summary>
    public void Return(DeviceBuffer buffer)
    {
        lock (_lock)
        {
            if (_idleBytes + buffer.Bytes <= runtime.Limits.MemoryBytes / IdlePart)
            {
                if (!_idle.TryGetValue(buffer.Bytes, out Stack<DeviceBuffer>? buffers))
                {
                    _idle[buffer.Bytes] = buffers = new Stack<DeviceBuffer>();
                }

                buffers.Push(buffer);
                _idleBytes += buffer.Bytes;
                return;
            }
        }

        buffer.Dispose();
    }

    /// <summary>Releases what is idle.</summary>
    public void Trim()
    {
        lock (_lock)
        {
            foreach (DeviceBuffer buffer in _idle.Values.SelectMany(buffers => buffers))
            {
                buffer.Dispose();
            }

            _idle.Clear();
            _idleBytes = 0;
        }
    }

    public void Dispose() => Trim();

    /// <summary>
    /// Powers of two and the steps half-way, so that a few sizes serve all; the largest allocation is not exceeded.
    /// </summary>
    private long SizeClass(long bytes)
    {
        long power = 1L << Math.Max(SmallestLog2, BitOperations.Log2((ulong)Math.Max(bytes - 1, 1)) + 1);
        long size = bytes <= power / 4 * 3 ? power / 4 * 3 : power;
        return size <= runtime.Limits.LargestAllocationBytes ? size : bytes;
    }
}
