namespace VemKernels.Simd;

/// <summary>What a gemm may leave out.</summary>
[Flags]
internal enum GemmShapes
{
    /// <summary>Nothing.</summary>
    General = 0,

    /// <summary>Micro-tiles of C strictly above its diagonal: C is symmetric and the caller mirrors it.</summary>
    LowerC = 1,

    /// <summary>
    /// A is square and upper triangular (with its zeros stored): products with the zeros left of each row panel.
    /// </summary>
    UpperA = 2,

    /// <summary>
    /// A is square and lower triangular (with its zeros stored): products with the zeros right of it.
    /// </summary>
    LowerA = 4,
}
