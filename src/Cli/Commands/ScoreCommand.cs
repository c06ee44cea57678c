using System.CommandLine;
using VemKernels.Cli.Options;
using VemKernels.Cli.Predict;
using VemKernels.Cli.Score;
using VemKernels.Data;

namespace VemKernels.Cli.Commands;

/// <summary><c>vem score</c>.</summary>
internal sealed class ScoreCommand
{
    private readonly Option<string?> _model = OptionFactory.Optional(
        "--model", "DIR", "Folder that vem fit wrote: scores its predictions from --features.", OptionFactory.Path);

    private readonly Option<string?> _predictions = OptionFactory.Optional(
        "--predictions", "FILE", "Predictions to score instead, samples x targets, as vem predict writes them.",
        OptionFactory.NpyPath);

    private readonly Option<FileArgument> _responses = OptionFactory.Required(
        "--responses", "FILE", "Measured responses: .npy (samples x targets) or NIfTI (.nii, .nii.gz).",
        FileArgument.Parse);

    private readonly Option<string> _out = OptionFactory.Required(
        "--out", "DIR", "Folder to write; it appears when all is done. An earlier output is replaced.",
        OptionFactory.Path);

    private readonly Option<FeatureArgument[]> _features = OptionFactory.Repeatable(
        "--features", "NAME=FILE[:COLUMN]", "New features of a space of the model, as for vem predict; again for each "
        + "space.",
        required: false, FeatureArgument.Parse);

    private readonly Option<string?> _mask = OptionFactory.Optional(
        "--mask", "FILE", "Mask of NIfTI responses. Default: all voxels.", OptionFactory.Path);

    private readonly Option<FileArgument?> _runs = OptionFactory.Optional(
        "--runs", "FILE[:COLUMN]", "The number of each sample's run, for delays and z-scores.", FileArgument.Parse);

    private readonly Option<bool> _zscoreRuns = OptionFactory.Flag(
        "--zscore-runs", "Z-score responses inside each run, for --predictions of a model that was fitted so (with "
        + "--model it is known). Default: off.");

    private readonly DefaultedOption<SplitKind> _split = OptionFactory.Choice(
        "--split",
        "How r2 is split over the spaces of --model: by the product measure, by relative weights, or not. Shares add up to r2 "
        + "where the responses' mean is that of the training data.",
        ("product", SplitKind.Product), ("relative-weights", SplitKind.RelativeWeights), ("none", SplitKind.None));

    private readonly DefaultedOption<DataType> _dtype = OptionFactory.Choice(
        "--dtype", "Type of the work on --predictions.", ("float32", DataType.Float32),
        ("float64", DataType.Float64));

    private readonly ComputeOptionSet _compute = new();

    private ScoreCommand()
    {
    }

    /// <summary>Makes the command.</summary>
    public static Command Create(CommandConsole console, CancellationToken cancellation)
    {
        ScoreCommand score = new();
        Command command = new(
            "score", "Scores a model on new data, or given predictions: r2, correlation, and r2 split over spaces.")
        {
            score._model, score._predictions, score._features, score._responses, score._out, score._mask, score._runs,
            score._zscoreRuns, score._split, score._dtype,
        };
        score._compute.AddTo(command);
        command.SetAction(parsed => Run(
            score.Read(parsed), score._compute.Read(parsed), parsed.GetRequiredValue(score._out), console,
            cancellation));
        return command;
    }

    private ScoreOptions Read(ParseResult parsed)
    {
        string? model = parsed.GetValue(_model);
        string? predictions = parsed.GetValue(_predictions);
        if (model is null == predictions is null)
        {
            throw new OptionException("--model, --predictions", "give one of them");
        }

        if (model is null)
        {
            OptionScope.RequireAbsent(parsed, "is for --model; predictions are scored as they are", _features, _split);
        }
        else
        {
            OptionScope.RequireAbsent(parsed, "is for --predictions; the model knows by itself", _zscoreRuns, _dtype);
        }

        FileArgument? runs = parsed.GetValue(_runs);
        return new ScoreOptions
        {
            Input = model is null ? null : new NewFeatures(model, parsed.GetValue(_features) ?? [], runs),
            Predictions = predictions,
            Responses = parsed.GetRequiredValue(_responses),
            Mask = parsed.GetValue(_mask),
            Runs = runs,
            ZScoreRuns = parsed.GetValue(_zscoreRuns),
            Split = model is null ? SplitKind.None : _split.Read(parsed),
            DataType = _dtype.Read(parsed),
        };
    }

    private static int Run(
        ScoreOptions options, ComputeOptions compute, string path, CommandConsole console,
        CancellationToken cancellation)
    {
        OutputPlace.RequireFolderWithout(path, options.InputFiles);
        OutputPlace.RequireFolderOtherThan(path, options.Input?.Model);
        using IBackend backend = BackendFactory.Create(compute.Backend, compute.Threads);
        using AtomicFolder folder = new(path, ScorePipeline.Outputs);
        ScoreReport report = ProgressReporter.Run(
            console, compute.ShowsProgress,
            progress => new ScorePipeline(options, backend, progress, cancellation).Run(folder));
        folder.Commit();
        console.Out.WriteLine(
            $"scored {Counted.Text(report.Samples, "sample")} x {Counted.Text(report.Targets, "target")}: "
            + $"r2 {report.R2}, correlation {report.Correlation}: {path}"
            + (folder.Replaces ? " (an earlier output was replaced)" : ""));
        return ExitCode.Success;
    }
}
