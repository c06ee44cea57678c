namespace VemKernels.Solvers;

/// <summary>How ridge with given alphas is solved; all agree in exact arithmetic.</summary>
public enum RidgeSolver
{
    /// <summary>
    /// In feature space where there are fewer features than samples, by the Gram matrix unless an alpha is so small
    /// that its rounding would show; else by the linear kernel.
    /// </summary>
    Automatic,

    /// <summary>Eigendecomposition of X'X: features x features.</summary>
    Gram,

    /// <summary>Thin singular value decomposition of X: the most accurate for small alphas.</summary>
    Svd,

    /// <summary>Eigendecomposition of XX': samples x samples.</summary>
    Kernel,
}

/// <summary>Options of ridge with given alphas.</summary>
public sealed record RidgeOptions
{
    /// <summary>Regularisation, positive: one for all targets, or one a target. Default 1.</summary>
    public IReadOnlyList<double> Alphas { get; init; } = [1.0];

    /// <summary>
    /// Whether an unpenalised intercept is fitted. If not, features and responses should be zero-mean.
    /// </summary>
    public bool FitIntercept { get; init; }

    /// <summary>
    /// Weights of the samples' squared errors, each at least 0; null for ones. A whole number counts its sample that
    /// often.
    /// </summary>
    public IReadOnlyList<double>? SampleWeights { get; init; }

    /// <summary>The solver.</summary>
    public RidgeSolver Solver { get; init; } = RidgeSolver.Automatic;

    /// <summary>Cap on the workspace beyond inputs and outputs.</summary>
    public MemoryBudget Memory { get; init; } = MemoryBudget.Default;

    /// <summary>Checks features and responses for NaN and infinity before any work.</summary>
    public bool CheckFinite { get; init; } = true;
}
