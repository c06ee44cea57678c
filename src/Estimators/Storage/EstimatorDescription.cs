using System.Text.Json;
using System.Text.Json.Serialization;

namespace VemKernels.Estimators;

/// <summary>What the description of a saved estimator holds: all that is not an array.</summary>
public sealed record EstimatorDescription
{
    /// <summary>What marks the file as ours.</summary>
    public const string FormatName = "vemkernels-estimator";

    /// <summary>
    /// The version that this library writes, and the newest that it reads. (2: kernels other than linear.)
    /// </summary>
    public const int CurrentVersion = 2;

    /// <summary>Always <see cref="FormatName"/>.</summary>
    public required string Format { get; init; }

    /// <summary>Version of the format.</summary>
    public required int Version { get; init; }

    /// <summary>Name of the estimator's class, such as "BandedRidgeCV".</summary>
    public required string Estimator { get; init; }

    /// <summary>"float32" or "float64".</summary>
    public required string DataType { get; init; }

    /// <summary>Sizes of the fit.</summary>
    public required ModelSizes Sizes { get; init; }

    /// <summary>The columns of each space and their kernel, where the fit was to columns of one matrix.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SavedSpace>? Spaces { get; init; }

    /// <summary>The estimator's options.</summary>
    public required JsonElement Options { get; init; }

    /// <summary>Whether sizes and spaces can be those of one model.</summary>
    internal bool IsConsistent() => Sizes.IsConsistent() && (Spaces is null || (Spaces.Count == Sizes.Spaces
        && Sizes.Features.Count == 1
        && Spaces.All(space => space.Columns.Count > 0
            && space.Columns.All(column => column >= 0 && column < Sizes.Features[0]))));
}
