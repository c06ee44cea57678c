using VemKernels.Device;

namespace VemKernels.OpenCL;

/// <summary>A built program; takes over its reference.</summary>
internal sealed class OpenClProgram(nint program) : DeviceProgram
{
    private nint _handle = program;

    /// <inheritdoc/>
    /// <exception cref="OpenClException">The program has no kernel of that name.</exception>
    public override DeviceKernel Kernel(string name)
    {
        ObjectDisposedException.ThrowIf(_handle == 0, this);
        return new OpenClKernel(_handle, name);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_handle != 0)
        {
            ErrorCodes.ThrowIfFailed(OpenCl.clReleaseProgram(_handle), nameof(OpenCl.clReleaseProgram));
            _handle = 0;
        }
    }
}
