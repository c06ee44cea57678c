using VemKernels.Device;

namespace VemKernels.Cuda;

/// <summary>
/// The runtime of CUDA: the primary context of one device and two streams, neither of them the default stream. One
/// computes, one transfers. A transfer waits for the last command that uses its buffer, and for few others; what is
/// computed later comes after it.
/// </summary>
internal sealed unsafe class CudaRuntime : DeviceRuntime
{
    /// <summary>The largest grid in its second and third dimension.</summary>
    private const int MostGroups = 65535;

    /// <summary>The part of the free memory that is left to the driver and the libraries.</summary>
    private const int ReservedPart = 20;

    /// <summary>
    /// Targets of a tile for each multiprocessor: a block of products is 128 x 128, so that each gets two blocks of a
    /// strip of 256 rows. Not measured on a device yet.
    /// </summary>
    private const int TargetsOfMultiprocessor = 128;

    private const int FewestTargets = 4096;

    private const int MostTargets = 16384;

    /// <summary>The sources of native/common, and of native/cuda.</summary>
    public static readonly KernelSources OwnSources =
        new(typeof(CudaRuntime).Assembly, "cuda", "prelude.cuh", ".cu");

    private readonly CudaDriver _driver;
    private readonly CudaContext _context;
    private readonly ProgramBuilder _builder;
    private readonly MemoryPool _pool;
    private readonly ComputeStream _compute;
    private readonly HostTransfer _transfer;
    private readonly CudaMathLibraries? _libraries;
    private bool _isClosed;

    /// <summary>Opens a device.</summary>
    /// <param name="libraries">The libraries of this machine.</param>
    /// <param name="device">The device.</param>
    /// <param name="options">Limits, cache, libraries.</param>
    /// <exception cref="PlatformNotSupportedException">The compiler does not know so old a device.</exception>
    /// <exception cref="CudaException">The driver fails.</exception>
    public CudaRuntime(CudaLibraries libraries, CudaDevice device, CudaOptions options)
    {
        _driver = libraries.Driver!;
        Device = device;
        Architecture architecture = Architecture.For(device.Capability, libraries.Compiler!.Architectures);
        _context = new CudaContext(_driver, device);
        try
        {
            using (_context.Enter())
            {
                Limits = options.Limits ?? MeasureLimits(device);
                _pool = new MemoryPool(_context, Limits.MemoryBytes);
                _compute = new ComputeStream(_driver);
                _transfer = new HostTransfer(_driver, _compute);
                _libraries = options.UseLibraries ? CudaMathLibraries.TryOpen(libraries, _compute) : null;
            }

            ProgramCache cache = new(options.CacheFolder ?? CacheFolder.Of("cuda"), ProgramBuilder.Extension);
            _builder = new ProgramBuilder(_context, libraries.Compiler, architecture, cache);
        }
        catch
        {
            Close();
            throw;
        }
    }

    /// <summary>The device.</summary>
    public CudaDevice Device { get; }

    /// <summary>cuBLAS and cuSOLVER on the compute stream; null where they are not used.</summary>
    public CudaMathLibraries? Libraries => _libraries;

    /// <inheritdoc/>
    public override string Id => Device.Id;

    /// <inheritdoc/>
    public override string Name => Device.Name;

    /// <inheritdoc/>
    public override string InstructionSet => $"CUDA sm_{Device.Capability}";

    /// <inheritdoc/>
    public override int ComputeUnits => Device.Multiprocessors;

    /// <inheritdoc/>
    public override int TargetsAtOnce =>
        Math.Clamp(Device.Multiprocessors * TargetsOfMultiprocessor, FewestTargets, MostTargets);

    /// <inheritdoc/>
    public override bool IsProcessor => false;

    /// <inheritdoc/>
    public override DeviceLimits Limits { get; }

    /// <inheritdoc/>
    public override DeviceHandles Handles
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            return new DeviceHandles(MemorySpace.Cuda, Device.Handle, _context.Handle, _compute.Handle);
        }
    }

    /// <inheritdoc/>
    public override KernelSources Sources => OwnSources;

    /// <inheritdoc/>
    public override DeviceBuffer CreateBuffer(ReadOnlySpan<int> contents)
    {
        long bytes = contents.Length * (long)sizeof(int);
        DeviceBuffer buffer = CreateBuffer(bytes);
        try
        {
            fixed (int* pointer = contents)
            {
                if (bytes > 0)
                {
                    Transfer(toDevice: true, buffer, 0, bytes, pointer, bytes, bytes, 1);
                }
            }

            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Memory of this device alone. What is computed here comes after what was queued on the stream before, and what is
    /// queued on the stream after the matrix is disposed comes after what was computed here. The legacy default stream
    /// is 1 and the one of each thread 2, as in CUDA's own headers: 0 stands for none.
    /// </remarks>
    public override DeviceBuffer? TryAdopt(MemorySpace space, nint pointer, nint stream, long bytes)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (space != MemorySpace.Cuda)
        {
            return null;
        }

        using CudaContext.Scope scope = _context.Enter();
        int type = 0;
        int ordinal = 0;
        if (_driver.cuPointerGetAttribute(&type, PointerAttribute.MemoryType, pointer) != ResultCodes.Success
            || (MemoryType)type != MemoryType.Device
            || _driver.cuPointerGetAttribute(&ordinal, PointerAttribute.DeviceOrdinal, pointer) != ResultCodes.Success
            || ordinal != Device.Handle)
        {
            return null;
        }

        if (stream != 0)
        {
            nint happening = ComputeStream.CreateEvent(_driver);
            try
            {
                _driver.ThrowIfFailed(_driver.cuEventRecord(happening, stream), nameof(_driver.cuEventRecord));
                _compute.WaitFor(happening);
            }
            finally
            {
                _driver.ThrowIfFailed(_driver.cuEventDestroy(happening), nameof(_driver.cuEventDestroy));
            }
        }

        long command;
        lock (_compute.Lock)
        {
            command = _compute.Count();
        }

        return new ForeignBuffer(this, pointer, bytes, stream, command);
    }

    /// <summary>Makes somebody else's stream wait for a command.</summary>
    public void LetFollow(nint stream, long command)
    {
        if (!_isClosed)
        {
            using CudaContext.Scope scope = _context.Enter();
            _compute.LetWait(stream, command);
        }
    }

    /// <inheritdoc/>
    public override void Transfer(
        bool toDevice, DeviceBuffer buffer, long offset, long bufferPitch, void* host, long hostPitch, long rowBytes,
        long rows)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        using CudaContext.Scope scope = _context.Enter();
        CudaBuffer own = (CudaBuffer)buffer;
        RowsOfBytes device = new((nint)(own.Handle + offset), bufferPitch, rowBytes, rows);
        RowsOfBytes memory = new((nint)host, hostPitch, rowBytes, rows);
        if (toDevice)
        {
            _transfer.Upload(own, device, memory);
        }
        else
        {
            _transfer.Download(own, device, memory);
        }

        GC.KeepAlive(buffer);
    }

    /// <inheritdoc/>
    /// <exception cref="CudaException">The compiler refuses the source: its log is in the message.</exception>
    public override DeviceProgram Build(string name, string source, string definitions)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        return _builder.Build(name, source, definitions);
    }

    /// <inheritdoc/>
    public override void Launch(
        DeviceKernel kernel, in KernelArguments arguments, (nint X, nint Y, nint Z) groups,
        (int X, int Y, int Z) items)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (groups.X > int.MaxValue || groups.Y > MostGroups || groups.Z > MostGroups)
        {
            throw new InvalidOperationException(
                $"{kernel.Name} was to run on {groups.X} x {groups.Y} x {groups.Z} blocks; CUDA allows "
                + $"{int.MaxValue} x {MostGroups} x {MostGroups}.");
        }

        ReadOnlySpan<ulong> slots = arguments.Slots;
        fixed (ulong* values = slots)
        {
            void** pointers = stackalloc void*[slots.Length];
            for (int i = 0; i < slots.Length; i++)
            {
                pointers[i] = values + i;
            }

            using CudaContext.Scope scope = _context.Enter();
            lock (_compute.Lock)
            {
                int code = _driver.cuLaunchKernel(
                    ((CudaKernel)kernel).Function, (uint)groups.X, (uint)groups.Y, (uint)groups.Z, (uint)items.X,
                    (uint)items.Y, (uint)items.Z, 0, _compute.Handle, pointers, null);
                _driver.ThrowIfFailed(code, nameof(_driver.cuLaunchKernel), kernel.Name);
                RecordUses(arguments.Buffers);
            }
        }
    }

    /// <summary>Queues what a library does on the compute stream.</summary>
    /// <param name="command">The call, made while the context is current and no other command is queued.</param>
    /// <param name="buffers">The buffers that it uses.</param>
    public void Queue(Action<CudaMathLibraries> command, params ReadOnlySpan<DeviceBuffer> buffers)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        using CudaContext.Scope scope = _context.Enter();
        lock (_compute.Lock)
        {
            command(_libraries!);
            RecordUses(buffers);
        }
    }

    /// <inheritdoc/>
    public override void Finish()
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        using CudaContext.Scope scope = _context.Enter();
        _driver.ThrowIfFailed(_driver.cuStreamSynchronize(_compute.Handle), nameof(_driver.cuStreamSynchronize));
        _transfer.Finish();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_isClosed)
        {
            return;
        }

        try
        {
            Finish();
        }
        catch (CudaException exception) when (exception.IsDeviceLost)
        {
            // Whoever lost it has thrown; there is nothing left to wait for.
        }
        finally
        {
            Close();
        }
    }

    /// <inheritdoc/>
    private protected override DeviceBuffer Allocate(long bytes)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        using CudaContext.Scope scope = _context.Enter();
        return new PooledBuffer(_context, _pool, _pool.Take(bytes));
    }

    private void RecordUses(ReadOnlySpan<DeviceBuffer> buffers)
    {
        long command = _compute.Count();
        foreach (DeviceBuffer buffer in buffers)
        {
            ((CudaBuffer)buffer).RecordUse(command);
        }
    }

    /// <summary>The memory that is free now, less what the driver and the libraries will want.</summary>
    private DeviceLimits MeasureLimits(CudaDevice device)
    {
        nuint free;
        nuint total;
        _driver.ThrowIfFailed(_driver.cuMemGetInfo(&free, &total), nameof(_driver.cuMemGetInfo));
        long usable = (long)free - ((long)free / ReservedPart);
        return new DeviceLimits(usable, usable, device.SharedMemoryBytes, device.ThreadsPerBlock, HasDouble: true);
    }

    /// <summary>Gives everything back.</summary>
    private void Close()
    {
        _isClosed = true;
        try
        {
            using (_context.Enter())
            {
                _libraries?.Dispose();
                _transfer?.Dispose();
                _compute?.Dispose();
                _pool?.Close();
            }
        }
        finally
        {
            _context.Release();
        }
    }
}
