using System.CommandLine;
using VemKernels.Cli.Options;
using VemKernels.Cli.Refine;

namespace VemKernels.Cli.Commands;

/// <summary><c>vem refine</c>.</summary>
internal sealed class RefineCommand
{
    private readonly Option<string> _model = OptionFactory.Required(
        "--model", "DIR", "Folder that vem fit wrote with --model banded, multiple-kernel or hyper-gradient.",
        OptionFactory.Path);

    private readonly Option<string> _out = OptionFactory.Required(
        "--out", "DIR", "Folder to write, of the same files; it appears when all is done.", OptionFactory.Path);

    private readonly Option<FeatureArgument[]> _features = OptionFactory.Repeatable(
        "--features", "NAME=FILE[:COLUMN]", "Where the features of a space of the fit are now. Default: where they "
        + "were, seen from the folder that vem runs in.",
        required: false, FeatureArgument.Parse);

    private readonly Option<FileArgument?> _groups = OptionFactory.Optional(
        "--groups", "FILE[:COLUMN]", "Where the groups of the fit are now. Default: where they were.",
        FileArgument.Parse);

    private readonly Option<FileArgument?> _responses = OptionFactory.Optional(
        "--responses", "FILE", "Where the responses of the fit are now. Default: where they were.",
        FileArgument.Parse);

    private readonly Option<string?> _mask = OptionFactory.Optional(
        "--mask", "FILE", "Where the mask of the fit is now. Default: where it was.", OptionFactory.Path);

    private readonly Option<FileArgument?> _runs = OptionFactory.Optional(
        "--runs", "FILE[:COLUMN]", "Where the runs of the fit are now. Default: where they were.", FileArgument.Parse);

    private readonly Option<string?> _report = FitCommand.ReportOption();

    private readonly Option<MemorySize?> _memory = OptionFactory.Optional(
        "--memory", "4GB", "Cap on the workspace beyond inputs and outputs. Default: half of this machine's.",
        MemorySize.Parse);

    private readonly DescentOptionSet _descent = new();

    private readonly ComputeOptionSet _compute = new();

    private RefineCommand()
    {
    }

    /// <summary>Makes the command.</summary>
    public static Command Create(CommandConsole console, CancellationToken cancellation)
    {
        RefineCommand refine = new();
        Command command = new(
            "refine", "Refines the weights of spaces that vem fit found, by hyper-gradient descent on the same data "
            + "and splits. Takes six to ten times as long as the fit did.")
        {
            refine._model, refine._out, refine._report, refine._features, refine._groups, refine._responses,
            refine._mask, refine._runs, refine._memory,
        };
        refine._descent.AddTo(command);
        refine._compute.AddTo(command);
        command.SetAction(parsed =>
        {
            string model = parsed.GetRequiredValue(refine._model);
            string path = parsed.GetRequiredValue(refine._out);
            OutputPlace.RequireFolderOtherThan(path, model);
            return FitCommand.Run(
                refine.Read(parsed, model), refine._compute.Read(parsed), path, console, cancellation);
        });
        return command;
    }

    private FitOptions Read(ParseResult parsed, string model)
    {
        FitOptions options = RecordedFit.Read(model);
        options = options with
        {
            Features = RecordedFit.Moved(options.Features, parsed.GetValue(_features) ?? []),
            Groups = MovedGroups(options, parsed.GetValue(_groups)),
            Responses = parsed.GetValue(_responses) ?? options.Responses,
            Mask = parsed.GetValue(_mask) ?? options.Mask,
            Runs = parsed.GetValue(_runs) ?? options.Runs,
            Memory = parsed.GetValue(_memory),
            Report = parsed.GetValue(_report),
            Model = ModelKind.HyperGradient,
            Descent = _descent.Read(parsed) with { Initial = InitialArgument.OfModel(model) },
        };
        RequireInputs(options);
        return options with { Unused = FitCommand.Unused(options) };
    }

    /// <summary>Inputs are where the fit read them unless given: one that is not is an error of its option.</summary>
    /// <exception cref="OptionException">One is missing; the message names its option.</exception>
    private static void RequireInputs(FitOptions options)
    {
        foreach (FeatureArgument space in options.Features)
        {
            Require("--features", $"{space.Name}=", space.Source.Path);
        }

        Require("--groups", "", options.Groups?.Path);
        Require("--responses", "", options.Responses.Path);
        Require("--mask", "", options.Mask);
        Require("--runs", "", options.Runs?.Path);

        static void Require(string option, string name, string? path)
        {
            if (path is not null && !File.Exists(path))
            {
                throw new OptionException(
                    $"{option} {name}{path}", "no such file, seen from the folder that vem runs in; say with "
                        + $"{option} where it is now");
            }
        }
    }

    private static FileArgument? MovedGroups(FitOptions options, FileArgument? moved) =>
        moved is null || options.Groups is not null ? moved ?? options.Groups
        : throw new OptionException($"--groups {moved}", "the fit had no --groups");
}
