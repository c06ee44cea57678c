using System.CommandLine;
using VemKernels.Solvers;

namespace VemKernels.Cli.Options;

/// <summary>How iterative solvers go, and where they start.</summary>
internal sealed record DescentOptions
{
    /// <summary>Most iterations; null: the solver's default.</summary>
    public int? MaxIterations { get; init; }

    /// <summary>When a target is done; null: the solver's default.</summary>
    public double? Tolerance { get; init; }

    /// <summary>How the hyper-gradient is computed.</summary>
    public HyperGradientMethod Method { get; init; }

    /// <summary>How dual weights follow the kernel weights.</summary>
    public InnerMethod Inner { get; init; }

    /// <summary>Where the descent starts.</summary>
    public InitialArgument Initial { get; init; } = InitialArgument.Parse(InitialArgument.Default);
}

/// <summary>The options of iterative solvers.</summary>
internal sealed class DescentOptionSet
{
    private const string RandomSearchHint =
        "needs --initial-deltas random-search: a descent searches over no candidates";

    private readonly Option<string?> _maxIterations;

    private readonly Option<string?> _tolerance;

    private readonly DefaultedOption<HyperGradientMethod> _method = OptionFactory.Choice(
        "--hyper-gradient", "How the gradient accounts for the weights' own dependence on the deltas: by conjugate "
        + "gradient, a Neumann series, or not at all.",
        ("cg", HyperGradientMethod.ConjugateGradient), ("neumann", HyperGradientMethod.Neumann),
        ("direct", HyperGradientMethod.Direct));

    private readonly DefaultedOption<InnerMethod> _inner = OptionFactory.Choice(
        "--inner", "How the weights follow the deltas between two steps: by gradient descent or conjugate gradient.",
        ("gd", InnerMethod.GradientDescent), ("cg", InnerMethod.ConjugateGradient));

    private readonly DefaultedOption<InitialArgument> _initial = OptionFactory.WithDefault(
        "--initial-deltas", "X|ridge|random-search|FILE", "Where the descent starts: a number for all deltas, ridge "
        + "with cross-validated alpha, what a random search finds, or a .npy file (spaces x targets, or x 1).",
        InitialArgument.Default, InitialArgument.Parse);

    private readonly bool _hasStart;

    /// <summary>Makes the options of <c>vem fit</c>.</summary>
    public DescentOptionSet(OptionScope scope)
        : this(
            "Most iterations of an iterative solver. Default: 10 (hyper-gradient), 100 (weighted-kernel), 300 for each "
            + "pair of penalties (lasso).",
            "A target is done when an iteration moves it by less. Default: 1e-2 of a delta (hyper-gradient), 1e-4 of "
            + "its weights' size (weighted-kernel, lasso). 0: never.")
    {
        _hasStart = true;
        ModelKind[] iterative = [ModelKind.HyperGradient, ModelKind.WeightedKernel, ModelKind.Lasso];
        scope.For(_maxIterations, iterative);
        scope.For(_tolerance, iterative);
        scope.For(_method, ModelKind.HyperGradient);
        scope.For(_inner, ModelKind.HyperGradient);
        scope.For(_initial, ModelKind.HyperGradient);
    }

    /// <summary>Makes the options of a command that descends from a model.</summary>
    public DescentOptionSet()
        : this(
            "Most iterations of the descent. Default: 10.",
            "A target is done when an iteration moves its deltas by less. Default: 1e-2. 0: never.")
    {
    }

    private DescentOptionSet(string maxIterations, string tolerance)
    {
        _maxIterations = OptionFactory.Optional(
            "--max-iterations", "N", maxIterations, text => $"{OptionFactory.Integer(1, int.MaxValue)(text)}");
        _tolerance = OptionFactory.Optional(
            "--tolerance", "X", tolerance, text => NumberText.Of(NumberText.NotNegative(text)));
    }

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_maxIterations);
        command.Add(_tolerance);
        command.Add(_method);
        command.Add(_inner);
        if (_hasStart)
        {
            command.Add(_initial);
        }
    }

    /// <summary>What was given.</summary>
    public DescentOptions Read(ParseResult parsed) => new()
    {
        MaxIterations = parsed.GetValue(_maxIterations) is { } count ? (int)NumberText.Finite(count) : null,
        Tolerance = parsed.GetValue(_tolerance) is { } text ? NumberText.Finite(text) : null,
        Method = _method.Read(parsed),
        Inner = _inner.Read(parsed),
        Initial = _hasStart ? _initial.Read(parsed) : InitialArgument.Parse(InitialArgument.Default),
    };

    /// <summary>Requires that options of a random search were given only where the descent starts from one.</summary>
    /// <exception cref="OptionException">One was given without; the message names it.</exception>
    public void RequireSearchIfSearched(ParseResult parsed, SearchOptionSet search)
    {
        if (_initial.Read(parsed).Kind != InitialKind.RandomSearch)
        {
            OptionScope.RequireAbsent(parsed, RandomSearchHint, search.Search);
        }
    }
}
