namespace VemKernels.Device;

/// <summary>How many bytes of a device are in use, and were at most.</summary>
internal sealed class MemoryBooks
{
    /// <summary>Bytes in use.</summary>
    public long Live;

    /// <summary>The most there were.</summary>
    public long Peak;

    /// <summary>Bytes that come, or go where negative.</summary>
    public void Add(long bytes)
    {
        long live = Interlocked.Add(ref Live, bytes);
        for (long peak = Volatile.Read(ref Peak); live > peak;)
        {
            long seen = Interlocked.CompareExchange(ref Peak, live, peak);
            if (seen == peak)
            {
                return;
            }

            peak = seen;
        }
    }
}
