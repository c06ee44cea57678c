using VemKernels.Cli.Options;

namespace VemKernels.Cli.Fit;

/// <summary>The options of a fit under the names they have on the command line, for summary.json.</summary>
internal static class OptionsSummary
{
    /// <summary>What was given, and the defaults of what was not; null where an option is off.</summary>
    public static IReadOnlyDictionary<string, object?> Of(FitOptions options) => new Dictionary<string, object?>
    {
        ["features"] = options.Features.Select(space => space.ToString()).ToArray(),
        ["responses"] = options.Responses.ToString(),
        ["mask"] = options.Mask,
        ["runs"] = options.Runs?.ToString(),
        ["train-runs"] = options.TrainRuns?.ToString(),
        ["test-runs"] = options.TestRuns?.ToString(),
        ["delays"] = options.Delays.Select(delays => delays.ToString()).ToArray(),
        ["zscore-runs"] = options.ZScoreRuns,
        ["baseline"] = options.Baseline,
        ["model"] = options.Model,
        ["cv"] = options.CrossValidation.ToString(),
        ["score"] = options.ScoreWord,
        ["alphas"] = options.Alphas.Values,
        ["iterations"] = options.Iterations,
        ["seed"] = options.Seed,
        ["gammas"] = options.Gammas,
        ["fit-intercept"] = options.FitIntercept,
        ["dtype"] = options.DataType,
        ["memory"] = options.Memory?.Bytes,
    };
}
