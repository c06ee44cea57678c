namespace VemKernels.Device;

/// <summary>
/// What a backend needs of a driver: buffers, transfers, programs and launches on one device. Everything else is
/// written once over it. Members may be called from several threads.
/// </summary>
/// <remarks>
/// Commands that compute run in the order in which they were launched, or as if they did: a buffer may be reused, or
/// disposed, while commands that use it are still queued.
/// </remarks>
internal abstract unsafe class DeviceRuntime : IDisposable
{
    private readonly MemoryBooks _books = new();

    /// <summary>The name users give: "opencl:0".</summary>
    public abstract string Id { get; }

    /// <summary>The device's own name.</summary>
    public abstract string Name { get; }

    /// <summary>What computes, as <see cref="BackendInfo.InstructionSet"/> says it.</summary>
    public abstract string InstructionSet { get; }

    /// <summary>How many parts of the device work at once.</summary>
    public abstract int ComputeUnits { get; }

    /// <summary>Targets of a tile: enough to keep all of the device busy with strips of 256 rows.</summary>
    public virtual int TargetsAtOnce => 4096;

    /// <summary>
    /// Whether the device is the processor itself: transfers cost little, factorisations run on the host.
    /// </summary>
    public abstract bool IsProcessor { get; }

    /// <summary>Whether one thread does all items of a group, one after the other.</summary>
    public virtual bool DoesGroupsByThread => false;

    /// <summary>What the device has, or is made to look as if it had.</summary>
    public abstract DeviceLimits Limits { get; }

    /// <summary>The driver's handles.</summary>
    /// <exception cref="ObjectDisposedException">The backend was disposed.</exception>
    public abstract DeviceHandles Handles { get; }

    /// <summary>The sources of its kernels.</summary>
    public abstract KernelSources Sources { get; }

    /// <summary>For tests: whether a buffer of so many bytes is refused as if memory were short.</summary>
    public Func<long, bool>? RefusesBuffer { get; set; }

    /// <summary>Bytes of the buffers that <see cref="CreateBuffer(long)"/> has made and nobody has disposed.</summary>
    public long LiveBytes => Volatile.Read(ref _books.Live);

    /// <summary>The most of them that there were at once.</summary>
    public long PeakBytes => Volatile.Read(ref _books.Peak);

    /// <summary>Allocates; the contents are undefined.</summary>
    /// <exception cref="InsufficientMemoryException">
    /// The device has no such memory left, or allows no buffer of that size.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The backend was disposed.</exception>
    public DeviceBuffer CreateBuffer(long bytes)
    {
        if (bytes > Limits.LargestAllocationBytes)
        {
            throw new InsufficientMemoryException(
                $"A buffer of {bytes} bytes was asked for; {Name} allows {Limits.LargestAllocationBytes} bytes at "
                + "most.");
        }

        if (RefusesBuffer?.Invoke(bytes) == true)
        {
            throw new InsufficientMemoryException(
                $"A buffer of {bytes} bytes was refused, as {nameof(RefusesBuffer)} says.");
        }

        DeviceBuffer buffer = Allocate(Math.Max(bytes, sizeof(double)));
        buffer.Enter(_books);
        return buffer;
    }

    /// <summary>A small buffer with contents, which may change once the call returns.</summary>
    /// <exception cref="InsufficientMemoryException">The device has no such memory left.</exception>
    public abstract DeviceBuffer CreateBuffer(ReadOnlySpan<int> contents);

    /// <summary>Memory of somebody else's, which outlives the buffer; null where this device cannot use it.</summary>
    /// <param name="space">Where the memory lives.</param>
    /// <param name="pointer">Address or handle.</param>
    /// <param name="stream">What its contents are ordered on; 0 for none.</param>
    /// <param name="bytes">From its first element to its last.</param>
    public abstract DeviceBuffer? TryAdopt(MemorySpace space, nint pointer, nint stream, long bytes);

    /// <summary>
    /// Copies rows between host and device and waits; the last command that uses the buffer comes before.
    /// </summary>
    /// <param name="toDevice">Whether the host's rows are read.</param>
    /// <param name="buffer">The buffer.</param>
    /// <param name="offset">Bytes before its first row.</param>
    /// <param name="bufferPitch">Bytes from row to row of the buffer.</param>
    /// <param name="host">The host's first row.</param>
    /// <param name="hostPitch">Bytes from row to row of the host.</param>
    /// <param name="rowBytes">Bytes of a row.</param>
    /// <param name="rows">Number of rows; 1 or more.</param>
    public abstract void Transfer(
        bool toDevice, DeviceBuffer buffer, long offset, long bufferPitch, void* host, long hostPitch, long rowBytes,
        long rows);

    /// <summary>Builds a program, or loads one that an earlier build left in the cache.</summary>
    /// <param name="name">What to call it in errors.</param>
    /// <param name="source">The whole source, of <see cref="Sources"/>.</param>
    /// <param name="definitions">Options "-D NAME" and "-D NAME=VALUE" with a blank between; values hold none.</param>
    public abstract DeviceProgram Build(string name, string source, string definitions);

    /// <summary>Queues a kernel on so many groups of so many items, in three dimensions.</summary>
    /// <param name="kernel">The kernel, of a program of this runtime.</param>
    /// <param name="arguments">Its arguments; copied before the call returns.</param>
    /// <param name="groups">Groups (blocks) along each dimension.</param>
    /// <param name="items">Items (threads) of a group along each dimension.</param>
    public abstract void Launch(
        DeviceKernel kernel, in KernelArguments arguments, (nint X, nint Y, nint Z) groups,
        (int X, int Y, int Z) items);

    /// <summary>Waits for everything that was queued.</summary>
    public abstract void Finish();

    /// <summary>Waits, then closes the device. Buffers may be disposed afterwards.</summary>
    public abstract void Dispose();

    /// <summary>Allocates a buffer of a size that the device allows.</summary>
    private protected abstract DeviceBuffer Allocate(long bytes);
}
