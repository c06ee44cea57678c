using System.Numerics;
using VemKernels.Cli.Options;
using VemKernels.Data;
using VemKernels.Solvers;

namespace VemKernels.Cli.Inputs;

/// <summary>
/// Turns files into features, samples x features, before delays and z-scores: columns of numbers as they are, columns
/// of categories one-hot, arrays as they are. What is learned from training data (which columns, which categories)
/// codes new data alike.
/// </summary>
internal static class FeatureCoding
{
    /// <summary>So many categories a column of text may have, however few rows there are.</summary>
    private const int MostCategories = 20;

    /// <summary>With more categories, a category needs so many rows: fewer are misspelt numbers or free text.</summary>
    private const int FewestRowsPerCategory = 2;

    /// <summary>Reads and codes the training features of a space.</summary>
    /// <param name="argument">The space's name and file.</param>
    /// <param name="baseline">Category to leave out of every categorical column that has it; null for none.</param>
    /// <param name="delays">Delays to remember; null for none.</param>
    /// <param name="note">Told which columns are left out because they are text and none was named.</param>
    /// <exception cref="IOException">
    /// The file is missing or damaged, has no such column, no feature, or a missing value.
    /// </exception>
    public static (SpaceDescription Space, Matrix<T> Features) Learn<T>(
        FeatureArgument argument, string? baseline, IReadOnlyList<int>? delays, Action<string> note)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        FileArgument source = argument.Source;
        if (!source.IsTable)
        {
            Matrix<T> array = ReadArray<T>(source);
            return (new SpaceDescription(argument.Name, null, (int)array.Columns, delays), array);
        }

        TsvTable table = TsvTable.Read(source.Path);
        IReadOnlyList<string> names = source.Columns.Count > 0 ? source.Columns : table.NumericColumns;
        if (names.Count == 0)
        {
            throw new DataFormatException(
                source.Path, $"space '{argument.Name}' is empty: no column holds numbers; name one of "
                    + $"{string.Join(", ", table.Columns)}");
        }

        if (source.Columns.Count == 0 && names.Count < table.Columns.Count)
        {
            note(DescribeLeftOut([.. table.Columns.Except(names)], argument));
        }

        ColumnDescription[] columns = [.. names.Select(name => Describe(table, source.Path, name, baseline))];
        int features = columns.Sum(column => column.Features);
        return (new SpaceDescription(argument.Name, columns, features, delays),
            Encode<T>(table, source.Path, columns, names));
    }

    /// <summary>Reads and codes new features of a space that a model knows.</summary>
    /// <exception cref="IOException">
    /// The file is missing or damaged, has not the model's columns or number of features, or a category that the model
    /// does not know.
    /// </exception>
    public static Matrix<T> Apply<T>(FileArgument source, SpaceDescription space)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Matrix<T> features = !source.IsTable ? ReadArray<T>(source)
            : space.Columns is null ? ReadNumbers<T>(source)
            : ReadTable<T>(source, space, space.Columns);
        if (features.Columns == space.CodedFeatures)
        {
            return features;
        }

        nint found = features.Columns;
        features.Dispose();
        throw new DataFormatException(
            source.Path, $"{found} features; the model's space '{space.Name}' has {space.CodedFeatures}");
    }

    /// <summary>Requires features without NaN and infinity.</summary>
    /// <exception cref="DataFormatException">
    /// There are some; the message says how many, and where the first is.
    /// </exception>
    public static void RequireFinite<T>(MatrixView<T> features, string path, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        FiniteReport report = FiniteCheck.Scan(features, cancellation);
        if (!report.IsFinite)
        {
            throw new DataFormatException(path, report.Describe("sample", "feature"));
        }
    }

    private static string DescribeLeftOut(string[] text, FeatureArgument argument)
    {
        (string columns, string verb, string them) = text.Length == 1
            ? ("column", "is text and was", "it") : ("columns", "are text and were", "them");
        return $"{argument.Source.Path}: {columns} {string.Join(", ", text)} {verb} left out; name {them} "
            + $"({argument.Name}=FILE:{string.Join(',', text)}) to use {them}";
    }

    private static ColumnDescription Describe(TsvTable table, string path, string name, string? baseline)
    {
        if (table.IsNumeric(name))
        {
            return new(name, null, null);
        }

        string[] labels = [.. table.Labels(name)];
        int different = labels.Distinct().Count();
        if (different > MostCategories && different * FewestRowsPerCategory > labels.Length)
        {
            throw new DataFormatException(
                path, $"column '{name}': {different:N0} different texts in {labels.Length:N0} rows, such as "
                    + $"'{labels[0]}', are likely misspelt numbers or free text, not categories (which may be "
                    + $"{MostCategories}, or half as many as rows)");
        }

        string? ownBaseline = labels.Contains(baseline) ? baseline : null;
        if (ownBaseline is not null && Array.TrueForAll(labels, label => label == ownBaseline))
        {
            throw new DataFormatException(
                path, $"column '{name}' is empty: every label is the baseline category '{ownBaseline}'");
        }

        (Matrix<float> coded, string[] categories) = OneHot.Encode<float>(labels, ownBaseline);
        coded.Dispose();
        return new(name, categories, ownBaseline);
    }

    private static Matrix<T> ReadArray<T>(FileArgument source)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!source.IsNpy)
        {
            throw new DataFormatException(source.Path, "features are .npy, .tsv or .csv files");
        }

        if (source.Columns.Count > 0)
        {
            throw new DataFormatException(
                source.Path, $"column '{source.Columns[0]}': a .npy file has no named columns; leave it out");
        }

        Matrix<T> features = NpyFile.Read<T>(source.Path);
        if (features.Columns > 0 && features.Rows > 0)
        {
            return features;
        }

        (nint samples, nint columns) = (features.Rows, features.Columns);
        features.Dispose();
        throw new DataFormatException(source.Path, $"the space is empty: {samples} samples x {columns} features");
    }

    private static Matrix<T> ReadNumbers<T>(FileArgument source)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TsvTable table = TsvTable.Read(source.Path);
        table.RequireFinite(source.Columns.Count > 0 ? source.Columns : table.NumericColumns);
        return table.ToMatrix<T>(source.Columns);
    }

    private static Matrix<T> ReadTable<T>(
        FileArgument source, SpaceDescription space, IReadOnlyList<ColumnDescription> columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (source.Columns.Count > 0 && source.Columns.Count != columns.Count)
        {
            throw new DataFormatException(
                source.Path,
                $"{source.Columns.Count} columns; the model's space '{space.Name}' was fitted to {columns.Count}");
        }

        IReadOnlyList<string> names = source.Columns.Count > 0 ? source.Columns
            : [.. columns.Select(column => column.Name)];
        return Encode<T>(TsvTable.Read(source.Path), source.Path, columns, names);
    }

    /// <summary>
    /// Codes columns side by side; the names are those of this table, the coding that of the descriptions.
    /// </summary>
    private static Matrix<T> Encode<T>(
        TsvTable table, string path, IReadOnlyList<ColumnDescription> columns, IReadOnlyList<string> names)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Matrix<T> features = Matrix<T>.Uninitialized(table.Rows, columns.Sum(column => column.Features));
        int first = 0;
        for (int i = 0; i < columns.Count; i++)
        {
            using Matrix<T> block = EncodeColumn<T>(table, path, columns[i], names[i]);
            block.View.CopyTo(features.View.SliceColumns(first, columns[i].Features));
            first += columns[i].Features;
        }

        return features;
    }

    private static Matrix<T> EncodeColumn<T>(TsvTable table, string path, ColumnDescription column, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (column.Categories is null)
        {
            table.RequireFinite(name);
            return table.ToMatrix<T>(name);
        }

        try
        {
            return OneHot.Encode<T>([.. table.Labels(name)], [.. column.Categories], column.Baseline);
        }
        catch (ArgumentException exception)
        {
            throw new DataFormatException(path, $"column '{name}': {ExceptionText.OneLine(exception)}", exception);
        }
    }
}
