namespace VemKernels.Device;

/// <summary>A kernel of a built program. It lives no longer than its program.</summary>
internal abstract class DeviceKernel(string name) : IDisposable
{
    /// <summary>Its name in the source.</summary>
    public string Name { get; } = name;

    /// <summary>Releases what the driver keeps of it.</summary>
    public abstract void Dispose();
}
