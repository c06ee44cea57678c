namespace VemKernels.Interop;

/// <summary>What a call returns: vem_status of the header.</summary>
internal enum VemStatus
{
    /// <summary>Done.</summary>
    Ok = 0,

    /// <summary>An argument is wrong: the text names it.</summary>
    InvalidArgument = 1,

    /// <summary>A handle stands for nothing, or for another kind of object.</summary>
    InvalidHandle = 2,

    /// <summary>Memory, or the budget, does not suffice.</summary>
    OutOfMemory = 3,

    /// <summary>The call was cancelled.</summary>
    Cancelled = 4,

    /// <summary>A matrix that must be positive definite is not.</summary>
    NotPositiveDefinite = 5,

    /// <summary>This machine, or this build, cannot do it.</summary>
    NotSupported = 6,

    /// <summary>A callback of the caller's returned other than 0.</summary>
    CallbackFailed = 7,

    /// <summary>The process has forked since the library was loaded.</summary>
    Forked = 8,

    /// <summary>An error of the library itself, or of a driver.</summary>
    Internal = 9,
}
