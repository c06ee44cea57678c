namespace VemKernels.Cli.Options;

/// <summary>Which model is fitted.</summary>
internal enum ModelKind
{
    /// <summary>Banded ridge: each space has its own regularisation.</summary>
    Banded,

    /// <summary>Ridge on all spaces as one, from features.</summary>
    Ridge,

    /// <summary>Kernel ridge on all spaces as one, from their linear kernel.</summary>
    Kernel,
}

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
        new[] { Responses.Path, Mask, Runs?.Path, Gammas }.OfType<string>()
            .Concat(Features.Select(space => space.Source.Path));

    /// <summary>The feature spaces, in the order of the outputs.</summary>
    public required IReadOnlyList<FeatureArgument> Features { get; init; }

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

    /// <summary>Regularisation parameters.</summary>
    public required AlphaGrid Alphas { get; init; }

    /// <summary>How many random candidates.</summary>
    public required int Iterations { get; init; }

    /// <summary>Seed of the random candidates.</summary>
    public long Seed { get; init; }

    /// <summary>A .npy file of candidates; null: random ones.</summary>
    public string? Gammas { get; init; }

    /// <summary>Whether an unpenalised intercept is fitted.</summary>
    public bool FitIntercept { get; init; }

    /// <summary>Type of data and work.</summary>
    public DataType DataType { get; init; }

    /// <summary>Cap on the workspace; null: the library's.</summary>
    public MemorySize? Memory { get; init; }
}
