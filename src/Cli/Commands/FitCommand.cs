using System.CommandLine;
using VemKernels.Cli.Fit;
using VemKernels.Cli.Options;
using VemKernels.Data;

namespace VemKernels.Cli.Commands;

/// <summary><c>vem fit</c>.</summary>
internal sealed class FitCommand
{
    /// <summary>Width of the names of the lines that are printed.</summary>
    private const int LabelWidth = 24;

    /// <summary>So many columns of a space are printed.</summary>
    private const int MostColumns = 6;

    private readonly Option<FeatureArgument[]> _features = OptionFactory.Repeatable(
        "--features", "NAME=FILE[:COLUMN]",
        "A feature space; again for each space. FILE is .npy (samples x features) or a table (.tsv, .csv). COLUMN: one "
        + "or several, separated by commas; without it, all columns of numbers. A column of categories becomes one-hot "
        + "columns in alphabetical order.",
        required: true, FeatureArgument.Parse);

    private readonly Option<FileArgument> _responses = OptionFactory.Required(
        "--responses", "FILE", "Measured responses: .npy (samples x targets) or NIfTI (.nii, .nii.gz). May be larger "
        + "than memory if .npy or .nii.",
        FileArgument.Parse);

    private readonly Option<string> _out = OptionFactory.Required(
        "--out", "DIR", "Folder to write; it appears when all is done. An earlier output is replaced.",
        OptionFactory.Path);

    private readonly Option<string?> _mask = OptionFactory.Optional(
        "--mask", "FILE", "Mask of NIfTI responses: voxels that are not 0 are fitted. Default: all voxels.",
        OptionFactory.Path);

    private readonly Option<FileArgument?> _runs = OptionFactory.Optional(
        "--runs", "FILE[:COLUMN]",
        "The number of each sample's run: a column of a table, or .npy. Default: all samples are one run.",
        FileArgument.Parse);

    private readonly Option<RunList?> _trainRuns = OptionFactory.Optional(
        "--train-runs", "1-10", "Runs to train on. Default: all that do not test.", RunList.Parse);

    private readonly Option<RunList?> _testRuns = OptionFactory.Optional(
        "--test-runs", "11,12", "Runs to test on. Default: none, and no test files.", RunList.Parse);

    private readonly Option<DelayArgument[]> _delays = OptionFactory.Repeatable(
        "--delays", "NAME=1,2,3,4",
        "Delays of a feature space, in samples; again for each space. A delayed value that would come from the run "
        + "before is 0. Default: the features as they are.",
        required: false, DelayArgument.Parse);

    private readonly Option<bool> _zscoreRuns = OptionFactory.Flag(
        "--zscore-runs",
        "Z-score every feature (after delays) and every target inside each run, by its population standard deviation; "
        + "a constant becomes 0. Default: off. In any case features and responses are then centred by the training "
        + "mean.");

    private readonly Option<string?> _baseline = OptionFactory.Optional(
        "--baseline", "CATEGORY", "The category that gets no one-hot column. Default: each category gets one.",
        OptionFactory.Path);

    private readonly DefaultedOption<ModelKind> _model = OptionFactory.Choice(
        "--model", "banded: each space has its own regularisation. ridge, kernel: all spaces are one, from features or "
        + "from their kernel.",
        ("banded", ModelKind.Banded), ("ridge", ModelKind.Ridge), ("kernel", ModelKind.Kernel));

    private readonly Option<CrossValidation?> _cv = OptionFactory.Optional(
        "--cv", "runs|N",
        $"Cross-validation: leave one run out, or N contiguous folds. Default: runs where --runs is given, else "
        + $"{CrossValidation.DefaultFolds}.",
        CrossValidation.Parse);

    private readonly DefaultedOption<ScoreKind> _score = OptionFactory.Choice(
        "--score", "What cross-validation maximises; l2 is the negative mean squared error.",
        FitOptions.Scores);

    private readonly DefaultedOption<AlphaGrid> _alphas = OptionFactory.WithDefault(
        "--alphas", "START:STOP:COUNT",
        "Regularisation parameters, evenly spaced in the logarithm; or a list such as 1,10,100.",
        "1e0:1e6:13", AlphaGrid.Parse);

    private readonly DefaultedOption<long> _iterations = OptionFactory.WithDefault(
        "--iterations", "N",
        "Random candidates of the spaces' weights, the first being equal weights (banded only).", "20",
        OptionFactory.Integer(1, int.MaxValue));

    private readonly DefaultedOption<long> _seed = OptionFactory.WithDefault(
        "--seed", "N", "Seed of the random candidates; a seed gives the candidates that numpy draws from it.", "0",
        OptionFactory.Integer(0, uint.MaxValue));

    private readonly Option<string?> _gammas = OptionFactory.Optional(
        "--gammas", "FILE", "Candidates x spaces in a .npy file, instead of random ones (banded only).",
        OptionFactory.Path);

    private readonly Option<bool> _fitIntercept = OptionFactory.Flag(
        "--fit-intercept", "Fit an unpenalised intercept in each split of cross-validation too. Default: off.");

    private readonly DefaultedOption<DataType> _dtype = OptionFactory.Choice(
        "--dtype", "Type of data and of work on targets; factorisations are in double anyway.",
        ("float32", DataType.Float32), ("float64", DataType.Float64));

    private readonly Option<MemorySize?> _memory = OptionFactory.Optional(
        "--memory", "4GB", "Cap on the workspace beyond inputs and outputs, in B, KB, MB, GB or KiB, MiB, GiB. "
        + "Default: half of this machine's.",
        MemorySize.Parse);

    private readonly ComputeOptionSet _compute = new();

    private FitCommand()
    {
    }

    /// <summary>Makes the command.</summary>
    public static Command Create(CommandConsole console, CancellationToken cancellation)
    {
        FitCommand fit = new();
        Command command = new(
            "fit", "Fits a model to every target, by cross-validation, and tests it on runs left out.")
        {
            fit._features, fit._responses, fit._out, fit._mask, fit._runs, fit._trainRuns, fit._testRuns, fit._delays,
            fit._zscoreRuns,
            fit._baseline, fit._model, fit._cv, fit._score, fit._alphas, fit._iterations, fit._seed, fit._gammas,
            fit._fitIntercept,
            fit._dtype, fit._memory,
        };
        fit._compute.AddTo(command);
        command.SetAction(parsed => Run(
            fit.Read(parsed), fit._compute.Read(parsed), parsed.GetRequiredValue(fit._out), console, cancellation));
        return command;
    }

    /// <summary>What was given, once no option is given in vain.</summary>
    private FitOptions Read(ParseResult parsed)
    {
        if (_model.Read(parsed) != ModelKind.Banded)
        {
            RequireAbsent(parsed, "is for --model banded; ridge and kernel take all spaces as one",
                _iterations, _seed, _gammas);
        }

        if (parsed.GetResult(_gammas) is not null)
        {
            RequireAbsent(parsed, "is for random candidates; --gammas gives the candidates", _iterations, _seed);
        }

        return ReadAll(parsed);
    }

    private static void RequireAbsent(ParseResult parsed, string reason, params Option[] options)
    {
        if (options.FirstOrDefault(option => parsed.GetResult(option) is not null) is { } given)
        {
            throw new OptionException(given.Name, reason);
        }
    }

    private FitOptions ReadAll(ParseResult parsed) => new()
    {
        Features = parsed.GetRequiredValue(_features),
        Responses = parsed.GetRequiredValue(_responses),
        Mask = parsed.GetValue(_mask),
        Runs = parsed.GetValue(_runs),
        TrainRuns = parsed.GetValue(_trainRuns),
        TestRuns = parsed.GetValue(_testRuns),
        Delays = parsed.GetValue(_delays) ?? [],
        ZScoreRuns = parsed.GetValue(_zscoreRuns),
        Baseline = parsed.GetValue(_baseline),
        Model = _model.Read(parsed),
        GivenCrossValidation = parsed.GetValue(_cv),
        Score = _score.Read(parsed),
        Alphas = _alphas.Read(parsed),
        Iterations = (int)_iterations.Read(parsed),
        Seed = _seed.Read(parsed),
        Gammas = parsed.GetValue(_gammas),
        FitIntercept = parsed.GetValue(_fitIntercept),
        DataType = _dtype.Read(parsed),
        Memory = parsed.GetValue(_memory),
    };

    private static int Run(
        FitOptions options, ComputeOptions compute, string path, CommandConsole console, CancellationToken cancellation)
    {
        OutputPlace.RequireFolderWithout(path, options.InputFiles);
        using IBackend backend = BackendFactory.Create(compute.Backend, compute.Threads);
        using AtomicFolder folder = new(path, ModelFolder.Files);
        FitSummary summary = ProgressReporter.Run(
            console, compute.ShowsProgress,
            progress => new FitPipeline(options, backend, progress, cancellation).Run(folder));
        folder.Commit();
        Print(summary, options.ScoreWord, path, console.Out);
        return ExitCode.Success;
    }

    private static void Print(FitSummary summary, string score, string path, TextWriter output)
    {
        FitSizes sizes = summary.Sizes;
        BackendInfo backend = summary.Backend;
        Line("fitted", $"{Counted.Text(sizes.Targets, "target")}, {Counted.Text(sizes.TrainingSamples, "sample")}");
        Line("features", string.Join(", ", sizes.Spaces.Select(Describe)));
        Line($"cv score ({score})", Describe(summary.CvScore));
        if (summary is { TestR2: { } r2, TestCorrelation: { } correlation })
        {
            Line("test r2", $"{Describe(r2)}, {Counted.Text(sizes.TestSamples, "sample")}");
            Line("test correlation", Describe(correlation));
        }

        Line("time", $"{summary.TimingsSeconds.Values.Sum():F1} s on {backend.Name}, {backend.InstructionSet}, "
            + Counted.Text(backend.Threads, "thread"));
        Line("written", path);

        void Line(string label, string text) => output.WriteLine(label.PadRight(LabelWidth) + text);
    }

    private static string Describe(ScoreSummary score) => $"median {score.Median:F4}, best {score.Best:F4}";

    /// <summary>A space, its number of features, and the first of its columns: "motion (6: x, y)".</summary>
    private static string Describe(SpaceSize space)
    {
        string columns = space.Columns is null ? "" : $": {string.Join(", ", space.Columns.Take(MostColumns))}";
        string more = space.Columns?.Count > MostColumns ? ", ..." : "";
        return $"{space.Name} ({space.Features:N0}{columns}{more})";
    }
}
