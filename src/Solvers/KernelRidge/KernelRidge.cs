using System.Numerics;
using VemKernels.Solvers.Weighted;

namespace VemKernels.Solvers;

/// <summary>
/// Kernel ridge regression with given alphas, one for all targets or one a target: w = (K + alpha I)^-1 y.
/// </summary>
/// <remarks>Saunders, Gammerman and Vovk, "Ridge regression learning algorithm in dual variables", ICML 1998.</remarks>
public static class KernelRidge
{
    /// <summary>Solves for dual weights: predictions are K w + intercept.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="kernel">Symmetric, samples x samples.</param>
    /// <param name="targets">Responses, samples x targets.</param>
    /// <param name="options">Alphas, solver, sample weights and so on.</param>
    /// <param name="initialDualWeights">Where an iterative solver starts, samples x targets; null: at zero.</param>
    /// <param name="weights">Memory for the dual weights, samples x targets; null: allocated in the result.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work before the next tile or step.</param>
    /// <exception cref="ArgumentException">
    /// Shapes that do not fit, a kernel that is not symmetric or, where the options say so, not positive semi-definite,
    /// numbers out of range, NaN or infinity.
    /// </exception>
    /// <exception cref="MemoryBudgetException">The budget does not hold one tile.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static DualWeightsResult<T> Solve<T>(
        IBackend backend,
        InputMatrix<T> kernel,
        TargetSource<T> targets,
        KernelRidgeOptions options,
        MatrixView<T>? initialDualWeights = null,
        MatrixView<T>? weights = null,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(targets);
        DualProblem<T> problem = new(
            backend, new InputMatrices<T>([kernel]), _ => nameof(kernel), null, targets, options, initialDualWeights,
            weights);
        if (options.Solver is KernelRidgeSolver.Eigenvalues or KernelRidgeSolver.Svd)
        {
            return new SpectralKernelRidge<T>(backend, problem, options).Run(progress, cancellation);
        }

        WeightedKernelRidgeSolver solver = options.Solver == KernelRidgeSolver.ConjugateGradient
            ? WeightedKernelRidgeSolver.ConjugateGradient
            : WeightedKernelRidgeSolver.GradientDescent;
        return new IterativeSolver<T>(
            backend, problem, solver, IterativeSolver<T>.LooseTolerance, []).Run(progress, cancellation);
    }
}
