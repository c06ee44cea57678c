using System.Text.Json.Serialization;

namespace VemKernels.Estimators;

/// <summary>The sizes of a fitted estimator, from which the shapes of its arrays follow.</summary>
public sealed record ModelSizes
{
    /// <summary>Training samples.</summary>
    public required long Samples { get; init; }

    /// <summary>Targets.</summary>
    public required long Targets { get; init; }

    /// <summary>Feature spaces or kernels.</summary>
    public required int Spaces { get; init; }

    /// <summary>
    /// Features of each matrix that was given: one a space, or one for all kernels; empty where kernels were given.
    /// </summary>
    public required IReadOnlyList<long> Features { get; init; }

    /// <summary>
    /// Rows of the cross-validation scores: candidates, iterations or penalties; 0 where there are none.
    /// </summary>
    public required long ScoreRows { get; init; }

    /// <summary>Whether the training features were sparse.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Sparse { get; init; }

    /// <summary>Features of all matrices.</summary>
    internal nint TotalFeatures() => (nint)Features.Sum();

    /// <summary>Whether the sizes can be those of a model.</summary>
    internal bool IsConsistent() => Samples > 0 && Targets > 0 && Spaces > 0 && ScoreRows >= 0
        && (!Sparse || (Features.Count == 1 && Spaces == 1))
        && (Features.Count is 0 or 1 || Features.Count == Spaces) && Features.All(count => count > 0);
}

/// <summary>Name and shape of an array of a fitted estimator.</summary>
internal readonly record struct ArrayShape(string Name, nint Rows, nint Columns);
