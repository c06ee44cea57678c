namespace VemKernels.Cuda;

/// <summary>
/// Memory of another library. What that library's stream does next comes after what was computed here, once the buffer
/// is disposed.
/// </summary>
internal sealed class ForeignBuffer : CudaBuffer
{
    private readonly CudaRuntime _runtime;
    private readonly nint _stream;

    /// <summary>Lends memory.</summary>
    /// <param name="runtime">Where it is used.</param>
    /// <param name="address">The memory.</param>
    /// <param name="bytes">Its size.</param>
    /// <param name="stream">What its contents are ordered on; 0 for none.</param>
    /// <param name="lastUse">The command that a transfer must wait for.</param>
    public ForeignBuffer(CudaRuntime runtime, nint address, long bytes, nint stream, long lastUse)
        : base(address, bytes)
    {
        _runtime = runtime;
        _stream = stream;
        LastUse = lastUse;
    }

    protected override bool ReleaseHandle()
    {
        if (_stream != 0)
        {
            _runtime.LetFollow(_stream, LastUse);
        }

        return true;
    }
}
