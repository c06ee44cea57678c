namespace VemKernels.OpenCL;

/// <summary>A call of OpenCL failed.</summary>
public sealed class OpenClException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="call">The function that failed.</param>
    /// <param name="code">What it returned.</param>
    /// <param name="detail">What else is known: a kernel's name, the compiler's log.</param>
    public OpenClException(string call, int code, string? detail = null)
        : base($"{call} failed with {code} ({ErrorCodes.NameOf(code)}){(detail is null ? "." : $": {detail}")}")
    {
        Call = call;
        Code = code;
    }

    /// <summary>The function that failed.</summary>
    public string Call { get; }

    /// <summary>What it returned.</summary>
    public int Code { get; }
}
