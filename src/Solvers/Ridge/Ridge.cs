using System.Numerics;
using VemKernels.Solvers.Weighted;

namespace VemKernels.Solvers;

/// <summary>
/// Ridge regression with given alphas, one for all targets or one a target: b = argmin |X b - y|^2 + alpha |b|^2.
/// </summary>
/// <remarks>
/// Hoerl and Kennard, "Ridge regression: biased estimation for nonorthogonal problems", Technometrics 12 (1970).
/// </remarks>
public static class Ridge
{
    /// <summary>Solves for the weights of features.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="features">Samples x features.</param>
    /// <param name="targets">Responses, samples x targets.</param>
    /// <param name="options">Alphas, intercept, solver and so on.</param>
    /// <param name="weights">Memory for the weights, features x targets; null: allocated in the result.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    /// <exception cref="ArgumentException">
    /// Shapes that do not fit, an alpha that is not positive, NaN or infinity.
    /// </exception>
    /// <exception cref="MemoryBudgetException">The budget does not hold one tile.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static RidgeResult<T> Solve<T>(
        IBackend backend,
        InputMatrix<T> features,
        TargetSource<T> targets,
        RidgeOptions options,
        MatrixView<T>? weights = null,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(targets);
        if (features.Columns == 0 || features.Rows == 0 || features.Rows != targets.Samples)
        {
            throw new ArgumentException(
                $"features are {features.Rows} x {features.Columns}; targets have {targets.Samples} samples.",
                nameof(features));
        }

        SolverArguments.RequireTargets(targets);
        SolverArguments.RequirePerTarget(options.Alphas, (int)targets.Targets, "alphas");
        SampleWeights.Require(options.SampleWeights, (int)targets.Samples);
        if (weights is { } memory)
        {
            Shapes.Require(memory, features.Columns, targets.Targets, nameof(weights));
        }

        if (options.CheckFinite)
        {
            features.RequireFinite(nameof(features), cancellation);
            FiniteCheck.Require(backend, targets, nameof(targets), cancellation);
        }

        return new SpectralRidge<T>(backend, features, targets, options).Run(weights, progress, cancellation);
    }
}
