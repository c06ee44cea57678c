using System.Text.Json;
using VemKernels.Cli.Fit;
using VemKernels.Cli.Options;
using VemKernels.Data;
using VemKernels.Solvers;

namespace VemKernels.Cli.Refine;

/// <summary>The options of an earlier fit, from what its folder recorded.</summary>
internal static class RecordedFit
{
    private static readonly ModelKind[] Refinable =
        [ModelKind.Banded, ModelKind.MultipleKernel, ModelKind.HyperGradient];

    /// <summary>Reads what was fitted: data, splits, score and kernels.</summary>
    /// <exception cref="OptionException">The model has no weights of spaces to refine.</exception>
    /// <exception cref="IOException">The folder is not one that vem fit wrote, or is damaged.</exception>
    public static FitOptions Read(string folder)
    {
        ModelDescription model = ModelFolder.ReadDescription(folder);
        if (!Refinable.Contains(model.Model))
        {
            throw new OptionException(
                $"--model {folder}", $"is of --model {model.Model.Word()}; {ModelKinds.Text(Refinable)} can be "
                    + "refined");
        }

        string path = Path.Combine(folder, ModelFolder.Summary);
        IReadOnlyDictionary<string, object?> recorded = JsonFile.Read<FitSummary>(path).Options;
        try
        {
            return new FitOptions
            {
                Features = [.. Texts("features").Select(FeatureArgument.Parse)],
                Groups = Parsed("groups", FileArgument.Parse),
                Responses = FileArgument.Parse(Text("responses") ?? ""),
                Mask = Text("mask"),
                Runs = Parsed("runs", FileArgument.Parse),
                TrainRuns = Parsed("train-runs", RunList.Parse),
                TestRuns = Parsed("test-runs", RunList.Parse),
                Delays = [.. Texts("delays").Select(DelayArgument.Parse)],
                DelayPriors = [.. Texts("delay-prior").Select(DelayPriorArgument.Parse)],
                Baseline = Text("baseline"),
                GivenCrossValidation = Parsed("cv", CrossValidation.Parse),
                Score = FitOptions.Scores.First(score => score.Word == Text("score")).Value,
                Search = new SearchOptions { Seed = Value("seed").GetInt64() },
                Kernels = new KernelOptions([.. Texts("kernel").Select(KernelArgument.Parse)]),
                ZScoreRuns = model.ZScoreRuns,
                FitIntercept = model.FitIntercept,
                DataType = model.DataType,
                Weights = model.Weights == WeightKind.None ? null : model.Weights,
            };
        }
        catch (Exception exception) when (exception is FormatException or InvalidOperationException)
        {
            throw new DataFormatException(path, $"damaged: {exception.Message}", exception);
        }

        // What a version before an option wrote lacks it.
        JsonElement Value(string option) => recorded.GetValueOrDefault(option) as JsonElement? ?? default;

        string? Text(string option) => Value(option).ValueKind == JsonValueKind.String
            ? Value(option).GetString() : null;

        T? Parsed<T>(string option, Func<string, T> parse)
            where T : class => Text(option) is { } text ? parse(text) : null;

        string[] Texts(string option) => Value(option).ValueKind == JsonValueKind.Array
            ? [.. Value(option).EnumerateArray().Select(element => element.GetString()!)] : [];
    }

    /// <summary>The features, some of them elsewhere now.</summary>
    /// <exception cref="OptionException">A space that the fit had not, or one named twice.</exception>
    public static IReadOnlyList<FeatureArgument> Moved(
        IReadOnlyList<FeatureArgument> features, IReadOnlyList<FeatureArgument> moved)
    {
        foreach (FeatureArgument given in moved)
        {
            if (features.All(space => space.Name != given.Name))
            {
                throw new OptionException(
                    $"--features {given}", $"the fit had no space '{given.Name}'; it had "
                        + string.Join(", ", features.Select(space => space.Name)));
            }

            if (moved.Count(other => other.Name == given.Name) > 1)
            {
                throw new OptionException($"--features {given}", $"the space '{given.Name}' is named twice");
            }
        }

        return [.. features.Select(space => moved.FirstOrDefault(given => given.Name == space.Name) ?? space)];
    }
}
