using System.Numerics;
using VemKernels.Solvers.HyperGradient;
using VemKernels.Solvers.RandomSearch;

namespace VemKernels.Solvers;

/// <summary>
/// Multiple-kernel ridge regression by hyper-gradient descent: the log kernel weights (deltas) of each target descend
/// on its validation loss over the folds, through the dual weights that depend on them.
/// </summary>
/// <remarks>
/// w(delta) = (sum_i exp(delta_i) K_i + I)^-1 y on the training rows; loss = |sum_i exp(delta_i) K_i w - y|^2 / 2 on
/// the validation rows. Dupre la Tour, Eickenberg, Nunez-Elizalde and Gallant, "Feature-space selection with banded
/// ridge regression", NeuroImage 264 (2022), section 2.6; Pedregosa, "Hyperparameter optimization with approximate
/// gradient", ICML 2016. Products by kernel are reduced where they are made (<see
/// cref="IBackend.KernelProductMoments"/>): there is no array of kernels x samples x targets.
/// </remarks>
public static class HyperGradientDescent
{
    /// <summary>Fits multiple-kernel ridge by hyper-gradient descent.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="kernels">Symmetric kernels, samples x samples each.</param>
    /// <param name="targets">Responses, samples x targets.</param>
    /// <param name="folds">Splits of cross-validation.</param>
    /// <param name="options">Method, iterations, tolerances and so on.</param>
    /// <param name="initial">Where to begin; null: all deltas 0.</param>
    /// <param name="features">One matrix a kernel, samples x features: needed for primal weights only.</param>
    /// <param name="weights">
    /// Memory for the weights (samples or features x targets); null: allocated in the result.
    /// </param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work before the next fold.</param>
    /// <exception cref="ArgumentException">
    /// Shapes that do not fit, a kernel that is not symmetric, deltas that are NaN or have an infinite exponential, NaN
    /// or infinity in the data.
    /// </exception>
    /// <exception cref="ArithmeticException">The descent diverged: a delta's exponential overflowed.</exception>
    /// <exception cref="MemoryBudgetException">The budget does not hold one tile.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static HyperGradientResult<T> Solve<T>(
        IBackend backend,
        IReadOnlyList<MatrixView<T>> kernels,
        TargetSource<T> targets,
        IReadOnlyList<Fold> folds,
        HyperGradientOptions options,
        InitialDeltas<T>? initial = null,
        IReadOnlyList<MatrixView<T>>? features = null,
        MatrixView<T>? weights = null,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(kernels);
        return Solve(
            backend, new InputMatrices<T>(kernels), targets, folds, options, initial,
            features is null ? null : new InputMatrices<T>(features), weights, progress, cancellation);
    }

    /// <summary>The same of kernels wherever each of them lies; see <see cref="InputMatrix{T}"/>.</summary>
    public static HyperGradientResult<T> Solve<T>(
        IBackend backend,
        InputMatrices<T> kernels,
        TargetSource<T> targets,
        IReadOnlyList<Fold> folds,
        HyperGradientOptions options,
        InitialDeltas<T>? initial = null,
        InputMatrices<T>? features = null,
        MatrixView<T>? weights = null,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(backend);
        DescentProblem<T> problem = new(
            Inputs<T>.Kernels(kernels, features), targets, folds, options, initial ?? InitialDeltas<T>.Constant(0),
            weights);
        return Descent<T>.Run(backend, problem, progress, cancellation);
    }

    /// <summary>
    /// Refines what a random search found: descends from its log weights, warm-started with its dual weights.
    /// </summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="kernels">The kernels that were searched over.</param>
    /// <param name="targets">Responses, samples x targets.</param>
    /// <param name="search">The result of <see cref="MultipleKernelRidge"/> on the same kernels and targets.</param>
    /// <param name="folds">Splits of cross-validation.</param>
    /// <param name="options">Method, iterations, tolerances and so on.</param>
    /// <param name="features">One matrix a kernel, samples x features: needed for primal weights only.</param>
    /// <param name="weights">
    /// Memory for the weights (samples or features x targets); null: allocated in the result.
    /// </param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work before the next fold.</param>
    /// <returns>As of a descent from anywhere.</returns>
    /// <exception cref="ArgumentException">
    /// As of a descent from anywhere, or a search of other kernels or targets.
    /// </exception>
    public static HyperGradientResult<T> Refine<T>(
        IBackend backend,
        IReadOnlyList<MatrixView<T>> kernels,
        TargetSource<T> targets,
        RandomSearchResult<T> search,
        IReadOnlyList<Fold> folds,
        HyperGradientOptions options,
        IReadOnlyList<MatrixView<T>>? features = null,
        MatrixView<T>? weights = null,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Solve(
            backend, kernels, targets, folds, options, InitialDeltas<T>.From(search), features, weights, progress,
            cancellation);
}
