namespace VemKernels.Interop;

/// <summary>Where a hyper-gradient descent begins: vem_initial_deltas of the header.</summary>
internal enum InitialKind
{
    /// <summary>The same log weight everywhere.</summary>
    Constant = 0,

    /// <summary>The caller's.</summary>
    Given = 1,

    /// <summary>Ridge with cross-validated alpha on the average kernel.</summary>
    RidgeCV = 2,
}
