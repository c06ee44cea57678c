namespace VemKernels.Cuda.Tests;

/// <summary>When the fake runs what a stream was told: what lacks a wait comes to light in one of them.</summary>
internal enum FakeOrder
{
    /// <summary>At once.</summary>
    Eager = 0,

    /// <summary>When somebody waits.</summary>
    Lazy = 1,

    /// <summary>Copies at once, kernels when somebody waits: a copy that does not wait overwrites too early.</summary>
    CopiesFirst = 2,

    /// <summary>
    /// Kernels at once, copies when somebody waits: a kernel that does not wait reads what is not there.
    /// </summary>
    KernelsFirst = 3,
}
