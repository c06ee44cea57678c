using VemKernels.Solvers;

namespace VemKernels.Benchmark.Checks;

/// <summary>Whether a fit's cross-validation scores and weights are what <see cref="ExplicitFit"/> finds.</summary>
internal static class FitCheck
{
    /// <summary>Of scores, relative to the target's mean square: float data and kernels rounded to float.</summary>
    private const double ScoreTolerance = 1e-4;

    /// <summary>Of the systems that dual weights solve, relative to the target's norm.</summary>
    private const double ResidualTolerance = 1e-3;

    /// <summary>
    /// Of the scores of a descent, whose inner systems are solved by conjugate gradient to a tolerance of its own.
    /// </summary>
    private const double DescentTolerance = 1e-2;

    /// <summary>Of the last scores reported, which are those before the last step of the log weights.</summary>
    private const double LastStepTolerance = 5e-2;

    /// <summary>
    /// Up to so many samples, the explicit fit tries every alpha, to see whether the best was chosen.
    /// </summary>
    private const int SamplesForAllAlphas = 500;

    /// <summary>Checks some targets of a random search or a grid search.</summary>
    /// <param name="explicitFit">The same data, fitted the textbook's way.</param>
    /// <param name="alphas">The grid.</param>
    /// <param name="Y">Responses, samples x targets.</param>
    /// <param name="fit">What was found, dual weights included.</param>
    public static IReadOnlyList<CheckResult> Search(
        ExplicitFit explicitFit, IReadOnlyList<double> alphas, MatrixView<float> Y, RandomSearchResult<float> fit)
    {
        double score = 0, choice = 0, residual = 0;
        foreach (nint target in Sampled(Y.Columns))
        {
            double[] y = Column(Y, target);
            double[][] kernel = explicitFit.Combine(Column(fit.Deltas.View, target));
            double reported = fit.CvScores[fit.BestCandidates[target], target];
            double scale = MeanSquare(y);
            score = Math.Max(score, Math.Abs(explicitFit.Score(kernel, 1, y) - reported) / scale);
            residual = Math.Max(
                residual, ExplicitFit.DualResidual(kernel, Column(fit.Weights!.View, target), y));
            if (explicitFit.Samples <= SamplesForAllAlphas)
            {
                // The kernel is over the chosen alpha already: other alphas count relative to it.
                double best = alphas.Max(
                    alpha => explicitFit.Score(kernel, alpha / fit.BestAlphas[0, target], y));
                choice = Math.Max(choice, Math.Abs(best - reported) / scale);
            }
        }

        List<CheckResult> results =
        [
            new("cross-validation scores, folds solved one by one", score, ScoreTolerance),
            new("dual weights, residual of their systems", residual, ResidualTolerance),
        ];
        if (explicitFit.Samples <= SamplesForAllAlphas)
        {
            results.Add(new("best alpha of the grid", choice, ScoreTolerance));
        }

        return results;
    }

    /// <summary>Checks some targets of a descent.</summary>
    /// <param name="explicitFit">The same data, fitted the textbook's way.</param>
    /// <param name="initialDelta">The log weight of all kernels at its beginning.</param>
    /// <param name="Y">Responses, samples x targets.</param>
    /// <param name="fit">What was found.</param>
    public static IReadOnlyList<CheckResult> Descent(
        ExplicitFit explicitFit, double initialDelta, MatrixView<float> Y, HyperGradientResult<float> fit)
    {
        double first = 0, last = 0, loss = 0, residual = 0;
        foreach (nint target in Sampled(Y.Columns))
        {
            double[] y = Column(Y, target);
            double scale = MeanSquare(y);
            double[] deltas = Column(fit.Deltas.View, target);
            double[] initial = [.. deltas.Select(_ => initialDelta)];
            double before = explicitFit.Score(explicitFit.Combine(initial), 1, y);
            double[][] kernel = explicitFit.Combine(deltas);
            double after = explicitFit.Score(kernel, 1, y);
            first = Math.Max(first, Math.Abs(before - fit.CvScores[0, target]) / scale);
            last = Math.Max(last, Math.Abs(after - fit.CvScores[fit.CvScores.Rows - 1, target]) / scale);
            loss = Math.Max(loss, (before - after) / scale);
            residual = Math.Max(
                residual, ExplicitFit.DualResidual(kernel, Column(fit.Weights!.View, target), y));
        }

        return
        [
            new("first cross-validation scores, folds solved one by one", first, DescentTolerance),
            new("last cross-validation scores, folds solved one by one", last, LastStepTolerance),
            new("score lost by the descent", loss, DescentTolerance),
            new("dual weights, residual of their systems", residual, DescentTolerance),
        ];
    }

    /// <summary>The first, the middle and the last.</summary>
    private static IEnumerable<nint> Sampled(nint targets) => new[] { 0, targets / 2, targets - 1 }.Distinct();

    private static double MeanSquare(double[] y) => y.Average(value => value * value);

    private static double[] Column(MatrixView<float> A, nint column) =>
        [.. Enumerable.Range(0, (int)A.Rows).Select(row => (double)A[row, column])];
}
