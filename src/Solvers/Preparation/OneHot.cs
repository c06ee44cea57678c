using System.Numerics;

namespace VemKernels.Solvers;

/// <summary>Categories as indicator columns: 1 where a sample has the column's category, else 0.</summary>
public static class OneHot
{
    /// <summary>
    /// Codes labels; the categories are the distinct labels in ordinal (code point) order, without the baseline.
    /// </summary>
    /// <param name="labels">One label a sample.</param>
    /// <param name="baseline">
    /// The category that gets no column, so that its samples are rows of zeros; null for none.
    /// </param>
    /// <returns>samples x categories, and the categories, to code new data with.</returns>
    /// <exception cref="ArgumentException">No labels, the baseline is not among them, or nothing else is.</exception>
    public static (Matrix<T> Columns, string[] Categories) Encode<T>(ReadOnlySpan<string> labels, string? baseline)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SortedSet<string> distinct = new(StringComparer.Ordinal);
        foreach (string label in labels)
        {
            distinct.Add(label);
        }

        if (baseline is not null && !distinct.Remove(baseline))
        {
            throw new ArgumentException(
                $"The baseline category \"{baseline}\" is not among the labels; they are {Quote(distinct)}.",
                nameof(baseline));
        }

        if (distinct.Count == 0)
        {
            throw new ArgumentException(
                labels.IsEmpty ? "There are no labels." : $"Every label is the baseline category \"{baseline}\".",
                nameof(labels));
        }

        string[] categories = [.. distinct];
        return (Encode<T>(labels, categories, baseline), categories);
    }

    /// <summary>Codes labels by categories that are known from other data.</summary>
    /// <param name="labels">One label a sample.</param>
    /// <param name="categories">The category of each column.</param>
    /// <param name="baseline">The category that has no column; null for none.</param>
    /// <returns>samples x categories.</returns>
    /// <exception cref="ArgumentException">A label that is neither a category nor the baseline.</exception>
    public static Matrix<T> Encode<T>(ReadOnlySpan<string> labels, ReadOnlySpan<string> categories, string? baseline)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Dictionary<string, int> columnOf = new(StringComparer.Ordinal);
        for (int j = 0; j < categories.Length; j++)
        {
            if (!columnOf.TryAdd(categories[j], j))
            {
                throw new ArgumentException($"Category \"{categories[j]}\" is named twice.", nameof(categories));
            }
        }

        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] != baseline && !columnOf.ContainsKey(labels[i]))
            {
                throw new ArgumentException(
                    $"Label \"{labels[i]}\" of sample {i} is not a known category; they are {Quote(categories.ToArray())}.",
                    
                    nameof(labels));
            }
        }

        Matrix<T> columns = new(labels.Length, categories.Length);
        for (int i = 0; i < labels.Length; i++)
        {
            if (columnOf.TryGetValue(labels[i], out int column))
            {
                columns[i, column] = T.One;
            }
        }

        return columns;
    }

    private static string Quote(IReadOnlyCollection<string> labels)
    {
        const int Shown = 20;
        string shown = string.Join(", ", labels.Take(Shown).Select(label => $"\"{label}\""));
        return labels.Count > Shown ? $"{shown}, ... ({labels.Count} categories)" : shown;
    }
}
