using System.Numerics;
using VemKernels.Solvers.Lasso;
using VemKernels.Solvers.RandomSearch;

namespace VemKernels.Solvers;

/// <summary>
/// The sparse group lasso: few groups of features, and few features of each, for each target by itself.
/// </summary>
/// <remarks>
/// b = argmin |X b - y|^2 / (2 n) + l1 |b|_1 + l21 sum_g |b_g|_2, n samples. Simon, Friedman, Hastie and Tibshirani, "A
/// sparse-group lasso", J. Comput. Graph. Stat. 22 (2013); solved by (accelerated) proximal gradient descent, Beck and
/// Teboulle 2009.
/// </remarks>
public static class SparseGroupLasso
{
    /// <summary>Fits the sparse group lasso with given penalties.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="features">samples x features.</param>
    /// <param name="targets">Responses, samples x targets.</param>
    /// <param name="options">Penalties, groups and so on.</param>
    /// <param name="initialWeights">
    /// Where to start, features x targets; null for zeros. Those of ignored features are not looked at.
    /// </param>
    /// <param name="weights">Memory for the weights, features x targets; null: allocated in the result.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work before the next iteration.</param>
    /// <exception cref="ArgumentException">
    /// Shapes that do not fit, groups that do not label every feature, a penalty that is negative or not finite, NaN or
    /// infinity in the data.
    /// </exception>
    /// <exception cref="MemoryBudgetException">The budget does not hold one target.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static SparseGroupLassoResult<T> Solve<T>(
        IBackend backend,
        InputMatrix<T> features,
        TargetSource<T> targets,
        SparseGroupLassoOptions options,
        MatrixView<T>? initialWeights = null,
        MatrixView<T>? weights = null,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(backend);
        LassoProblem<T> problem = new(features, targets, options, weights);
        Penalties.RequireOneOrOneATarget(options.L21, targets.Targets, nameof(options.L21));
        Penalties.RequireOneOrOneATarget(options.L1, targets.Targets, nameof(options.L1));
        if (options.Lipschitz is { } lipschitz && !(lipschitz > 0 && double.IsFinite(lipschitz)))
        {
            throw new ArgumentException(
                $"Lipschitz is {lipschitz:G6}; expected a positive finite number.", nameof(options));
        }

        if (initialWeights is { } initial)
        {
            Shapes.Require(initial, features.Columns, targets.Targets, nameof(initialWeights));
            if (options.CheckFinite)
            {
                FiniteCheck.Require(initial, nameof(initialWeights), cancellation);
            }
        }

        LassoPlan plan = LassoPlan.Make(problem, backend, solves: 1);
        ProgressMeter meter = new(progress, LassoFit<T>.Work(problem.TargetCount), cancellation);
        meter.Enter("checks");
        problem.CheckFinite(backend, cancellation);
        meter.Enter("fit");
        using LassoFit<T> fit = new(backend, problem, plan, meter, cancellation);
        SparseGroupLassoResult<T> result = fit.FitAll(
            new Penalties(options.L21, options.L1), initialWeights, options.Lipschitz);
        meter.Finish();
        result.Timings = meter.Timings;
        return result;
    }
}
