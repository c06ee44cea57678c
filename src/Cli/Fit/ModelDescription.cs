using VemKernels.Cli.Inputs;
using VemKernels.Cli.Options;

namespace VemKernels.Cli.Fit;

/// <summary>What model.json holds: all of a model that is not an array.</summary>
internal sealed record ModelDescription
{
    /// <summary>What marks the file as ours.</summary>
    public const string FormatName = "vemkernels-model";

    /// <summary>The version of the format that this program writes, and the only one that it reads.</summary>
    public const int CurrentVersion = 2;

    /// <summary>Always <see cref="FormatName"/>.</summary>
    public required string Format { get; init; }

    /// <summary>Version of the format.</summary>
    public required int Version { get; init; }

    /// <summary>Which model was fitted.</summary>
    public required ModelKind Model { get; init; }

    /// <summary>Type of the data.</summary>
    public required DataType DataType { get; init; }

    /// <summary>Whether the runs of the samples were given.</summary>
    public required bool HasRuns { get; init; }

    /// <summary>Whether features and responses were z-scored inside runs.</summary>
    public required bool ZScoreRuns { get; init; }

    /// <summary>Whether an intercept was fitted.</summary>
    public required bool FitIntercept { get; init; }

    /// <summary>Training samples.</summary>
    public required int TrainingSamples { get; init; }

    /// <summary>Targets.</summary>
    public required long Targets { get; init; }

    /// <summary>The feature spaces, in order.</summary>
    public required IReadOnlyList<SpaceDescription> Spaces { get; init; }

    /// <summary>Whether all spaces are one kernel.</summary>
    public bool IsJoint() => Model != ModelKind.Banded;
}
