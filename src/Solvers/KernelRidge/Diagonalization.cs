namespace VemKernels.Solvers;

/// <summary>How kernels are diagonalised.</summary>
public enum Diagonalization
{
    /// <summary>By symmetric eigendecomposition.</summary>
    Eigenvalues,

    /// <summary>
    /// By singular value decomposition: some times slower. The same, but for an indefinite kernel with eigenvalues of
    /// equal size and opposite signs, whose singular vectors are no eigenvectors.
    /// </summary>
    Svd,
}
