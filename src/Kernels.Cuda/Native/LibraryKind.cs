namespace VemKernels.Cuda;

/// <summary>A library of CUDA that is looked for at run time.</summary>
internal enum LibraryKind
{
    /// <summary>The driver, which comes with the card.</summary>
    Driver,

    /// <summary>NVRTC, the compiler.</summary>
    Compiler,

    /// <summary>cuBLAS, products and triangular solves.</summary>
    Blas,

    /// <summary>cuSOLVER, factorisations.</summary>
    Solver,
}
