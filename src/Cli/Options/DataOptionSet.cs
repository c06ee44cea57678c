using System.CommandLine;

namespace VemKernels.Cli.Options;

/// <summary>The options that say what is fitted: features, responses, runs, and how they are prepared.</summary>
internal sealed class DataOptionSet
{
    private readonly Option<FeatureArgument[]> _features = OptionFactory.Repeatable(
        "--features", "NAME=FILE[:COLUMN]",
        "A feature space; again for each space. FILE is .npy (samples x features) or a table (.tsv, .csv). COLUMN: one "
        + "or several, separated by commas; without it, all columns of numbers. Each cell needs a value. A column of "
        + "categories becomes one-hot columns in alphabetical order.",
        required: true, FeatureArgument.Parse);

    private readonly Option<FileArgument> _responses = OptionFactory.Required(
        "--responses", "FILE", "Measured responses: .npy (samples x targets) or NIfTI (.nii, .nii.gz). May be larger "
        + "than memory if .npy or .nii.",
        FileArgument.Parse);

    private readonly Option<string?> _mask = OptionFactory.Optional(
        "--mask", "FILE", "Mask of NIfTI responses: voxels that are not 0 are fitted. Default: all voxels.",
        OptionFactory.Path);

    private readonly Option<FileArgument?> _runs = OptionFactory.Optional(
        "--runs", "FILE[:COLUMN]",
        "The number of each sample's run: a column of whole numbers in a table, or .npy. Default: all samples are one "
        + "run.",
        FileArgument.Parse);

    private readonly Option<RunList?> _trainRuns = OptionFactory.Optional(
        "--train-runs", "1-10", "Runs to train on. Default: all that do not test.", RunList.Parse);

    private readonly Option<RunList?> _testRuns = OptionFactory.Optional(
        "--test-runs", "11,12", "Runs to test on. Default: none, and no test files.", RunList.Parse);

    private readonly Option<DelayArgument[]> _delays = OptionFactory.Repeatable(
        "--delays", "NAME=1,2,3,4 or NAME=1-4",
        "Delays of a feature space, in samples; again for each space. Negative ones take features of later samples. A value that would come from another run "
        + "is 0. Default: the features as they are.",
        required: false, DelayArgument.Parse);

    private readonly Option<DelayPriorArgument[]> _delayPriors = OptionFactory.Repeatable(
        "--delay-prior", "NAME=PRIOR",
        "Prior on the weights of a space's delays; again for each space: smoothness (of order=2, or 1, with ridge=X "
        + "towards spherical), hrf:tr=SECONDS (like the haemodynamic response, with ridge=0.1 for other shapes) or "
        + "spherical. Default: spherical.",
        required: false, DelayPriorArgument.Parse);

    private readonly Option<bool> _zscoreRuns = OptionFactory.Flag(
        "--zscore-runs",
        "Z-score every feature (after delays) and every target inside each run, by its population standard deviation; "
        + "a constant becomes 0. Default: off. In any case features and responses are then centred by the training "
        + "mean.");

    private readonly Option<string?> _baseline = OptionFactory.Optional(
        "--baseline", "CATEGORY", "The category that gets no one-hot column. Default: each category gets one.",
        OptionFactory.Path);

    private readonly DefaultedOption<DataType> _dtype = OptionFactory.Choice(
        "--dtype", "Type of data and of work on targets; factorisations are in double anyway.",
        ("float32", DataType.Float32), ("float64", DataType.Float64));

    private readonly Option<MemorySize?> _memory = OptionFactory.Optional(
        "--memory", "4GB", "Cap on the workspace beyond inputs and outputs, in B, KB, MB, GB or KiB, MiB, GiB. "
        + "Default: half of this machine's.",
        MemorySize.Parse);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])
            [_features, _responses, _mask, _runs, _trainRuns, _testRuns, _delays, _delayPriors, _zscoreRuns,
                _baseline, _dtype, _memory])
        {
            command.Add(option);
        }
    }

    /// <summary>What was given.</summary>
    public FitOptions Read(ParseResult parsed) => new()
    {
        Features = parsed.GetRequiredValue(_features),
        Responses = parsed.GetRequiredValue(_responses),
        Mask = parsed.GetValue(_mask),
        Runs = parsed.GetValue(_runs),
        TrainRuns = parsed.GetValue(_trainRuns),
        TestRuns = parsed.GetValue(_testRuns),
        Delays = parsed.GetValue(_delays) ?? [],
        DelayPriors = parsed.GetValue(_delayPriors) ?? [],
        ZScoreRuns = parsed.GetValue(_zscoreRuns),
        Baseline = parsed.GetValue(_baseline),
        DataType = _dtype.Read(parsed),
        Memory = parsed.GetValue(_memory),
    };
}
