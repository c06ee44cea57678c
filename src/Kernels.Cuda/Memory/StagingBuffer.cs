namespace VemKernels.Cuda;

/// <summary>Pinned host memory that one transfer at a time goes through, and the event after its last copy.</summary>
internal sealed unsafe class StagingBuffer : IDisposable
{
    private readonly CudaDriver _driver;
    private nint _memory;
    private nint _event;

    /// <summary>Allocates; the context is current.</summary>
    /// <exception cref="InsufficientMemoryException">The host has no such memory to pin.</exception>
    public StagingBuffer(CudaDriver driver, long bytes)
    {
        _driver = driver;
        nint memory;
        driver.ThrowIfFailed(
            driver.cuMemAllocHost(&memory, (nuint)bytes), nameof(driver.cuMemAllocHost), $"{bytes} bytes");
        _memory = memory;
        try
        {
            _event = ComputeStream.CreateEvent(driver);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The memory.</summary>
    public byte* Memory => (byte*)_memory;

    /// <summary>Marks the end of what was queued on a stream.</summary>
    public void Record(nint stream) =>
        _driver.ThrowIfFailed(_driver.cuEventRecord(_event, stream), nameof(_driver.cuEventRecord));

    /// <summary>Makes what is computed from now on wait for the mark.</summary>
    public void LetWait(ComputeStream compute) => compute.WaitFor(_event);

    /// <summary>Waits on the host for the mark; returns at once before the first.</summary>
    public void Wait() =>
        _driver.ThrowIfFailed(_driver.cuEventSynchronize(_event), nameof(_driver.cuEventSynchronize));

    /// <summary>Gives back the memory and the event; the context is current.</summary>
    public void Dispose()
    {
        if (_event != 0)
        {
            _driver.ThrowUnlessReleased(_driver.cuEventDestroy(_event), nameof(_driver.cuEventDestroy));
            _event = 0;
        }

        if (_memory != 0)
        {
            _driver.ThrowUnlessReleased(_driver.cuMemFreeHost(_memory), nameof(_driver.cuMemFreeHost));
            _memory = 0;
        }
    }
}
