namespace VemKernels.Interop;

/// <summary>Element types: vem_type of the header.</summary>
internal enum VemType
{
    /// <summary>float.</summary>
    Float32 = 1,

    /// <summary>double.</summary>
    Float64 = 2,
}
