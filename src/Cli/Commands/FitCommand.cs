using System.CommandLine;
using VemKernels.Cli.Fit;
using VemKernels.Cli.Fit.Models;
using VemKernels.Cli.Options;
using VemKernels.Cli.Report;
using VemKernels.Data;
using VemKernels.Solvers;

namespace VemKernels.Cli.Commands;

/// <summary><c>vem fit</c>.</summary>
internal sealed class FitCommand
{
    private readonly DataOptionSet _data = new();

    private readonly Option<string> _out = OptionFactory.Required(
        "--out", "DIR", "Folder to write; it appears when all is done. An earlier output is replaced.",
        OptionFactory.Path);

    private readonly DefaultedOption<ModelKind> _model = OptionFactory.Choice(
        "--model", "banded: each space has its own regularisation, by random search. ridge, kernel: all spaces are "
        + "one, from features or from their kernel. multiple-kernel: a kernel a space, by random search. "
        + "hyper-gradient: the same by descent. weighted-kernel: with given weights. lasso: sparse groups of features.",
        ModelKinds.Words);

    private readonly Option<CrossValidation?> _cv = OptionFactory.Optional(
        "--cv", "runs|runs:2|N|FILE[:COLUMN]",
        "Cross-validation: leave one run out, or two at random (by --seed), or N contiguous folds, or the number of "
        + "each sample's fold in a column of a table or .npy. Default: runs where --runs is given, else "
        + $"{CrossValidation.DefaultFolds}.",
        CrossValidation.Parse);

    private readonly DefaultedOption<ScoreKind> _score = OptionFactory.Choice(
        "--score", "What cross-validation maximises; l2 is the negative mean squared error.",
        FitOptions.Scores);

    private readonly Option<bool> _fitIntercept = OptionFactory.Flag(
        "--fit-intercept", "Fit an unpenalised intercept in each split of cross-validation too. Default: off.");

    private readonly Option<string?> _weights = OptionFactory.Optional(
        "--weights", "dual|primal|none", "Weights to write: of training samples, of features (linear kernels), or "
        + "none (no prediction). Default: dual; primal for lasso and for ridge with --alpha.",
        text => text is "dual" or "primal" or "none" ? text : throw new FormatException("expected dual|primal|none"));

    private readonly Option<string?> _report = ReportOption();

    private readonly Option<FileArgument?> _groups = OptionFactory.Optional(
        "--groups", "FILE[:COLUMN]", "Make the spaces from the columns of one --features: the label of each column "
        + "(before delays), a whole number or a name, in a .npy file, a table or a text of one a line. Columns of "
        + "negative numbers are left out. Spaces go by ascending label; those of numbers are named NAME-0, NAME-1 and "
        + "so on. Of a lasso the groups of the features of all --features (or of those after delays). Default: each "
        + "--features is a space.",
        FileArgument.Parse);

    private readonly OptionScope _scope = new();
    private readonly SearchOptionSet _search;
    private readonly KernelOptionSet _kernels;
    private readonly GivenOptionSet _given;
    private readonly DescentOptionSet _descent;
    private readonly LassoOptionSet _lasso;
    private readonly ComputeOptionSet _compute = new();

    private FitCommand()
    {
        _model.HelpName = "MODEL"; // All their names would make the help's first column too wide.
        ModelKind[] validated = [.. Enum.GetValues<ModelKind>().Except([ModelKind.WeightedKernel])];
        _scope.For(_cv, validated);
        _scope.For(_score, validated);
        _scope.For(
            _groups, ModelKind.Banded, ModelKind.MultipleKernel, ModelKind.HyperGradient, ModelKind.WeightedKernel,
            ModelKind.Lasso);
        _search = new SearchOptionSet(_scope);
        _kernels = new KernelOptionSet(_scope);
        _given = new GivenOptionSet(_scope);
        _descent = new DescentOptionSet(_scope);
        _lasso = new LassoOptionSet(_scope);
    }

    /// <summary>The option of commands that fit.</summary>
    public static Option<string?> ReportOption() => OptionFactory.Optional(
        "--report", "FILE.html", "Draw what was found, one page that needs no network: scores of all targets, how they "
        + $"split over spaces, what was chosen, timings, options. In --out it is named {ModelFolder.Report}. Default: "
        + "no report.",
        text => text.EndsWith(".html", StringComparison.OrdinalIgnoreCase)
            ? text : throw new FormatException("an HTML page is written; its name must end with .html"));

    /// <summary>Makes the command.</summary>
    public static Command Create(CommandConsole console, CancellationToken cancellation)
    {
        FitCommand fit = new();
        Command command = new(
            "fit", "Fits a model to every target, by cross-validation, and tests it on runs left out (--test-runs). "
            + "For example: vem fit --features motion=motion.tsv --responses bold.nii.gz --mask mask.nii.gz --runs "
            + "samples.tsv:run --test-runs 11,12 --out fit")
        {
            fit._out,
        };
        fit._data.AddTo(command);
        command.Add(fit._report);
        command.Add(fit._model);
        command.Add(fit._groups);
        command.Add(fit._cv);
        command.Add(fit._score);
        command.Add(fit._fitIntercept);
        command.Add(fit._weights);
        fit._search.AddTo(command);
        fit._kernels.AddTo(command);
        fit._given.AddTo(command);
        fit._descent.AddTo(command);
        fit._lasso.AddTo(command);
        fit._compute.AddTo(command);
        command.SetAction(parsed => Run(
            fit.Read(parsed), fit._compute.Read(parsed), parsed.GetRequiredValue(fit._out), console, cancellation));
        return command;
    }

    /// <summary>Fits with given options, and prints what was found.</summary>
    public static int Run(
        FitOptions options, ComputeOptions compute, string path, CommandConsole console, CancellationToken cancellation)
    {
        OutputPlace.RequireFolderWithout(path, options.InputFiles);
        if (options.Report is not null)
        {
            OutputPlace.RequireFileOtherThan(options.Report, options.InputFiles, "--report");
        }

        using IBackend backend = BackendFactory.Create(compute.Backend, compute.Threads);
        using AtomicFolder folder = new(path, ModelFolder.Files);
        using ReportFile? report = options.Report is null
            ? null : new ReportFile(options.Report, path, folder, ModelFolder.Report);
        (FitSummary summary, FitFindings? findings) = ProgressReporter.Run(
            console, compute.ShowsProgress,
            progress => new FitPipeline(options, backend, progress, cancellation).Run(folder));
        report?.Write(new FitPage(options, summary, findings!).ToHtml());
        folder.Commit();
        report?.Commit();
        FitReport.Print(summary, options.ScoreWord, path, folder.Replaces, console.Out);
        return ExitCode.Success;
    }

    /// <summary>What was given, once no option is given in vain.</summary>
    private FitOptions Read(ParseResult parsed)
    {
        ModelKind model = _model.Read(parsed);
        _scope.Require(parsed, model);
        FitOptions options = _data.Read(parsed) with
        {
            Model = model,
            Groups = parsed.GetValue(_groups),
            GivenCrossValidation = parsed.GetValue(_cv),
            Score = _score.Read(parsed),
            FitIntercept = parsed.GetValue(_fitIntercept),
            Weights = parsed.GetValue(_weights) is { } weights
                ? Enum.Parse<WeightKind>(weights, ignoreCase: true) : null,
            Search = _search.Read(parsed),
            Kernels = _kernels.Read(parsed),
            Given = _given.Read(parsed, model),
            Descent = _descent.Read(parsed),
            Lasso = _lasso.Read(parsed),
            Report = parsed.GetValue(_report),
        };
        if (options is { Groups: { } groups, Features.Count: > 1, Model: not ModelKind.Lasso })
        {
            throw new OptionException(
                $"--groups {groups}", $"makes spaces of one feature matrix; there are {options.Features.Count} "
                    + "--features");
        }

        if (model == ModelKind.HyperGradient)
        {
            _descent.RequireSearchIfSearched(parsed, _search);
        }

        if (!FitModels.Of(options).UsesFolds)
        {
            OptionScope.RequireAbsent(
                parsed, "is for cross-validation; --alpha gives the regularisation", [_cv, _score, .. _search.Grid]);
        }

        return options with { Unused = Unused(options) };
    }

    /// <summary>The options that mean nothing to a fit, by their names without dashes.</summary>
    public static IReadOnlySet<string> Unused(FitOptions options)
    {
        FitCommand fit = new();
        IEnumerable<Option> unused = fit._scope.Outside(options.Model);
        if (!FitModels.Of(options).UsesFolds)
        {
            unused = [.. unused, fit._cv, fit._score, .. fit._search.Grid];
        }

        if (options.Model == ModelKind.HyperGradient && options.Descent.Initial.Kind != InitialKind.RandomSearch)
        {
            unused = [.. unused, .. fit._search.Search];
        }

        return unused.Select(option => option.Name.TrimStart('-')).ToHashSet();
    }
}
