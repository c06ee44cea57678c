using System.CommandLine;

namespace VemKernels.Cli.Options;

/// <summary>How cross-validation searches for alphas and for the weights of spaces.</summary>
internal sealed record SearchOptions
{
    /// <summary>Regularisation parameters where none are given.</summary>
    public const string DefaultAlphas = "1e0:1e6:13";

    /// <summary>Random candidates where no number is given.</summary>
    public const int DefaultIterations = 20;

    /// <summary>Regularisation parameters.</summary>
    public AlphaGrid Alphas { get; init; } = AlphaGrid.Parse(DefaultAlphas);

    /// <summary>How many random candidates.</summary>
    public int Iterations { get; init; } = DefaultIterations;

    /// <summary>Seed of the random candidates, of jitter and of power iterations.</summary>
    public long Seed { get; init; }

    /// <summary>A .npy file of candidates; null: random ones.</summary>
    public string? Gammas { get; init; }

    /// <summary>Concentrations of the Dirichlet distributions of random candidates; null: the library's.</summary>
    public double[]? Concentrations { get; init; }

    /// <summary>Whether the candidates are each space alone.</summary>
    public bool WinnerTakeAll { get; init; }

    /// <summary>Whether all targets share one alpha.</summary>
    public bool GlobalAlpha { get; init; }

    /// <summary>Whether all targets share one candidate.</summary>
    public bool ShareCandidate { get; init; }

    /// <summary>Whether the largest alpha within one standard deviation of the best is taken.</summary>
    public bool Conservative { get; init; }

    /// <summary>Whether each candidate's alphas are multiplied by a random factor.</summary>
    public bool JitterAlphas { get; init; }

    /// <summary>Within which scores of redundant alphas are interpolated; null: the library's.</summary>
    public double? AlphaTolerance { get; init; }

    /// <summary>The seed as solvers take it.</summary>
    public int SolverSeed => (int)(Seed & int.MaxValue);
}

/// <summary>The options of a search by cross-validation.</summary>
internal sealed class SearchOptionSet
{
    private readonly DefaultedOption<AlphaGrid> _alphas;
    private readonly DefaultedOption<long> _iterations;
    private readonly DefaultedOption<long> _seed;
    private readonly Option<string?> _gammas;
    private readonly Option<double[]?> _concentrations;
    private readonly Option<bool> _winnerTakeAll;
    private readonly Option<bool> _globalAlpha;
    private readonly Option<bool> _shareCandidate;
    private readonly Option<bool> _conservative;
    private readonly Option<bool> _jitterAlphas;
    private readonly Option<string?> _alphaTolerance;

    /// <summary>Makes the options.</summary>
    public SearchOptionSet(OptionScope scope)
    {
        ModelKind[] grid =
        [
            ModelKind.Banded, ModelKind.Ridge, ModelKind.Kernel, ModelKind.MultipleKernel, ModelKind.HyperGradient,
        ];
        ModelKind[] search = [ModelKind.Banded, ModelKind.MultipleKernel, ModelKind.HyperGradient];
        _alphas = scope.For(
            OptionFactory.WithDefault(
                "--alphas", "START:STOP:COUNT",
                "Regularisation parameters to choose from by cross-validation, evenly spaced in the logarithm; or a "
                + "list such as 1,10,100.",
                SearchOptions.DefaultAlphas, AlphaGrid.Parse),
            grid);
        _iterations = scope.For(
            OptionFactory.WithDefault(
                "--iterations", "N", "Random candidates of the spaces' weights, the first being equal weights.",
                $"{SearchOptions.DefaultIterations}", OptionFactory.Integer(1, int.MaxValue)),
            search);
        _seed = scope.For(
            OptionFactory.WithDefault(
                "--seed", "N", "Seed of all that is random; a seed gives the candidates that numpy draws from it.", "0",
                OptionFactory.Integer(0, uint.MaxValue)),
            search);
        _gammas = scope.For(
            OptionFactory.Optional(
                "--gammas", "FILE", "Candidates x spaces in a .npy file, instead of random ones.", OptionFactory.Path),
            search);
        _concentrations = scope.For(
            OptionFactory.Optional(
                "--concentrations", "0.1,1",
                "Concentrations of the Dirichlet distributions that candidates are drawn from in turn; less favours "
                + "few spaces. Default: 0.1,1.",
                NumberText.List(NumberText.Positive)),
            search);
        _winnerTakeAll = scope.For(
            OptionFactory.Flag(
                "--winner-take-all", "Candidates are each space alone, so that each target gets one. Default: off."),
            search);
        _globalAlpha = scope.For(
            OptionFactory.Flag("--global-alpha", "One alpha for all targets. Default: one a target."), grid);
        _shareCandidate = scope.For(
            OptionFactory.Flag(
                "--share-candidate", "One candidate of the spaces' weights for all targets. Default: one a target "
                + "(with --global-alpha, kernels share it anyway)."),
            search);
        _conservative = scope.For(
            OptionFactory.Flag(
                "--conservative", "Take the largest alpha within one standard deviation (over splits) of the best. "
                + "Default: off."),
            grid);
        _jitterAlphas = scope.For(
            OptionFactory.Flag(
                "--jitter-alphas", "Multiply each candidate's alphas by 10^u, u uniform in -0.5 to 0.5. Default: off."),
            search);
        _alphaTolerance = scope.For(
            OptionFactory.Optional(
                "--alpha-tolerance", "X", "Relative error within which scores of redundant alphas may be interpolated; "
                + "0 evaluates each alpha. Default: 1e-7 (float32), 1e-11 (float64).",
                text => NumberText.Of(NumberText.NotNegative(text))),
            grid);
    }

    /// <summary>All options that need cross-validation over alphas.</summary>
    public IEnumerable<Option> Grid => [_alphas, _globalAlpha, _conservative, _alphaTolerance];

    /// <summary>All options of a random search but its seed.</summary>
    public IEnumerable<Option> Search =>
        [.. Grid, _iterations, _gammas, _concentrations, _winnerTakeAll, _shareCandidate, _jitterAlphas];

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])
            [_alphas, _globalAlpha, _conservative, _alphaTolerance, _iterations, _seed, _gammas, _concentrations,
                _winnerTakeAll, _shareCandidate, _jitterAlphas])
        {
            command.Add(option);
        }
    }

    /// <summary>What was given.</summary>
    /// <exception cref="OptionException">Options that contradict each other.</exception>
    public SearchOptions Read(ParseResult parsed)
    {
        if (parsed.GetResult(_gammas) is not null)
        {
            OptionScope.RequireAbsent(
                parsed, "is for random candidates; --gammas gives the candidates", _iterations, _seed, _concentrations,
                _winnerTakeAll);
        }

        if (parsed.GetValue(_winnerTakeAll))
        {
            OptionScope.RequireAbsent(
                parsed, "is for random candidates; with --winner-take-all they are each space alone", _iterations,
                _concentrations);
        }

        if (parsed.GetValue(_globalAlpha))
        {
            OptionScope.RequireAbsent(parsed, "chooses for each target; --global-alpha for all", _conservative);
        }

        return new SearchOptions
        {
            Alphas = _alphas.Read(parsed),
            Iterations = (int)_iterations.Read(parsed),
            Seed = _seed.Read(parsed),
            Gammas = parsed.GetValue(_gammas),
            Concentrations = parsed.GetResult(_concentrations) is null ? null : parsed.GetValue(_concentrations),
            WinnerTakeAll = parsed.GetValue(_winnerTakeAll),
            GlobalAlpha = parsed.GetValue(_globalAlpha),
            ShareCandidate = parsed.GetValue(_shareCandidate),
            Conservative = parsed.GetValue(_conservative),
            JitterAlphas = parsed.GetValue(_jitterAlphas),
            AlphaTolerance = parsed.GetValue(_alphaTolerance) is { } text ? NumberText.Finite(text) : null,
        };
    }
}
