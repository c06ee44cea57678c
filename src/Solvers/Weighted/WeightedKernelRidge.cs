using System.Numerics;
using VemKernels.Solvers.Weighted;

namespace VemKernels.Solvers;

/// <summary>
/// Kernel ridge regression on a weighted sum of kernels whose log weights (deltas) are given, for all targets or for
/// each: w = (sum_i exp(delta_i) K_i + alpha I)^-1 y.
/// </summary>
/// <remarks>
/// Each step takes one weighted kernel product for all targets of a tile; no array of kernels x samples x targets
/// exists. Targets that have converged leave the tile. Dupre la Tour, Eickenberg, Nunez-Elizalde and Gallant,
/// "Feature-space selection with banded ridge regression", NeuroImage 264 (2022), section 2.6.
/// </remarks>
public static class WeightedKernelRidge
{
    /// <summary>Solves for dual weights.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="kernels">Symmetric kernels, samples x samples each.</param>
    /// <param name="targets">Responses, samples x targets.</param>
    /// <param name="deltas">
    /// Log kernel weights, kernels x targets, or kernels x 1 for all targets; minus infinity leaves a kernel out.
    /// </param>
    /// <param name="options">Alphas, solver and so on.</param>
    /// <param name="initialDualWeights">
    /// Where to start, samples x targets; null: at zero. Not for the Neumann series.
    /// </param>
    /// <param name="weights">Memory for the dual weights, samples x targets; null: allocated in the result.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work before the next step.</param>
    /// <exception cref="ArgumentException">
    /// Shapes that do not fit, a kernel that is not symmetric, numbers out of range, NaN or infinity.
    /// </exception>
    /// <exception cref="MemoryBudgetException">The budget does not hold one tile.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static DualWeightsResult<T> Solve<T>(
        IBackend backend,
        IReadOnlyList<MatrixView<T>> kernels,
        TargetSource<T> targets,
        MatrixView<T> deltas,
        WeightedKernelRidgeOptions options,
        MatrixView<T>? initialDualWeights = null,
        MatrixView<T>? weights = null,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(kernels);
        return Solve(
            backend, new InputMatrices<T>(kernels), targets, deltas, options, initialDualWeights, weights, progress,
            cancellation);
    }

    /// <summary>The same of kernels wherever each of them lies; see <see cref="InputMatrix{T}"/>.</summary>
    public static DualWeightsResult<T> Solve<T>(
        IBackend backend,
        InputMatrices<T> kernels,
        TargetSource<T> targets,
        MatrixView<T> deltas,
        WeightedKernelRidgeOptions options,
        MatrixView<T>? initialDualWeights = null,
        MatrixView<T>? weights = null,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(kernels);
        ArgumentNullException.ThrowIfNull(targets);
        DualProblem<T> problem = new(
            backend, kernels, i => $"{nameof(kernels)}[{i}]", deltas, targets, options, initialDualWeights, weights);
        if (options.Solver == WeightedKernelRidgeSolver.NeumannSeries && initialDualWeights is not null)
        {
            throw new ArgumentException("A Neumann series has no start to choose.", nameof(initialDualWeights));
        }

        SolverArguments.RequirePerTarget(options.NeumannFactors, problem.TargetCount, "neumannFactors");
        double tolerance = options.Solver == WeightedKernelRidgeSolver.ConjugateGradient
            ? IterativeSolver<T>.TightTolerance
            : IterativeSolver<T>.LooseTolerance;
        IterativeSolver<T> solver = new(backend, problem, options.Solver, tolerance, options.NeumannFactors);
        return solver.Run(progress, cancellation);
    }
}
