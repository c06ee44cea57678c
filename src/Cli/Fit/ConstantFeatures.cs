using VemKernels.Cli.Inputs;

namespace VemKernels.Cli.Fit;

/// <summary>Features (before delays) without variance over the training samples: they explain nothing.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="Features">Of how many.</param>
/// <param name="First">The first of them; null for none.</param>
internal sealed record ConstantFeatures(int Count, int Features, FeatureName? First)
{
    /// <summary>Counts the features of all spaces.</summary>
    /// <param name="spaces">The spaces.</param>
    /// <param name="constant">The constant features of each space, ascending, counted from 0.</param>
    public static ConstantFeatures Of(
        IReadOnlyList<SpaceDescription> spaces, IReadOnlyList<IReadOnlyList<int>> constant)
    {
        int first = Enumerable.Range(0, spaces.Count).FirstOrDefault(space => constant[space].Count > 0, -1);
        return new(
            constant.Sum(features => features.Count), spaces.Sum(space => space.CodedFeatures),
            first < 0 ? null : FeatureName.In(spaces[first], constant[first][0]));
    }

    /// <summary>What a user should know of them; null where there is none.</summary>
    public string? Describe() => Count == 0 || First is null ? null
        : $"{Counted.Text(Count, "feature")} of {Features:N0} {(Count == 1 ? "is" : "are")} constant over the training "
            + $"samples (the first is {First.Describe()}), so that nothing can be explained by "
            + (Count == 1 ? "it" : "them");
}

/// <summary>Where a feature came from.</summary>
/// <param name="Space">Its space.</param>
/// <param name="Index">Its place in the space before delays, or in the file that the space is columns of.</param>
/// <param name="Column">The column of the table; null where the space came from an array.</param>
/// <param name="Category">The category of the column that it marks; null for a column of numbers.</param>
internal sealed record FeatureName(string Space, int Index, string? Column, string? Category)
{
    /// <summary>The name of a feature.</summary>
    /// <param name="space">Its space.</param>
    /// <param name="feature">Its place in the space, from 0.</param>
    public static FeatureName In(SpaceDescription space, int feature)
    {
        int first = 0;
        foreach (ColumnDescription column in space.Columns ?? [])
        {
            if (feature < first + column.Features)
            {
                return new(space.Name, feature, column.Name, column.Categories?[feature - first]);
            }

            first += column.Features;
        }

        return new(space.Name, space.SourceColumns?[feature] ?? feature, null, null);
    }

    /// <summary>The name in a sentence.</summary>
    public string Describe() => $"of space '{Space}', " + (Column is null ? $"column {Index} counted from 0"
        : Category is null ? $"column '{Column}'" : $"category '{Category}' of column '{Column}'");
}
