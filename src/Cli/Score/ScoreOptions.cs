using VemKernels.Cli.Options;
using VemKernels.Cli.Predict;

namespace VemKernels.Cli.Score;

/// <summary>What <c>vem score</c> was asked for: a model and new features, or predictions.</summary>
internal sealed record ScoreOptions
{
    /// <summary>A model and new features; null where predictions are given.</summary>
    public NewFeatures? Input { get; init; }

    /// <summary>A .npy file of predictions, samples x targets; null where a model is given.</summary>
    public string? Predictions { get; init; }

    /// <summary>Measured responses.</summary>
    public required FileArgument Responses { get; init; }

    /// <summary>Mask of NIfTI responses; null for all voxels.</summary>
    public string? Mask { get; init; }

    /// <summary>The run of each sample; null: one run.</summary>
    public FileArgument? Runs { get; init; }

    /// <summary>Whether responses are z-scored inside runs, for predictions; a model knows by itself.</summary>
    public bool ZScoreRuns { get; init; }

    /// <summary>How r2 is split over the model's spaces.</summary>
    public SplitKind Split { get; init; }

    /// <summary>Type of the work on predictions; a model has its own.</summary>
    public DataType DataType { get; init; }

    /// <summary>The files that are read besides the model's.</summary>
    public IEnumerable<string> InputFiles => new[] { Predictions, Responses.Path, Mask, Runs?.Path }.OfType<string>()
        .Concat(Input?.InputFiles ?? []);
}
