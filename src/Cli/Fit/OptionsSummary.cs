using VemKernels.Cli.Options;

namespace VemKernels.Cli.Fit;

/// <summary>The options of a fit under the names they have on the command line, for summary.json.</summary>
internal static class OptionsSummary
{
    /// <summary>
    /// What was given, and the defaults of what was not; null where an option is off or means nothing to the model.
    /// </summary>
    public static IReadOnlyDictionary<string, object?> Of(FitOptions options) => All(options).ToDictionary(
        option => option.Key, option => options.Unused.Contains(option.Key) ? null : option.Value);

    private static Dictionary<string, object?> All(FitOptions options) => new()
    {
        ["features"] = options.Features.Select(space => space.ToString()).ToArray(),
        ["groups"] = options.Groups?.ToString(),
        ["responses"] = options.Responses.ToString(),
        ["mask"] = options.Mask,
        ["runs"] = options.Runs?.ToString(),
        ["train-runs"] = options.TrainRuns?.ToString(),
        ["test-runs"] = options.TestRuns?.ToString(),
        ["delays"] = options.Delays.Select(delays => delays.ToString()).ToArray(),
        ["delay-prior"] = options.DelayPriors.Select(prior => prior.ToString()).ToArray(),
        ["zscore-runs"] = options.ZScoreRuns,
        ["baseline"] = options.Baseline,
        ["model"] = options.Model.Word(),
        ["weights"] = options.Weights,
        ["cv"] = options.CrossValidation.ToString(),
        ["score"] = options.ScoreWord,
        ["alphas"] = options.Search.Alphas.Values,
        ["iterations"] = options.Search.Iterations,
        ["seed"] = options.Search.Seed,
        ["gammas"] = options.Search.Gammas,
        ["concentrations"] = options.Search.Concentrations,
        ["winner-take-all"] = options.Search.WinnerTakeAll,
        ["global-alpha"] = options.Search.GlobalAlpha,
        ["share-candidate"] = options.Search.ShareCandidate,
        ["conservative"] = options.Search.Conservative,
        ["jitter-alphas"] = options.Search.JitterAlphas,
        ["alpha-tolerance"] = options.Search.AlphaTolerance,
        ["kernel"] = options.Kernels.Given.Select(kernel => kernel.ToString()).ToArray(),
        ["alpha"] = options.Given.Alpha?.ToString(),
        ["deltas"] = options.Given.Deltas,
        ["sample-weights"] = options.Given.SampleWeights,
        ["max-iterations"] = options.Descent.MaxIterations,
        ["tolerance"] = options.Descent.Tolerance,
        ["hyper-gradient"] = options.Descent.Method,
        ["inner"] = options.Descent.Inner,
        ["initial-deltas"] = options.Descent.Initial.ToString(),
        ["l21"] = options.Lasso.L21.Values,
        ["l1"] = options.Lasso.L1.Values,
        ["fit-intercept"] = options.FitIntercept,
        ["dtype"] = options.DataType,
        ["memory"] = options.Memory?.Bytes,
        ["report"] = options.Report,
    };
}
