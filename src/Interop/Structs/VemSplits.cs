using System.Runtime.InteropServices;

namespace VemKernels.Interop;

/// <summary>Splits of cross-validation: vem_splits of the header.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct VemSplits
{
    /// <summary>Bytes of this structure.</summary>
    public long Size;

    /// <summary>How many splits.</summary>
    public long Count;

    /// <summary>Training rows, split after split.</summary>
    public long* Train;

    /// <summary>Where the training rows of each split end.</summary>
    public long* TrainEnds;

    /// <summary>Validation rows, split after split.</summary>
    public long* Validation;

    /// <summary>Where the validation rows of each split end.</summary>
    public long* ValidationEnds;
}
