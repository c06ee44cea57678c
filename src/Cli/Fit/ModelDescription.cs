using VemKernels.Cli.Inputs;
using VemKernels.Cli.Options;
using VemKernels.Solvers;

namespace VemKernels.Cli.Fit;

/// <summary>What model.json holds: all of a model that is not an array.</summary>
internal sealed record ModelDescription
{
    /// <summary>What marks the file as ours.</summary>
    public const string FormatName = "vemkernels-model";

    /// <summary>The latest version of the format: with spaces that are columns of one feature matrix.</summary>
    public const int CurrentVersion = 4;

    /// <summary>The version that is written where each space has features of its own.</summary>
    public const int UngroupedVersion = 3;

    /// <summary>The oldest version that it reads: without kernels and weights, which were linear and dual.</summary>
    public const int OldestVersion = 2;

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

    /// <summary>
    /// The one feature matrix that all spaces are columns of (see <see cref="SpaceDescription.SourceColumns"/>); null
    /// where each has features of its own.
    /// </summary>
    public SpaceDescription? Source { get; init; }

    /// <summary>Which weights were written.</summary>
    public WeightKind Weights { get; init; } = WeightKind.Dual;

    /// <summary>The kernel of each space, or the one of all; null for linear ones.</summary>
    public IReadOnlyList<KernelChoice>? Kernels { get; init; }

    /// <summary>Whether all spaces are one kernel.</summary>
    public bool IsJoint() => Model is ModelKind.Ridge or ModelKind.Kernel;

    /// <summary>How many kernels there are.</summary>
    public int KernelCount() => IsJoint() ? 1 : Spaces.Count;

    /// <summary>The kernel of each space, or the one of all.</summary>
    public IReadOnlyList<KernelChoice> KernelsInOrder() =>
        Kernels ?? [.. Enumerable.Repeat(KernelChoice.Linear, KernelCount())];

    /// <summary>What features are given for: the spaces, in order, or the one matrix of their columns.</summary>
    public IReadOnlyList<SpaceDescription> Sources() => Source is null ? Spaces : [Source];

    /// <summary>The name of each row of the deltas and of split scores: the spaces, or all of them as one.</summary>
    public IReadOnlyList<string> PartNames()
    {
        IReadOnlyList<string> names = [.. Spaces.Select(space => space.Name)];
        return IsJoint() ? [string.Join('+', names)] : names;
    }
}
