using VemKernels.Device;

namespace VemKernels.OpenCL;

/// <summary>
/// A kernel of a built program. Its arguments are state of the driver's: one thread sets them at a time.
/// </summary>
internal sealed unsafe class OpenClKernel : DeviceKernel
{
    private readonly Lock _lock = new();
    private nint _handle;

    /// <summary>Takes a kernel from a program.</summary>
    /// <exception cref="OpenClException">The program has none of that name.</exception>
    public OpenClKernel(nint program, string name)
        : base(name)
    {
        int error;
        _handle = OpenCl.clCreateKernel(program, name, &error);
        ErrorCodes.ThrowIfFailed(error, nameof(OpenCl.clCreateKernel), name);
    }

    /// <summary>Sets the arguments and queues the kernel.</summary>
    /// <returns>The event of the command, with a reference for the caller to release.</returns>
    public nint Enqueue(nint queue, in KernelArguments arguments, nuint* global, nuint* local)
    {
        ReadOnlySpan<byte> sizes = arguments.Sizes;
        nint happening;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_handle == 0, this);
            fixed (ulong* slots = arguments.Slots)
            {
                for (int i = 0; i < sizes.Length; i++)
                {
                    int code = OpenCl.clSetKernelArg(_handle, (uint)i, sizes[i], slots + i);
                    ErrorCodes.ThrowIfFailed(code, nameof(OpenCl.clSetKernelArg), $"argument {i} of {Name}");
                }
            }

            ErrorCodes.ThrowIfFailed(
                OpenCl.clEnqueueNDRangeKernel(queue, _handle, 3, null, global, local, 0, null, &happening),
                nameof(OpenCl.clEnqueueNDRangeKernel), Name);
        }

        return happening;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_handle != 0)
        {
            ErrorCodes.ThrowIfFailed(OpenCl.clReleaseKernel(_handle), nameof(OpenCl.clReleaseKernel), Name);
            _handle = 0;
        }
    }
}
