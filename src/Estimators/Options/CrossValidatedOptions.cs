using System.Text.Json.Serialization;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>Options of estimators that choose alphas by cross-validation.</summary>
public record CrossValidatedOptions
{
    /// <summary>Folds where no splits are given, as in the field's reference.</summary>
    public const int DefaultFolds = 5;

    /// <summary>
    /// Alphas, score, intercept, memory and so on. Which weights are made is the estimator's own choice, so
    /// <see cref="RandomSearchOptions.Weights"/> is not looked at.
    /// </summary>
    public RandomSearchOptions Search { get; init; } = new();

    /// <summary>
    /// The splits; null for <see cref="DefaultFolds"/> contiguous folds. Not saved: a fitted estimator has no use for
    /// them.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<Fold>? Folds { get; init; }

    /// <summary>The splits: the caller's, or contiguous folds.</summary>
    internal IReadOnlyList<Fold> FoldsOf(nint samples) => FoldsOf(Folds, samples);

    /// <summary>Given splits, or contiguous folds.</summary>
    internal static IReadOnlyList<Fold> FoldsOf(IReadOnlyList<Fold>? folds, nint samples) =>
        folds ?? CrossValidationSplits.KFold(checked((int)samples), DefaultFolds);
}
