namespace VemKernels.OpenCL;

/// <summary>
/// A kernel of a built program. Its arguments are state of the driver's: one thread sets them at a time.
/// </summary>
internal sealed unsafe class Kernel : IDisposable
{
    private nint _handle;

    /// <summary>Takes a kernel from a program.</summary>
    /// <exception cref="OpenClException">The program has none of that name.</exception>
    public Kernel(nint program, string name)
    {
        Name = name;
        int error;
        _handle = OpenCl.clCreateKernel(program, name, &error);
        ErrorCodes.ThrowIfFailed(error, nameof(OpenCl.clCreateKernel), name);
    }

    /// <summary>Its name in the source.</summary>
    public string Name { get; }

    /// <summary>Held from the first argument until the launch.</summary>
    public Lock Lock { get; } = new();

    /// <summary>The handle as OpenCL takes it.</summary>
    public nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, this);
            return _handle;
        }
    }

    public void Dispose()
    {
        if (_handle != 0)
        {
            ErrorCodes.ThrowIfFailed(OpenCl.clReleaseKernel(_handle), nameof(OpenCl.clReleaseKernel), Name);
            _handle = 0;
        }
    }
}
