namespace VemKernels.Solvers;

/// <summary>How kernel ridge with given kernel weights is solved.</summary>
public enum WeightedKernelRidgeSolver
{
    /// <summary>Conjugate gradient.</summary>
    ConjugateGradient,

    /// <summary>Gradient descent with a fixed step a target.</summary>
    GradientDescent,

    /// <summary>A truncated Neumann series: a direction rather than a solution, for hyper-gradients.</summary>
    NeumannSeries,
}

/// <summary>Options of kernel ridge with given log kernel weights.</summary>
public sealed record WeightedKernelRidgeOptions : DualSolverOptions
{
    /// <summary>The solver; tolerances default to 1e-4 for conjugate gradient and 1e-3 for gradient descent.</summary>
    public WeightedKernelRidgeSolver Solver { get; init; } = WeightedKernelRidgeSolver.ConjugateGradient;

    /// <summary>
    /// The factor f of the Neumann series f sum_i (I - f (K + alpha I))^i, one for all targets or one a target; it
    /// converges where f is under 2 over the largest eigenvalue.
    /// </summary>
    public IReadOnlyList<double> NeumannFactors { get; init; } = [1e-4];
}
