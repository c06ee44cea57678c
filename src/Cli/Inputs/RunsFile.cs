using System.Globalization;
using VemKernels.Cli.Options;
using VemKernels.Data;
using VemKernels.Solvers;

namespace VemKernels.Cli.Inputs;

/// <summary>Reads which run each sample belongs to.</summary>
internal static class RunsFile
{
    private const int FewestSamples = 2;

    /// <summary>The line of a table's first row, below the names of its columns.</summary>
    private const int FirstRowLine = 2;

    /// <summary>Reads run labels: a column of whole numbers in a table, or a .npy array of integers.</summary>
    /// <param name="argument">The file; a table with several columns of numbers needs a column too.</param>
    /// <param name="samples">How many samples there must be.</param>
    /// <param name="samplesOf">Which file has so many, for messages.</param>
    /// <exception cref="IOException">
    /// The file is missing or damaged, has labels for more or fewer samples, a label that is no whole number, a run in
    /// two places, or a run of one sample.
    /// </exception>
    public static RunLabels Read(FileArgument argument, int samples, string samplesOf)
    {
        int[] labels = ReadLabels(argument, "run", samples, samplesOf);
        RunLabels runs = Describe(labels, argument.Path);
        foreach (RunSegment run in runs.Segments)
        {
            if (run.Count < FewestSamples)
            {
                throw new DataFormatException(
                    argument.Path, $"run {run.Label} has one sample (sample {run.First}, counted from 0); a run needs "
                        + $"{FewestSamples}");
            }
        }

        return runs;
    }

    /// <summary>Reads the number of something of each sample.</summary>
    /// <param name="argument">The file; a table with several columns of numbers needs a column too.</param>
    /// <param name="noun">What is numbered, for messages: "run".</param>
    /// <param name="samples">How many samples there must be.</param>
    /// <param name="samplesOf">Which file has so many, for messages.</param>
    /// <exception cref="IOException">
    /// The file is missing or damaged, has numbers for more or fewer samples, or one that is not whole.
    /// </exception>
    public static int[] ReadLabels(FileArgument argument, string noun, int samples, string samplesOf)
    {
        int[] labels = argument.IsTable ? ReadColumn(argument, noun) : ReadArray(argument, noun);
        return labels.Length == samples
            ? labels
            : throw new DataFormatException(
                argument.Path, $"the {noun}s do not cover the data: {labels.Length} samples have a {noun}, {samplesOf} "
                    + $"has {samples} samples");
    }

    private static RunLabels Describe(int[] labels, string path)
    {
        try
        {
            return new RunLabels(labels);
        }
        catch (ArgumentException exception)
        {
            throw new DataFormatException(path, ExceptionText.OneLine(exception), exception);
        }
    }

    private static int[] ReadColumn(FileArgument argument, string noun)
    {
        TsvTable table = TsvTable.Read(argument.Path);
        IReadOnlyList<string> columns = argument.Columns.Count > 0 ? argument.Columns : table.NumericColumns;
        if (columns.Count != 1)
        {
            throw new DataFormatException(
                argument.Path, (columns.Count == 0 ? "no column of numbers" : $"{columns.Count} columns")
                    + $" for the {noun}s; name one, as {argument.Path}:COLUMN, of "
                    + $"{string.Join(", ", table.Columns)}");
        }

        IReadOnlyList<string> cells = table.Text(columns[0]);
        int[] labels = new int[cells.Count];
        for (int row = 0; row < labels.Length; row++)
        {
            if (!double.TryParse(cells[row], NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                || number != (labels[row] = (int)number))
            {
                throw new DataFormatException(
                    argument.Path, $"line {row + FirstRowLine}, column '{columns[0]}': '{cells[row]}' is not the "
                        + $"number of a {noun}; expected whole numbers such as 1");
            }
        }

        return labels;
    }

    /// <summary>Whole numbers in floats: what numpy makes of a list with one float in it.</summary>
    private static int[] Whole(double[] numbers, string path, string noun)
    {
        int broken = Array.FindIndex(numbers, number => number != (int)number);
        return broken < 0
            ? Array.ConvertAll(numbers, number => (int)number)
            : throw new DataFormatException(
                path, $"sample {broken} (counted from 0): {numbers[broken]} is not the number of a {noun}");
    }

    private static int[] ReadArray(FileArgument argument, string noun)
    {
        if (!argument.IsNpy)
        {
            throw new DataFormatException(argument.Path, $"{noun}s are .npy, .tsv or .csv files");
        }

        using NpyArray array = NpyFile.Open(argument.Path);
        if (array.DType.Element is ElementType.Float32 or ElementType.Float64)
        {
            return Whole(array.ToDoubles(), argument.Path, noun);
        }

        long[] labels = array.ToInts();
        int outside = Array.FindIndex(labels, label => label is < int.MinValue or > int.MaxValue);
        return outside < 0
            ? [.. labels.Select(label => (int)label)]
            : throw new DataFormatException(
                argument.Path, $"sample {outside} (counted from 0): {labels[outside]} is not the number of a {noun}");
    }
}
