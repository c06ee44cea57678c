using System.CommandLine;
using VemKernels.Cli.Options;
using VemKernels.Cli.Predict;

namespace VemKernels.Cli.Commands;

/// <summary><c>vem predict</c>.</summary>
internal static class PredictCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommandConsole console, CancellationToken cancellation)
    {
        Option<string> model = OptionFactory.Required(
            "--model", "DIR", "Folder that vem fit wrote.", OptionFactory.Path);
        Option<FeatureArgument[]> features = OptionFactory.Repeatable(
            "--features", "NAME=FILE[:COLUMN]",
            "New features of a space of the model; again for each space (after --groups: of the one matrix). "
            + "Coded, delayed, z-scored and centred as those of the fit were. Without COLUMN, the columns of the fit.",
            required: true, FeatureArgument.Parse);
        Option<string> file = OptionFactory.Required(
            "--out", "FILE",
            "The .npy file to write: samples x targets, the training means added back. If the fit z-scored inside "
            + "runs, in units of a target's standard deviation inside a run.",
            OptionFactory.NpyPath);
        Option<FileArgument?> runs = OptionFactory.Optional(
            "--runs", "FILE[:COLUMN]",
            "The number of each sample's run, for delays and z-scores. Needed if the fit had runs for these; else all "
            + "samples are one run.",
            FileArgument.Parse);
        ComputeOptionSet compute = new();

        Command command = new("predict", "Predicts the responses to new features with a model that vem fit wrote.")
        {
            model, features, file, runs,
        };
        compute.AddTo(command);
        command.SetAction(parsed => Run(
            new PredictOptions(
                new NewFeatures(
                    parsed.GetRequiredValue(model), parsed.GetRequiredValue(features), parsed.GetValue(runs)),
                parsed.GetRequiredValue(file)),
            compute.Read(parsed), console, cancellation));
        return command;
    }

    private static int Run(
        PredictOptions options, ComputeOptions compute, CommandConsole console, CancellationToken cancellation)
    {
        OutputPlace.RequireFileOtherThan(options.Out, options.Input.InputFiles);
        OutputPlace.RequireFileOutside(options.Out, options.Input.Model);
        using IBackend backend = BackendFactory.Create(compute.Backend, compute.Threads);
        (nint samples, nint targets) = ProgressReporter.Run(
            console, compute.ShowsProgress,
            progress => new PredictPipeline(options, backend, progress, cancellation).Run());
        console.Out.WriteLine(
            $"predicted {Counted.Text(samples, "sample")} x {Counted.Text(targets, "target")}: {options.Out}");
        return ExitCode.Success;
    }
}
