using VemKernels.Cli.Options;
using VemKernels.Data;
using VemKernels.Solvers;

namespace VemKernels.Cli.Inputs;

/// <summary>Reads which run each sample belongs to.</summary>
internal static class RunsFile
{
    private const int FewestSamples = 2;

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
        int[] labels = argument.IsTable ? ReadColumn(argument) : ReadArray(argument);
        if (labels.Length != samples)
        {
            throw new DataFormatException(
                argument.Path, $"the runs do not cover the data: {labels.Length} samples have a run, {samplesOf} has "
                    + $"{samples} samples");
        }

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

    private static int[] ReadColumn(FileArgument argument)
    {
        TsvTable table = TsvTable.Read(argument.Path);
        IReadOnlyList<string> columns = argument.Columns.Count > 0 ? argument.Columns : table.NumericColumns;
        if (columns.Count != 1)
        {
            throw new DataFormatException(
                argument.Path, $"{columns.Count} columns for the runs; name one, as {argument.Path}:COLUMN, of "
                    + $"{string.Join(", ", table.Columns)}");
        }

        double[] numbers = table.Numbers(columns[0]);
        int[] labels = new int[numbers.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            labels[i] = (int)numbers[i];
            if (labels[i] != numbers[i])
            {
                throw new DataFormatException(
                    argument.Path,
                    $"column '{columns[0]}', sample {i} (counted from 0): {numbers[i]} is not the number of a run");
            }
        }

        return labels;
    }

    private static int[] ReadArray(FileArgument argument)
    {
        if (!argument.IsNpy)
        {
            throw new DataFormatException(argument.Path, "runs are .npy, .tsv or .csv files");
        }

        using NpyArray array = NpyFile.Open(argument.Path);
        long[] labels = array.ToInts();
        int outside = Array.FindIndex(labels, label => label is < int.MinValue or > int.MaxValue);
        return outside < 0
            ? [.. labels.Select(label => (int)label)]
            : throw new DataFormatException(
                argument.Path, $"sample {outside} (counted from 0): {labels[outside]} is not the number of a run");
    }
}
