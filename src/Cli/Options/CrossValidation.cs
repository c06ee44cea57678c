using System.Globalization;

namespace VemKernels.Cli.Options;

/// <summary>
/// How cross-validation splits the training samples: a run at a time or several, into contiguous folds, or into the
/// folds that a file numbers.
/// </summary>
/// <param name="Folds">Number of folds; null for runs or a file.</param>
/// <param name="RunsOut">How many runs each split leaves out.</param>
/// <param name="File">The number of each sample's fold; null for none.</param>
internal sealed record CrossValidation(int? Folds, int RunsOut = 1, FileArgument? File = null)
{
    /// <summary>Folds where there are no runs to go by.</summary>
    public const int DefaultFolds = 5;

    private const string RunsWord = "runs";
    private const int FewestFolds = 2;

    /// <summary>Leave one run out.</summary>
    public static readonly CrossValidation Runs = new((int?)null);

    /// <summary>Whether the splits go by runs.</summary>
    public bool IsByRuns => Folds is null && File is null;

    /// <summary>Parses "runs", "runs:2", a number, or FILE[:COLUMN].</summary>
    /// <exception cref="FormatException">Anything else, fewer than two folds, or no run to leave out.</exception>
    public static CrossValidation Parse(string text)
    {
        if (text == RunsWord)
        {
            return Runs;
        }

        if (text.StartsWith($"{RunsWord}:", StringComparison.Ordinal))
        {
            return ParseCount(text[(RunsWord.Length + 1)..]) is { } runs and > 0
                ? new(null, runs)
                : throw new FormatException($"expected a number of runs to leave out, as in {RunsWord}:2");
        }

        if (ParseCount(text) is { } folds and >= FewestFolds)
        {
            return new(folds);
        }

        FileArgument file = FileArgument.Parse(text);
        return file.IsTable || file.IsNpy
            ? new(null, File: file)
            : throw new FormatException(
                $"expected {RunsWord}, {RunsWord}:2, a number of folds, at least {FewestFolds}, or a .npy or table of "
                + "fold numbers");
    }

    /// <summary>As it is written.</summary>
    public override string ToString() => File?.ToString() ?? Folds?.ToString(CultureInfo.InvariantCulture)
        ?? (RunsOut == 1 ? RunsWord : $"{RunsWord}:{RunsOut}");

    private static int? ParseCount(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : null;
}
