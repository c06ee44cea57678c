namespace VemKernels.Solvers;

/// <summary>How kernel ridge with one kernel is solved.</summary>
public enum KernelRidgeSolver
{
    /// <summary>Eigendecomposition of the kernel: exact, and any number of alphas for the price of one.</summary>
    Eigenvalues,

    /// <summary>Singular value decomposition of the kernel; see <see cref="Diagonalization.Svd"/>.</summary>
    Svd,

    /// <summary>Conjugate gradient.</summary>
    ConjugateGradient,

    /// <summary>Gradient descent with a fixed step.</summary>
    GradientDescent,
}

/// <summary>
/// What to do about negative eigenvalues of a kernel that are more than rounding of its element type. (Rounding is
/// taken for zero.)
/// </summary>
public enum NegativeEigenvalues
{
    /// <summary>Take them for zero.</summary>
    Zeros,

    /// <summary>Throw <see cref="ArgumentException"/>.</summary>
    Error,

    /// <summary>
    /// Weights of targets whose alpha is under twice the size of the lowest eigenvalue are NaN; the others are solved
    /// with the eigenvalues as they are.
    /// </summary>
    NaN,
}

/// <summary>
/// Options of kernel ridge with one kernel. <see cref="DualSolverOptions.Tolerance"/> defaults to 1e-3.
/// </summary>
public sealed record KernelRidgeOptions : DualSolverOptions
{
    /// <summary>The solver.</summary>
    public KernelRidgeSolver Solver { get; init; } = KernelRidgeSolver.Eigenvalues;

    /// <summary>What the solvers by decomposition do about negative eigenvalues.</summary>
    public NegativeEigenvalues NegativeEigenvalues { get; init; } = NegativeEigenvalues.Zeros;
}
