using VemKernels.Solvers;

namespace VemKernels.Cli.Options;

/// <summary>In which type data are held and work that grows with the number of targets is done.</summary>
internal enum DataType
{
    /// <summary>Single precision.</summary>
    Float32,

    /// <summary>Double precision.</summary>
    Float64,
}

/// <summary>What <c>vem fit</c> was asked for; each option is valid by itself.</summary>
internal sealed record FitOptions
{
    /// <summary>The scores by the names that they have on the command line.</summary>
    public static readonly (string Word, ScoreKind Value)[] Scores =
        [("l2", ScoreKind.NegativeSquaredError), ("r2", ScoreKind.R2), ("correlation", ScoreKind.Correlation)];

    /// <summary>All files that are read.</summary>
    public IEnumerable<string> InputFiles =>
        new[]
        {
            Responses.Path, Mask, Runs?.Path, Groups?.Path, GivenCrossValidation?.File?.Path, Search.Gammas,
            Descent.Initial.Path,
        }.Concat(Given.InputFiles).OfType<string>().Concat(Features.Select(space => space.Source.Path));

    /// <summary>The feature spaces, in the order of the outputs.</summary>
    public required IReadOnlyList<FeatureArgument> Features { get; init; }

    /// <summary>
    /// The label of each column of the one feature matrix, whose labels are the spaces, or of a lasso's features; null:
    /// the spaces are as given.
    /// </summary>
    public FileArgument? Groups { get; init; }

    /// <summary>The responses.</summary>
    public required FileArgument Responses { get; init; }

    /// <summary>Mask of NIfTI responses; null for all voxels.</summary>
    public string? Mask { get; init; }

    /// <summary>The run of each sample; null: one run.</summary>
    public FileArgument? Runs { get; init; }

    /// <summary>Training runs; null: all that do not test.</summary>
    public RunList? TrainRuns { get; init; }

    /// <summary>Test runs; null: no test.</summary>
    public RunList? TestRuns { get; init; }

    /// <summary>Delays of some spaces.</summary>
    public IReadOnlyList<DelayArgument> Delays { get; init; } = [];

    /// <summary>Priors on the delays of some spaces.</summary>
    public IReadOnlyList<DelayPriorArgument> DelayPriors { get; init; } = [];

    /// <summary>Whether features and responses are z-scored inside runs.</summary>
    public bool ZScoreRuns { get; init; }

    /// <summary>The category that gets no column.</summary>
    public string? Baseline { get; init; }

    /// <summary>Which model is fitted.</summary>
    public ModelKind Model { get; init; }

    /// <summary>Splits as asked for; null: the default.</summary>
    public CrossValidation? GivenCrossValidation { get; init; }

    /// <summary>
    /// Splits: as asked for, else runs where there are any, else <see cref="CrossValidation.DefaultFolds"/>.
    /// </summary>
    public CrossValidation CrossValidation => GivenCrossValidation
        ?? (Runs is null ? new CrossValidation(CrossValidation.DefaultFolds) : CrossValidation.Runs);

    /// <summary>The score that cross-validation maximises.</summary>
    public ScoreKind Score { get; init; }

    /// <summary>The name of <see cref="Score"/> on the command line.</summary>
    public string ScoreWord => Scores.First(score => score.Value == Score).Word;

    /// <summary>How alphas and weights of spaces are searched for.</summary>
    public SearchOptions Search { get; init; } = new();

    /// <summary>The kernels of the spaces.</summary>
    public KernelOptions Kernels { get; init; } = KernelOptions.Linear;

    /// <summary>Hyper-parameters that are given.</summary>
    public GivenOptions Given { get; init; } = new();

    /// <summary>How iterative solvers go.</summary>
    public DescentOptions Descent { get; init; } = new();

    /// <summary>The penalties of a lasso.</summary>
    public LassoOptions Lasso { get; init; } = new();

    /// <summary>Which weights are written; null: the model's own.</summary>
    public WeightKind? Weights { get; init; }

    /// <summary>Whether an unpenalised intercept is fitted.</summary>
    public bool FitIntercept { get; init; }

    /// <summary>Type of data and work.</summary>
    public DataType DataType { get; init; }

    /// <summary>Cap on the workspace; null: the library's.</summary>
    public MemorySize? Memory { get; init; }

    /// <summary>The names, without dashes, of options that mean nothing to this fit.</summary>
    public IReadOnlySet<string> Unused { get; init; } = new HashSet<string>();

    /// <summary>Where the report goes; null: there is none.</summary>
    public string? Report { get; init; }
}
