using System.Globalization;
using VemKernels.Cli.Options;
using VemKernels.Data;

namespace VemKernels.Cli.Inputs;

/// <summary>
/// Which columns of a feature matrix make which space (himalaya's groups): equal labels make a space, spaces go by
/// ascending label, columns of a negative number are in none.
/// </summary>
/// <param name="Path">The file that they came from.</param>
/// <param name="Names">The names of the spaces.</param>
/// <param name="OfColumns">The space of each column, by its place in <paramref name="Names"/>; -1 for none.</param>
internal sealed record GroupLabels(string Path, IReadOnlyList<string> Names, int[] OfColumns)
{
    private const int None = -1;

    /// <summary>
    /// Reads labels: a .npy array of whole numbers, a column of a table, or a text of one label a line. Where all are
    /// whole numbers, a space is named after the matrix and its number, else it has its label's name.
    /// </summary>
    /// <param name="file">The file; a table with several columns needs a column too.</param>
    /// <param name="matrix">The name of the matrix.</param>
    /// <exception cref="IOException">
    /// The file is missing, damaged or empty, a label is no whole number and would make no file name, or all are
    /// negative.
    /// </exception>
    public static GroupLabels Read(FileArgument file, string matrix)
    {
        string[] labels = file.IsNpy ? ReadArray(file.Path) : file.IsTable ? ReadColumn(file) : ReadLines(file);
        if (labels.Length == 0)
        {
            throw new DataFormatException(file.Path, "is empty; expected one label for each feature");
        }

        double?[] numbers = Array.ConvertAll(labels, Number);
        if (file.IsNpy || numbers.All(number => number is not null))
        {
            return OfNumbers(file.Path, matrix, labels, numbers);
        }

        int wrong = Array.FindIndex(labels, label => Number(label) is not < 0 && !NamedText.IsName(label));
        if (wrong >= 0)
        {
            throw new DataFormatException(
                file.Path, $"label {wrong} (counted from 0) is '{labels[wrong]}'; expected a whole number, or a name "
                    + "of letters, digits, '_', '-' and '.'");
        }

        string[] names = [.. labels.Where(label => Number(label) is not < 0).Distinct().Order(StringComparer.Ordinal)];
        return new(file.Path, names, Array.ConvertAll(labels, label => Array.IndexOf(names, label)));
    }

    /// <summary>Requires a label for each feature.</summary>
    /// <exception cref="DataFormatException">There are more or fewer; the message says how many are wanted.</exception>
    public void RequireCount(int features, string path)
    {
        if (OfColumns.Length != features)
        {
            throw new DataFormatException(
                Path, $"{OfColumns.Length} labels; expected one for each of {features} features (before delays) of "
                    + path);
        }
    }

    /// <summary>The columns of a space, ascending.</summary>
    public int[] Columns(int space) =>
        [.. Enumerable.Range(0, OfColumns.Length).Where(column => OfColumns[column] == space)];

    private static GroupLabels OfNumbers(string path, string matrix, string[] labels, double?[] numbers)
    {
        int wrong = Array.FindIndex(numbers, number => number is not { } value || value != (int)value);
        if (wrong >= 0)
        {
            throw new DataFormatException(
                path, $"number {wrong} (counted from 0) is {labels[wrong]}; expected a whole number");
        }

        int[] whole = Array.ConvertAll(numbers, number => (int)number!.Value);
        int[] groups = [.. whole.Where(group => group >= 0).Distinct().Order()];
        return groups.Length > 0
            ? new(
                path, [.. groups.Select(group => $"{matrix}-{group}")],
                Array.ConvertAll(whole, group => group < 0 ? None : Array.IndexOf(groups, group)))
            : throw new DataFormatException(path, "all groups are negative: every feature would be left out");
    }

    private static double? Number(string label) =>
        double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;

    private static string[] ReadArray(string path)
    {
        using NpyArray array = NpyFile.Open(path);
        return Array.ConvertAll(array.ToDoubles(), number => number.ToString(CultureInfo.InvariantCulture));
    }

    private static string[] ReadColumn(FileArgument file)
    {
        TsvTable table = TsvTable.Read(file.Path);
        IReadOnlyList<string> columns = file.Columns.Count > 0 ? file.Columns : table.Columns;
        return columns.Count == 1
            ? [.. table.Text(columns[0])]
            : throw new DataFormatException(
                file.Path, $"{columns.Count} columns for the groups; name one, as {file.Path}:COLUMN, of "
                    + string.Join(", ", table.Columns));
    }

    private static string[] ReadLines(FileArgument file)
    {
        if (file.Columns.Count > 0)
        {
            throw new DataFormatException(
                file.Path, $"column '{file.Columns[0]}': tables are .tsv or .csv; a text has one label a line");
        }

        if (!File.Exists(file.Path))
        {
            throw new FileNotFoundException($"{file.Path}: no such file");
        }

        string[] lines = Array.ConvertAll(File.ReadAllLines(file.Path), line => line.Trim());
        int last = Array.FindLastIndex(lines, line => line.Length > 0);
        return lines[..(last + 1)];
    }
}
