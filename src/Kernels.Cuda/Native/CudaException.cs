namespace VemKernels.Cuda;

/// <summary>A call of CUDA, NVRTC, cuBLAS or cuSOLVER failed.</summary>
public sealed class CudaException : Exception
{
    /// <summary>Makes the exception of a call that returned a code.</summary>
    /// <param name="call">The function that failed.</param>
    /// <param name="code">What it returned.</param>
    /// <param name="text">What the library says that the code means.</param>
    /// <param name="detail">What else is known: a kernel's name, the compiler's log.</param>
    public CudaException(string call, int code, string text, string? detail = null)
        : base($"{call} failed with {code} ({text}){(detail is null ? "." : $": {detail}")}")
    {
        Call = call;
        Code = code;
    }

    /// <summary>Makes the exception of a call that could not be made.</summary>
    /// <param name="call">The function.</param>
    /// <param name="reason">Why: a sentence.</param>
    public CudaException(string call, string reason)
        : base($"{call}: {reason}") => Call = call;

    /// <summary>The function that failed.</summary>
    public string Call { get; }

    /// <summary>What it returned; 0 where it could not be called.</summary>
    public int Code { get; }

    /// <summary>
    /// Whether the device is lost to this process: every later call fails too, until the program starts again.
    /// </summary>
    public bool IsDeviceLost { get; init; }
}
