namespace VemKernels.Interop;

/// <summary>A callback of the caller's returned other than 0.</summary>
internal sealed class CallbackFailedException(string callback, int code)
    : Exception($"The {callback} function of the caller returned {code}.");
