using VemKernels.Cli.Options;

namespace VemKernels.Cli.Inputs;

/// <summary>One column of a table, and how it becomes features.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Categories">
/// The category of each one-hot feature, in order; null for a column of numbers, which is one feature.
/// </param>
/// <param name="Baseline">The category without a feature; null for none.</param>
internal sealed record ColumnDescription(string Name, IReadOnlyList<string>? Categories, string? Baseline)
{
    /// <summary>How many features it becomes.</summary>
    public int Features => Categories?.Count ?? 1;
}

/// <summary>A feature space as a model remembers it, so that new data are coded alike.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">The columns of its table; null where the features came from a .npy file.</param>
/// <param name="CodedFeatures">Features before delays.</param>
/// <param name="Delays">Delays in samples, in order; null for none.</param>
/// <param name="DelayPrior">The prior on their weights; null for none.</param>
/// <param name="SourceColumns">
/// Its columns of the one feature matrix that all spaces are made of, ascending; null where it has a file of its own.
/// </param>
internal sealed record SpaceDescription(
    string Name, IReadOnlyList<ColumnDescription>? Columns, int CodedFeatures, IReadOnlyList<int>? Delays,
    DelayPrior? DelayPrior = null, IReadOnlyList<int>? SourceColumns = null)
{
    /// <summary>Features after delays: delay by delay.</summary>
    public int Features => CodedFeatures * (Delays?.Count ?? 1);
}
