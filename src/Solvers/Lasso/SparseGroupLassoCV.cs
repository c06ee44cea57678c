using System.Numerics;
using VemKernels.Solvers.Lasso;
using VemKernels.Solvers.RandomSearch;

namespace VemKernels.Solvers;

/// <summary>
/// The sparse group lasso with its two penalties found for each target by cross-validation; see <see
/// cref="SparseGroupLasso"/>.
/// </summary>
public static class SparseGroupLassoCV
{
    /// <summary>
    /// Tries each pair of penalties on each split, strongest first, each started from the solution before it; then fits
    /// all samples, from zero, with the pair of the best mean score.
    /// </summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="features">samples x features.</param>
    /// <param name="targets">Responses, samples x targets.</param>
    /// <param name="folds">Splits of cross-validation.</param>
    /// <param name="options">Penalties, groups and so on.</param>
    /// <param name="weights">Memory for the weights, features x targets; null: allocated in the result.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work before the next iteration.</param>
    /// <exception cref="ArgumentException">
    /// Shapes that do not fit, groups that do not label every feature, a penalty that is negative or not finite, NaN or
    /// infinity in the data.
    /// </exception>
    /// <exception cref="MemoryBudgetException">The budget does not hold one target.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static SparseGroupLassoCVResult<T> Solve<T>(
        IBackend backend,
        InputMatrix<T> features,
        TargetSource<T> targets,
        IReadOnlyList<Fold> folds,
        SparseGroupLassoCVOptions options,
        MatrixView<T>? weights = null,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(folds);
        LassoProblem<T> problem = new(features, targets, options, weights);
        Penalties.Require(options.L21, nameof(options.L21));
        Penalties.Require(options.L1, nameof(options.L1));
        RequireFolds(folds, problem.Samples);
        (double L21, double L1)[] grid =
        [
            .. from l21 in options.L21.OrderDescending() from l1 in options.L1.OrderDescending() select (l21, l1),
        ];

        LassoPlan plan = LassoPlan.Make(problem, backend, grid.Length);
        ProgressMeter meter = new(
            progress, LassoFit<T>.Work(problem.TargetCount) * ((grid.Length * folds.Count) + 1), cancellation);
        meter.Enter("checks");
        problem.CheckFinite(backend, cancellation);
        meter.Enter("cross-validation");
        using LassoFit<T> fit = new(backend, problem, plan, meter, cancellation);
        using PenaltyPath<T> path = new(backend, fit, options.Score);
        using Matrix<double> scores = path.Scores(folds, grid, problem.TargetCount);
        int[] best = Best(scores.View);

        meter.Enter("refit");
        SparseGroupLassoResult<T> refit = fit.FitAll(
            new Penalties(Array.ConvertAll(best, row => grid[row].L21), Array.ConvertAll(best, row => grid[row].L1)),
            null, null);
        meter.Finish();
        refit.Timings = meter.Timings;
        return new SparseGroupLassoCVResult<T>(grid, Rounded<T>(scores.View), best, refit);
    }

    private static void RequireFolds(IReadOnlyList<Fold> folds, int samples)
    {
        if (folds.Count == 0)
        {
            throw new ArgumentException("No split for cross-validation was given.", nameof(folds));
        }

        foreach (Fold fold in folds)
        {
            if (fold.Samples != samples)
            {
                throw new ArgumentException(
                    $"A split indexes {fold.Samples} samples; the features have {samples}.", nameof(folds));
            }
        }
    }

    /// <summary>The first row of the highest score, for each target.</summary>
    private static int[] Best(MatrixView<double> scores)
    {
        int[] best = new int[scores.Columns];
        for (nint i = 1; i < scores.Rows; i++)
        {
            for (nint j = 0; j < scores.Columns; j++)
            {
                if (scores[i, j] > scores[best[j], j])
                {
                    best[j] = (int)i;
                }
            }
        }

        return best;
    }

    private static Matrix<T> Rounded<T>(MatrixView<double> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Matrix<T> rounded = Matrix<T>.Uninitialized(values.Rows, values.Columns);
        for (nint i = 0; i < values.Rows; i++)
        {
            for (nint j = 0; j < values.Columns; j++)
            {
                rounded.View[i, j] = T.CreateTruncating(values[i, j]);
            }
        }

        return rounded;
    }
}
