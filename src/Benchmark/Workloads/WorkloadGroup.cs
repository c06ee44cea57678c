namespace VemKernels.Benchmark.Workloads;

/// <summary>
/// What workloads are about. Each group has the same weight in the score, however many workloads it has.
/// </summary>
internal enum WorkloadGroup
{
    /// <summary>What the device could do at most: multiply-adds and memory.</summary>
    Peak,

    /// <summary>Products of matrices.</summary>
    Gemm,

    /// <summary>Cholesky, eigenvalues, singular values of one large matrix.</summary>
    Factorisation,

    /// <summary>The same of many small ones.</summary>
    Batched,

    /// <summary>Fits of kernel ridge.</summary>
    KernelRidge,

    /// <summary>Fits of banded ridge by random search.</summary>
    BandedRidge,

    /// <summary>Fits of multiple-kernel ridge by hyper-gradient descent.</summary>
    HyperGradient,
}
