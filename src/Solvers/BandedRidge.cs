using System.Numerics;
using VemKernels.Solvers.Designs;
using VemKernels.Solvers.RandomSearch;

namespace VemKernels.Solvers;

/// <summary>
/// Banded ridge regression: ridge with one regularisation a feature space, found for each target by random search over
/// the simplex of space weights (gammas) and a grid of alphas, by cross-validation.
/// </summary>
/// <remarks>
/// b = argmin |sum_i Z_i b_i - y|^2 + |b|^2, Z_i = exp(delta_i / 2) X_i, delta_i = log(gamma_i / alpha). Dupre la Tour,
/// Eickenberg, Nunez-Elizalde and Gallant, "Feature-space selection with banded ridge regression", NeuroImage 264
/// (2022), sections 2.4 and 2.5; evaluated from one factorisation a candidate (docs/algorithms.md).
/// </remarks>
public static class BandedRidge
{
    /// <summary>
    /// Fits banded ridge from features; works with features or with linear kernels, whichever is smaller.
    /// </summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="features">One matrix a space, samples x features.</param>
    /// <param name="targets">Responses, samples x targets.</param>
    /// <param name="gammas">
    /// Candidates, candidates x spaces: non-negative weights, as of <see cref="DirichletSamples"/>.
    /// </param>
    /// <param name="folds">Splits of cross-validation.</param>
    /// <param name="options">Alphas, score and so on.</param>
    /// <param name="weights">
    /// Memory for the weights (samples or features x targets); null: allocated in the result.
    /// </param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    /// <exception cref="ArgumentException">
    /// Shapes that do not fit, an alpha that is not positive, NaN or infinity in the data.
    /// </exception>
    /// <exception cref="MemoryBudgetException">The budget does not hold one tile.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static RandomSearchResult<T> Solve<T>(
        IBackend backend,
        IReadOnlyList<MatrixView<T>> features,
        TargetSource<T> targets,
        MatrixView<double> gammas,
        IReadOnlyList<Fold> folds,
        RandomSearchOptions options,
        MatrixView<T>? weights = null,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(features);
        return Solve(
            backend, new InputMatrices<T>(features), targets, gammas, folds, options, weights, progress, cancellation);
    }

    /// <summary>The same of features wherever each matrix of them lies; see <see cref="InputMatrix{T}"/>.</summary>
    public static RandomSearchResult<T> Solve<T>(
        IBackend backend,
        InputMatrices<T> features,
        TargetSource<T> targets,
        MatrixView<double> gammas,
        IReadOnlyList<Fold> folds,
        RandomSearchOptions options,
        MatrixView<T>? weights = null,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Problem<T> problem = new(
            Inputs<T>.Features(features), targets, gammas, folds, options, options.ShareCandidate ?? false, weights);
        return RandomSearch<T>.Run(backend, problem, progress, cancellation);
    }

    /// <summary>
    /// The same from one matrix of features whose spaces a label a feature names; see <see cref="GroupedFeatures{T}"/>.
    /// Rows of deltas and columns of gammas go by ascending label; primal weights are in the order of the matrix, zero
    /// for features of a negative label.
    /// </summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="features">samples x features.</param>
    /// <param name="groups">The label of each feature.</param>
    /// <param name="targets">Responses, samples x targets.</param>
    /// <param name="gammas">Candidates, candidates x labels.</param>
    /// <param name="folds">Splits of cross-validation.</param>
    /// <param name="options">Alphas, score and so on.</param>
    /// <param name="weights">
    /// Memory for the weights (samples or features x targets); null: allocated in the result.
    /// </param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    /// <exception cref="ArgumentException">
    /// As of the other overload; groups that do not label every feature.
    /// </exception>
    /// <exception cref="MemoryBudgetException">The budget does not hold one tile.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static RandomSearchResult<T> Solve<T>(
        IBackend backend,
        MatrixView<T> features,
        IReadOnlyList<int> groups,
        TargetSource<T> targets,
        MatrixView<double> gammas,
        IReadOnlyList<Fold> folds,
        RandomSearchOptions options,
        MatrixView<T>? weights = null,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(options);
        using GroupedFeatures<T> grouped = new(features, groups);
        if (options.Weights != WeightKind.Primal)
        {
            return Solve(backend, grouped.Spaces, targets, gammas, folds, options, weights, progress, cancellation);
        }

        if (weights is { } given)
        {
            Shapes.Require(given, features.Columns, targets.Targets, nameof(weights));
        }

        Matrix<T>? owned = weights is null ? new Matrix<T>(features.Columns, targets.Targets) : null;
        MatrixView<T> memory = weights ?? owned!.View;
        try
        {
            RandomSearchResult<T> result = Solve(
                backend, grouped.Spaces, targets, gammas, folds, options, memory.SliceRows(0, grouped.KeptFeatures),
                progress,
                cancellation);
            grouped.ToFeatureOrder(memory);
            result.Weights = owned;
            return result;
        }
        catch
        {
            owned?.Dispose();
            throw;
        }
    }
}
