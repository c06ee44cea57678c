namespace VemKernels.Device;

/// <summary>A borrowed row-major matrix of the device; disposing gives it back.</summary>
internal readonly struct Scratch(ScratchBuffers pool, DeviceBuffer buffer, nint rows, nint columns) : IDisposable
{
    /// <summary>The matrix as kernels take it.</summary>
    public BufferView View => new(buffer, 0, rows, columns, columns, 1);

    public void Dispose() => pool.Return(buffer);
}
