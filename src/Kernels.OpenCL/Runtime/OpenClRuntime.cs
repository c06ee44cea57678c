using VemKernels.Device;

namespace VemKernels.OpenCL;

/// <summary>
/// The runtime of OpenCL: a context on one device and its two queues, both in order. One computes, one transfers. A
/// transfer waits for the last command that uses its buffer, no longer; what computes later comes after it, because
/// transfers are waited for.
/// </summary>
internal sealed unsafe class OpenClRuntime : DeviceRuntime
{
    private const nint ContextPlatform = 0x1084;
    private const ulong ReadWrite = 1;
    private const ulong CopyHostPointer = 1 << 5;
    private const uint Blocking = 1;
    private const uint MemorySize = 0x1102;
    private const uint MemoryContext = 0x1106;

    private static readonly KernelSources OwnSources =
        new(typeof(OpenClRuntime).Assembly, "opencl", "prelude.cl", ".cl");

    private readonly ProgramBuilder _builder;
    private nint _context;
    private nint _compute;
    private nint _transfer;

    /// <summary>Opens a device.</summary>
    /// <param name="device">The device.</param>
    /// <param name="limits">What it has, or is made to look as if it had.</param>
    /// <param name="groupsByThread">Whether one thread does all items of a group, or kernels work as if.</param>
    /// <param name="cache">Programs that were built before.</param>
    /// <exception cref="OpenClException">The driver fails.</exception>
    private OpenClRuntime(OpenClDevice device, DeviceLimits limits, bool groupsByThread, ProgramCache cache)
    {
        Device = device;
        DoesGroupsByThread = groupsByThread;
        Limits = limits;
        _builder = new ProgramBuilder(this, cache);
        nint* properties = stackalloc nint[] { ContextPlatform, device.PlatformHandle, 0 };
        nint handle = device.Handle;
        int error;
        _context = OpenCl.clCreateContext(properties, 1, &handle, 0, 0, &error);
        ErrorCodes.ThrowIfFailed(error, nameof(OpenCl.clCreateContext), device.Name);
        _compute = OpenCl.clCreateCommandQueue(_context, device.Handle, 0, &error);
        ErrorCodes.ThrowIfFailed(error, nameof(OpenCl.clCreateCommandQueue), device.Name);
        _transfer = OpenCl.clCreateCommandQueue(_context, device.Handle, 0, &error);
        ErrorCodes.ThrowIfFailed(error, nameof(OpenCl.clCreateCommandQueue), device.Name);
    }

    /// <summary>The device.</summary>
    public OpenClDevice Device { get; }

    /// <inheritdoc/>
    public override string Id => Device.Id;

    /// <inheritdoc/>
    public override string Name => Device.Name;

    /// <inheritdoc/>
    public override string InstructionSet => Limits.HasDouble ? "OpenCL" : "OpenCL, no fp64";

    /// <inheritdoc/>
    public override int ComputeUnits => Device.ComputeUnits;

    /// <inheritdoc/>
    public override bool IsProcessor => Device.IsProcessor;

    /// <inheritdoc/>
    public override bool DoesGroupsByThread { get; }

    /// <inheritdoc/>
    public override DeviceLimits Limits { get; }

    /// <inheritdoc/>
    public override DeviceHandles Handles => new(MemorySpace.OpenCL, Device.Handle, Handle, _compute);

    /// <inheritdoc/>
    public override KernelSources Sources => OwnSources;

    /// <summary>The context's handle.</summary>
    /// <exception cref="ObjectDisposedException">The backend was disposed.</exception>
    public nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_context == 0, this);
            return _context;
        }
    }

    /// <summary>Where programs, and what was measured, are kept.</summary>
    public static string FolderOf(OpenClOptions options) => options.CacheFolder ?? CacheFolder.Of("opencl");

    /// <summary>Opens a device as options have it.</summary>
    /// <exception cref="OpenClException">The driver fails.</exception>
    public static OpenClRuntime Open(OpenClDevice device, OpenClOptions options) => new(
        device, options.Limits ?? device.Limits, options.WorksAsProcessor(device),
        new ProgramCache(FolderOf(options), ProgramBuilder.Extension));

    /// <inheritdoc/>
    public override DeviceBuffer CreateBuffer(ReadOnlySpan<int> contents)
    {
        int error;
        fixed (int* pointer = contents.IsEmpty ? [0] : contents)
        {
            long size = Math.Max(contents.Length, 1) * (long)sizeof(int);
            nint buffer = OpenCl.clCreateBuffer(Handle, ReadWrite | CopyHostPointer, (nuint)size, pointer, &error);
            ErrorCodes.ThrowIfFailed(error, nameof(OpenCl.clCreateBuffer), $"{size} bytes on {Device.Name}");
            return new OpenClBuffer(buffer, size);
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Buffers of this context alone, which are retained and must be as large as the matrix. What was queued on the
    /// stream is finished first, unless it is the queue that computes here, which is in order.
    /// </remarks>
    public override DeviceBuffer? TryAdopt(MemorySpace space, nint pointer, nint stream, long bytes)
    {
        nint owner;
        nuint size;
        if (space != MemorySpace.OpenCL || pointer == 0 || bytes < 0
            || OpenCl.clGetMemObjectInfo(pointer, MemoryContext, (nuint)sizeof(nint), &owner, null) != 0
            || owner != Handle
            || OpenCl.clGetMemObjectInfo(pointer, MemorySize, (nuint)sizeof(nuint), &size, null) != 0
            || size < (nuint)bytes)
        {
            return null;
        }

        if (stream != 0 && stream != _compute)
        {
            ErrorCodes.ThrowIfFailed(OpenCl.clFinish(stream), nameof(OpenCl.clFinish));
        }

        ErrorCodes.ThrowIfFailed(OpenCl.clRetainMemObject(pointer), nameof(OpenCl.clRetainMemObject));
        return new OpenClBuffer(pointer, bytes);
    }

    /// <inheritdoc/>
    public override void Transfer(
        bool toDevice, DeviceBuffer buffer, long offset, long bufferPitch, void* host, long hostPitch, long rowBytes,
        long rows)
    {
        ObjectDisposedException.ThrowIf(_context == 0, this);
        nint happening = ((OpenClBuffer)buffer).LastUse();
        try
        {
            uint waits = happening == 0 ? 0u : 1u;
            nint* waitList = happening == 0 ? null : &happening;
            ErrorCodes.ThrowIfFailed(OpenCl.clFlush(_compute), nameof(OpenCl.clFlush));
            if (rows == 1 || (bufferPitch == rowBytes && hostPitch == rowBytes))
            {
                TransferBytes(toDevice, buffer, offset, host, rowBytes * rows, waits, waitList);
                return;
            }

            TransferRows(toDevice, buffer, offset, bufferPitch, host, hostPitch, rowBytes, rows, waits, waitList);
        }
        finally
        {
            OpenClBuffer.ReleaseEvent(happening);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="OpenClException">The compiler refuses the source: its log is in the message.</exception>
    public override DeviceProgram Build(string name, string source, string definitions) =>
        new OpenClProgram(_builder.Build(name, source, $"-cl-std=CL1.2 {definitions}".TrimEnd()));

    /// <inheritdoc/>
    public override void Launch(
        DeviceKernel kernel, in KernelArguments arguments, (nint X, nint Y, nint Z) groups,
        (int X, int Y, int Z) items)
    {
        ObjectDisposedException.ThrowIf(_context == 0, this);
        nuint* local = stackalloc nuint[] { (nuint)items.X, (nuint)items.Y, (nuint)items.Z };
        nuint* global = stackalloc nuint[]
        {
            (nuint)(groups.X * items.X), (nuint)(groups.Y * items.Y), (nuint)(groups.Z * items.Z),
        };
        nint happening = ((OpenClKernel)kernel).Enqueue(_compute, arguments, global, local);
        try
        {
            foreach (DeviceBuffer buffer in arguments.Buffers)
            {
                ((OpenClBuffer)buffer).RecordUse(happening);
            }
        }
        finally
        {
            OpenClBuffer.ReleaseEvent(happening);
        }

        ErrorCodes.ThrowIfFailed(OpenCl.clFlush(_compute), nameof(OpenCl.clFlush));
    }

    /// <inheritdoc/>
    public override void Finish()
    {
        ObjectDisposedException.ThrowIf(_context == 0, this);
        ErrorCodes.ThrowIfFailed(OpenCl.clFinish(_compute), nameof(OpenCl.clFinish));
        ErrorCodes.ThrowIfFailed(OpenCl.clFinish(_transfer), nameof(OpenCl.clFinish));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_context == 0)
        {
            return;
        }

        Finish();
        ErrorCodes.ThrowIfFailed(OpenCl.clReleaseCommandQueue(_transfer), nameof(OpenCl.clReleaseCommandQueue));
        ErrorCodes.ThrowIfFailed(OpenCl.clReleaseCommandQueue(_compute), nameof(OpenCl.clReleaseCommandQueue));
        ErrorCodes.ThrowIfFailed(OpenCl.clReleaseContext(_context), nameof(OpenCl.clReleaseContext));
        _context = 0;
        _compute = 0;
        _transfer = 0;
    }

    /// <inheritdoc/>
    private protected override DeviceBuffer Allocate(long bytes)
    {
        int error;
        nint buffer = OpenCl.clCreateBuffer(Handle, ReadWrite, (nuint)bytes, null, &error);
        ErrorCodes.ThrowIfFailed(error, nameof(OpenCl.clCreateBuffer), $"{bytes} bytes on {Device.Name}");
        return new OpenClBuffer(buffer, bytes);
    }

    private void TransferBytes(
        bool toDevice, DeviceBuffer buffer, long offset, void* host, long bytes, uint waits, nint* waitList)
    {
        if (toDevice)
        {
            ErrorCodes.ThrowIfFailed(
                OpenCl.clEnqueueWriteBuffer(
                    _transfer, buffer.Handle, Blocking, (nuint)offset, (nuint)bytes, host, waits, waitList, null),
                nameof(OpenCl.clEnqueueWriteBuffer));
            return;
        }

        ErrorCodes.ThrowIfFailed(
            OpenCl.clEnqueueReadBuffer(_transfer, buffer.Handle, Blocking, (nuint)offset, (nuint)bytes, host, waits,
                waitList, null),
            nameof(OpenCl.clEnqueueReadBuffer));
    }

    private void TransferRows(
        bool toDevice, DeviceBuffer buffer, long offset, long bufferPitch, void* host, long hostPitch, long rowBytes,
        long rows, uint waits,
        nint* waitList)
    {
        // The offset goes into whole rows and the bytes of the last one, because some drivers want an origin inside a
        // row.
        nuint* bufferOrigin = stackalloc nuint[] { (nuint)(offset % bufferPitch), (nuint)(offset / bufferPitch), 0 };
        nuint* hostOrigin = stackalloc nuint[] { 0, 0, 0 };
        nuint* region = stackalloc nuint[] { (nuint)rowBytes, (nuint)rows, 1 };
        if (toDevice)
        {
            ErrorCodes.ThrowIfFailed(
                OpenCl.clEnqueueWriteBufferRect(
                    _transfer, buffer.Handle, Blocking, bufferOrigin, hostOrigin, region, (nuint)bufferPitch, 0,
                    (nuint)hostPitch, 0, host,
                    waits, waitList, null),
                nameof(OpenCl.clEnqueueWriteBufferRect));
            return;
        }

        ErrorCodes.ThrowIfFailed(
            OpenCl.clEnqueueReadBufferRect(
                _transfer, buffer.Handle, Blocking, bufferOrigin, hostOrigin, region, (nuint)bufferPitch, 0,
                (nuint)hostPitch, 0, host,
                waits, waitList, null),
            nameof(OpenCl.clEnqueueReadBufferRect));
    }
}
