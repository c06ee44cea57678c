using VemKernels.Cli.Options;
using VemKernels.Solvers;

namespace VemKernels.Cli.Inputs;

/// <summary>Which samples train and which test.</summary>
/// <param name="Train">Ascending.</param>
/// <param name="Test">Ascending; null where nothing is tested.</param>
internal sealed record SampleSplit(int[] Train, int[]? Test)
{
    /// <summary>Selects samples by run.</summary>
    /// <param name="samples">How many samples there are.</param>
    /// <param name="runs">Their runs; null for none.</param>
    /// <param name="train">Training runs; null for all that do not test.</param>
    /// <param name="test">Test runs; null for none.</param>
    /// <exception cref="OptionException">
    /// Runs are named but not given, do not exist, train and test, or leave nothing to train on.
    /// </exception>
    public static SampleSplit Select(int samples, RunLabels? runs, RunList? train, RunList? test)
    {
        if (runs is null)
        {
            RequireNone("--train-runs", train);
            RequireNone("--test-runs", test);
            return new([.. Enumerable.Range(0, samples)], null);
        }

        int[] testRuns = test?.Runs ?? [];
        int[] both = [.. testRuns.Intersect(train?.Runs ?? [])];
        if (both.Length > 0)
        {
            throw new OptionException($"--test-runs {test}", $"run {both[0]} is a training run too");
        }

        int[]? testSamples = test is null ? null
            : OptionException.Guard($"--test-runs {test}", () => runs.Select(test.Runs));
        int[] trainSamples = train is null
            ? runs.SelectOthers(testRuns)
            : OptionException.Guard($"--train-runs {train}", () => runs.Select(train.Runs));
        return trainSamples.Length > 0
            ? new(trainSamples, testSamples)
            : throw new OptionException($"--test-runs {test}", "leaves no run to train on");
    }

    /// <summary>The training runs; null without runs.</summary>
    public string? TrainRuns(RunLabels? runs) => Runs(runs, Train);

    /// <summary>The test runs; null without runs, or where nothing is tested.</summary>
    public string? TestRuns(RunLabels? runs) => Test is null ? null : Runs(runs, Test);

    /// <summary>The runs that neither train nor test; null for none.</summary>
    public string? OtherRuns(RunLabels? runs) => runs is null ? null
        : Runs(runs, [.. Enumerable.Range(0, runs.Samples).Except(Train).Except(Test ?? [])]);

    private static string? Runs(RunLabels? runs, int[] samples) => runs is null || samples.Length == 0 ? null
        : RunList.Describe(runs.LabelsOf(samples).Distinct());

    private static void RequireNone(string option, RunList? list)
    {
        if (list is not null)
        {
            throw new OptionException($"{option} {list}", "needs --runs");
        }
    }
}
