namespace VemKernels.Solvers;

/// <summary>Some columns of a feature matrix: by index, by range, or by a mask over all columns.</summary>
public sealed class ColumnSelection
{
    private readonly Func<int, int[]> _resolve;

    private ColumnSelection(Func<int, int[]> resolve) => _resolve = resolve;

    /// <summary>Columns by index, in the order given; negative ones count from the end.</summary>
    public static ColumnSelection Of(params int[] columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        int[] copy = [.. columns];
        return new(count => Array.ConvertAll(copy, column => column < 0 ? column + count : column));
    }

    /// <summary>Columns of a range, such as 3..5, or ^4.. for the last four.</summary>
    public static ColumnSelection Range(Range range) => new(count =>
    {
        int first = range.Start.GetOffset(count);
        return [.. Enumerable.Range(first, Math.Max(0, range.End.GetOffset(count) - first))];
    });

    /// <summary>The columns whose entry is true.</summary>
    public static ColumnSelection Mask(params bool[] mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        bool[] copy = [.. mask];
        return new(count => copy.Length == count
            ? [.. Enumerable.Range(0, count).Where(j => copy[j])]
            : throw new ArgumentException(
                $"A mask of {copy.Length} columns; the features have {count}.", nameof(mask)));
    }

    /// <summary>The indices, of so many columns.</summary>
    /// <exception cref="ArgumentException">No column, or one outside the matrix.</exception>
    internal int[] Resolve(int count, string space)
    {
        int[] columns = _resolve(count);
        if (columns.Length == 0)
        {
            throw new ArgumentException($"Feature space '{space}' has no columns.", "spaces");
        }

        foreach (int column in columns)
        {
            if (column < 0 || column >= count)
            {
                throw new ArgumentException(
                    $"Feature space '{space}' names column {column} of features with {count} columns.", "spaces");
            }
        }

        return columns;
    }
}
