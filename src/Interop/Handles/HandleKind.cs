namespace VemKernels.Interop;

/// <summary>What a handle stands for.</summary>
internal enum HandleKind
{
    /// <summary>Nothing: the handle 0.</summary>
    None = 0,

    /// <summary>A backend.</summary>
    Backend = 1,

    /// <summary>A flag that stops calls.</summary>
    Cancellation = 2,
}
