namespace VemKernels.Interop;

/// <summary>A handle stands for nothing, or for something else than it should.</summary>
internal sealed class InvalidHandleException(string message) : ArgumentException(message);
