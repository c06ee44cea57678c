namespace VemKernels.OpenCL;

/// <summary>
/// A context on one device and its two queues, both in order: one computes, one transfers. A transfer waits for the
/// last command that uses its buffer, no longer; what computes later comes after it, because transfers are waited for.
/// </summary>
internal sealed unsafe class DeviceContext : IDisposable
{
    private const nint ContextPlatform = 0x1084;
    private const ulong ReadWrite = 1;
    private const ulong CopyHostPointer = 1 << 5;
    private const uint Blocking = 1;
    private const uint MemoryContext = 0x1106;

    private nint _context;
    private nint _compute;
    private nint _transfer;

    /// <summary>Opens a device.</summary>
    /// <exception cref="OpenClException">The driver fails.</exception>
    public DeviceContext(OpenClDevice device, OpenClLimits limits)
    {
        Device = device;
        Limits = limits;
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

    /// <summary>What the device has, or is made to look as if it had.</summary>
    public OpenClLimits Limits { get; }

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

    /// <summary>The queue that computes.</summary>
    public nint ComputeQueue
    {
        get
        {
            ObjectDisposedException.ThrowIf(_context == 0, this);
            return _compute;
        }
    }

    /// <summary>Allocates; the contents are undefined.</summary>
    /// <exception cref="InsufficientMemoryException">
    /// The device has no such memory left, or allows no buffer of that size.
    /// </exception>
    public DeviceBuffer CreateBuffer(long bytes)
    {
        RequireAllowed(bytes);
        int error;
        long size = Math.Max(bytes, sizeof(double));
        nint buffer = OpenCl.clCreateBuffer(Handle, ReadWrite, (nuint)size, null, &error);
        ErrorCodes.ThrowIfFailed(error, nameof(OpenCl.clCreateBuffer), $"{bytes} bytes on {Device.Name}");
        return new DeviceBuffer(buffer, size);
    }

    /// <summary>A small buffer with contents.</summary>
    /// <exception cref="InsufficientMemoryException">The device has no such memory left.</exception>
    public DeviceBuffer CreateBuffer(ReadOnlySpan<int> contents)
    {
        int error;
        fixed (int* pointer = contents.IsEmpty ? [0] : contents)
        {
            long size = Math.Max(contents.Length, 1) * (long)sizeof(int);
            nint buffer = OpenCl.clCreateBuffer(Handle, ReadWrite | CopyHostPointer, (nuint)size, pointer, &error);
            ErrorCodes.ThrowIfFailed(error, nameof(OpenCl.clCreateBuffer), $"{size} bytes on {Device.Name}");
            return new DeviceBuffer(buffer, size);
        }
    }

    /// <summary>Takes a reference to a buffer of somebody else's; null where it belongs to another context.</summary>
    public DeviceBuffer? TryRetain(nint buffer, long bytes)
    {
        nint owner;
        if (OpenCl.clGetMemObjectInfo(buffer, MemoryContext, (nuint)sizeof(nint), &owner, null) != 0 || owner != Handle)
        {
            return null;
        }

        ErrorCodes.ThrowIfFailed(OpenCl.clRetainMemObject(buffer), nameof(OpenCl.clRetainMemObject));
        return new DeviceBuffer(buffer, bytes);
    }

    /// <summary>Copies rows between host and device, and waits; pitches and offset in bytes.</summary>
    public void Transfer(
        bool toDevice, DeviceBuffer buffer, long offset, long bufferPitch, void* host, long hostPitch, long rowBytes,
        long rows)
    {
        ObjectDisposedException.ThrowIf(_context == 0, this);
        nint happening = buffer.LastUse();
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
            DeviceBuffer.ReleaseEvent(happening);
        }
    }

    /// <summary>Waits for everything that was queued.</summary>
    public void Finish()
    {
        ErrorCodes.ThrowIfFailed(OpenCl.clFinish(ComputeQueue), nameof(OpenCl.clFinish));
        ErrorCodes.ThrowIfFailed(OpenCl.clFinish(_transfer), nameof(OpenCl.clFinish));
    }

    public void Dispose()
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

    private void RequireAllowed(long bytes)
    {
        if (bytes > Limits.LargestAllocationBytes)
        {
            throw new InsufficientMemoryException(
                $"A buffer of {bytes} bytes was asked for; {Device.Name} allows "
                + $"{Limits.LargestAllocationBytes} bytes at most.");
        }
    }
}
