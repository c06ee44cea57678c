using System.Numerics;
using VemKernels.Solvers.Designs;
using VemKernels.Solvers.RandomSearch;

namespace VemKernels.Solvers;

/// <summary>
/// Multiple-kernel ridge regression: kernel ridge on sum_i gamma_i K_i, the kernel weights found for each target by
/// random search and cross-validation; see <see cref="BandedRidge"/> for the model and its source.
/// </summary>
public static class MultipleKernelRidge
{
    /// <summary>Fits multiple-kernel ridge by random search.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="kernels">Symmetric kernels, samples x samples each.</param>
    /// <param name="targets">Responses, samples x targets.</param>
    /// <param name="gammas">Candidates, candidates x kernels.</param>
    /// <param name="folds">Splits of cross-validation.</param>
    /// <param name="options">Alphas, score and so on.</param>
    /// <param name="features">One matrix a kernel, samples x features: needed for primal weights only.</param>
    /// <param name="weights">
    /// Memory for the weights (samples or features x targets); null: allocated in the result.
    /// </param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    /// <exception cref="ArgumentException">
    /// Shapes that do not fit, a kernel that is not symmetric, an alpha that is not positive, NaN or infinity.
    /// </exception>
    /// <exception cref="MemoryBudgetException">The budget does not hold one tile.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static RandomSearchResult<T> Solve<T>(
        IBackend backend,
        IReadOnlyList<MatrixView<T>> kernels,
        TargetSource<T> targets,
        MatrixView<double> gammas,
        IReadOnlyList<Fold> folds,
        RandomSearchOptions options,
        IReadOnlyList<MatrixView<T>>? features = null,
        MatrixView<T>? weights = null,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(kernels);
        return Solve(
            backend, new InputMatrices<T>(kernels), targets, gammas, folds, options,
            features is null ? null : new InputMatrices<T>(features), weights, progress, cancellation);
    }

    /// <summary>The same of kernels wherever each of them lies; see <see cref="InputMatrix{T}"/>.</summary>
    public static RandomSearchResult<T> Solve<T>(
        IBackend backend,
        InputMatrices<T> kernels,
        TargetSource<T> targets,
        MatrixView<double> gammas,
        IReadOnlyList<Fold> folds,
        RandomSearchOptions options,
        InputMatrices<T>? features = null,
        MatrixView<T>? weights = null,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Problem<T> problem = new(
            Inputs<T>.Kernels(kernels, features), targets, gammas, folds, options,
            options.ShareCandidate ?? !options.LocalAlpha, weights);
        return RandomSearch<T>.Run(backend, problem, progress, cancellation);
    }
}
