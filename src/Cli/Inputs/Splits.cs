using VemKernels.Cli.Options;
using VemKernels.Solvers;

namespace VemKernels.Cli.Inputs;

/// <summary>The splits of cross-validation over the training samples.</summary>
internal static class Splits
{
    /// <summary>Splits as asked for.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="runs">The runs; null for none.</param>
    /// <param name="train">The training samples.</param>
    /// <param name="samples">All samples.</param>
    /// <param name="samplesOf">Which file has so many, for messages.</param>
    /// <exception cref="OptionException">Splits by runs without runs, or more splits than there can be.</exception>
    /// <exception cref="IOException">A file of fold numbers that cannot be read or does not fit.</exception>
    public static Fold[] Of(FitOptions options, RunLabels? runs, int[] train, int samples, string samplesOf)
    {
        CrossValidation choice = options.CrossValidation;
        if (choice.IsByRuns && runs is null)
        {
            throw new OptionException($"--cv {choice}", "needs --runs");
        }

        int[]? folds = choice.File is { } file ? RunsFile.ReadLabels(file, "fold", samples, samplesOf) : null;
        return OptionException.Guard($"--cv {choice}", () =>
            choice.Folds is { } count ? CrossValidationSplits.KFold(train.Length, count)
            : folds is not null ? ByFile(folds, train)
            : choice.RunsOut == 1 ? CrossValidationSplits.LeaveOneRunOut(runs!.LabelsOf(train))
            : RunSplits.LeaveRunsOut(new RunLabels(runs!.LabelsOf(train)), choice.RunsOut, options.Search.Seed));
    }

    private static Fold[] ByFile(int[] folds, int[] train)
    {
        int[] ofTrain = [.. train.Select(sample => folds[sample])];
        return ofTrain.Distinct().Count() > 1
            ? CrossValidationSplits.LeaveOneRunOut(ofTrain)
            : throw new ArgumentException($"all training samples are in fold {ofTrain[0]}; expected two folds or more");
    }
}
