using System.Globalization;

namespace VemKernels.Cli.Options;

/// <summary>How cross-validation splits the training samples: a run at a time, or into contiguous folds.</summary>
/// <param name="Folds">Number of folds; null for one run at a time.</param>
internal sealed record CrossValidation(int? Folds)
{
    /// <summary>Folds where there are no runs to go by.</summary>
    public const int DefaultFolds = 5;

    private const string RunsWord = "runs";
    private const int FewestFolds = 2;

    /// <summary>Leave one run out.</summary>
    public static readonly CrossValidation Runs = new((int?)null);

    /// <summary>Parses "runs" or a number.</summary>
    /// <exception cref="FormatException">Anything else, or fewer than two folds.</exception>
    public static CrossValidation Parse(string text)
    {
        if (text == RunsWord)
        {
            return Runs;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int folds)
            && folds >= FewestFolds
            ? new(folds)
            : throw new FormatException($"expected {RunsWord}, or a number of folds, at least {FewestFolds}");
    }

    /// <summary>As it is written.</summary>
    public override string ToString() => Folds?.ToString(CultureInfo.InvariantCulture) ?? RunsWord;
}
