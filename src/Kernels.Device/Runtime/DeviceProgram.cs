namespace VemKernels.Device;

/// <summary>A program as the device runs it.</summary>
internal abstract class DeviceProgram : IDisposable
{
    /// <summary>A kernel of the program; the caller disposes it, before the program.</summary>
    public abstract DeviceKernel Kernel(string name);

    /// <summary>Unloads the program.</summary>
    public abstract void Dispose();
}
