namespace VemKernels.Simd;

/// <summary>What a gemm may leave out.</summary>
internal enum GemmShape
{
    /// <summary>Nothing.</summary>
    General,

    /// <summary>Micro-tiles of C strictly above its diagonal: C is symmetric and the caller mirrors it.</summary>
    LowerC,

    /// <summary>
    /// A is square and upper triangular (with its zeros stored): products with the zeros left of each row panel.
    /// </summary>
    UpperA,
}
