using System.Numerics;

namespace VemKernels.Cuda;

/// <summary>
/// Device memory that is kept for its next user, in the order of the compute stream: what is given back while commands
/// still use it may be taken at once, because whoever computes with it comes after them; a transfer waits for the last
/// of them. The block that was given back first is taken first, so that a tile can be sent while the one before is
/// computed.
/// </summary>
/// <remarks>
/// The driver's own pools (cuMemAllocAsync) order an allocation after all that was queued before it, which would make
/// the transfer of a new tile wait for the computation of the last.
/// </remarks>
internal sealed unsafe class MemoryPool(CudaContext context, long memoryBytes)
{
    /// <summary>Sizes are rounded up to an eighth of their power of two: no more than that is wasted.</summary>
    private const int StepsLog2 = 3;

    private const int SmallestLog2 = 9;

    /// <summary>No more idle bytes than this part of the memory are kept.</summary>
    private const int IdlePart = 4;

    private readonly CudaDriver _driver = context.Driver;
    private readonly Dictionary<long, Queue<MemoryBlock>> _idle = [];
    private readonly Lock _lock = new();
    private long _idleBytes;
    private bool _isClosed;

    /// <summary>The size of the block that serves a size.</summary>
    public static long SizeOf(long bytes)
    {
        int power = Math.Max(SmallestLog2, BitOperations.Log2((ulong)Math.Max(bytes - 1, 1)));
        long step = Math.Max(1L << SmallestLog2, 1L << (power - StepsLog2));
        return (bytes + step - 1) / step * step;
    }

    /// <summary>A block of at least so many bytes; the context is current.</summary>
    /// <exception cref="InsufficientMemoryException">The device has no such memory left.</exception>
    public MemoryBlock Take(long bytes)
    {
        long size = SizeOf(bytes);
        lock (_lock)
        {
            if (_idle.TryGetValue(size, out Queue<MemoryBlock>? blocks)
                && blocks.TryDequeue(out MemoryBlock block))
            {
                _idleBytes -= size;
                return block;
            }
        }

        nint address;
        int code = _driver.cuMemAlloc(&address, (nuint)size);
        if (code == ResultCodes.OutOfMemory)
        {
            Trim();
            code = _driver.cuMemAlloc(&address, (nuint)size);
        }

        _driver.ThrowIfFailed(code, nameof(_driver.cuMemAlloc), $"{bytes} bytes");
        return new MemoryBlock(address, size, LastUse: 0);
    }

    /// <summary>Takes a block back; the context is current.</summary>
    public void Return(MemoryBlock block)
    {
        lock (_lock)
        {
            if (!_isClosed && _idleBytes + block.Bytes <= memoryBytes / IdlePart)
            {
                if (!_idle.TryGetValue(block.Bytes, out Queue<MemoryBlock>? blocks))
                {
                    _idle[block.Bytes] = blocks = new Queue<MemoryBlock>();
                }

                blocks.Enqueue(block);
                _idleBytes += block.Bytes;
                return;
            }
        }

        Free(block);
    }

    /// <summary>Releases what is idle; the context is current. The driver waits for commands that use it.</summary>
    public void Trim()
    {
        List<MemoryBlock> blocks;
        lock (_lock)
        {
            blocks = [.. _idle.Values.SelectMany(queue => queue)];
            _idle.Clear();
            _idleBytes = 0;
        }

        blocks.ForEach(Free);
    }

    /// <summary>Releases what is idle, and from now on what comes back; the context is current.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
        }

        Trim();
    }

    private void Free(MemoryBlock block) =>
        _driver.ThrowUnlessReleased(_driver.cuMemFree(block.Address), nameof(_driver.cuMemFree));
}
