using System.CommandLine;

namespace VemKernels.Cli.Options;

/// <summary>Hyper-parameters that are given instead of searched for.</summary>
internal sealed record GivenOptions
{
    /// <summary>Regularisation; null: cross-validated, or 1 where nothing is.</summary>
    public AlphaArgument? Alpha { get; init; }

    /// <summary>A .npy file of log kernel weights.</summary>
    public string? Deltas { get; init; }

    /// <summary>A .npy file of the weight of each sample's squared error; null for ones.</summary>
    public string? SampleWeights { get; init; }

    /// <summary>All files that are read.</summary>
    public IEnumerable<string?> InputFiles => [Alpha?.Path, Deltas, SampleWeights];
}

/// <summary>A regularisation that is given: a number, or a .npy file of one a target.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="Value">The number; null where there is a file.</param>
internal sealed record AlphaArgument(string Text, double? Value)
{
    /// <summary>The file; null where there is a number.</summary>
    public string? Path => Value is null ? Text : null;

    /// <summary>Parses a number over 0, or FILE.npy.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static AlphaArgument Parse(string text) => text.EndsWith(".npy", StringComparison.OrdinalIgnoreCase)
        ? new(text, null)
        : new(text, NumberText.Positive(text));

    /// <summary>As it was written.</summary>
    public override string ToString() => Text;
}

/// <summary>The options of models whose hyper-parameters are given.</summary>
internal sealed class GivenOptionSet
{
    private readonly Option<AlphaArgument?> _alpha;
    private readonly Option<string?> _deltas;
    private readonly Option<string?> _sampleWeights;

    /// <summary>Makes the options.</summary>
    public GivenOptionSet(OptionScope scope)
    {
        ModelKind[] models = [ModelKind.Ridge, ModelKind.Kernel, ModelKind.WeightedKernel];
        _alpha = scope.For(
            OptionFactory.Optional(
                "--alpha", "X|FILE", "Regularisation as it is, without cross-validation: a number, or a .npy file of "
                + "one a target. Default: cross-validated; 1 for weighted-kernel.",
                AlphaArgument.Parse),
            models);
        _deltas = scope.For(
            OptionFactory.Optional(
                "--deltas", "FILE", "Log kernel weights in a .npy file: spaces x targets, or spaces x 1 for all "
                + "targets. Needed.",
                OptionFactory.Path),
            ModelKind.WeightedKernel);
        _sampleWeights = scope.For(
            OptionFactory.Optional(
                "--sample-weights", "FILE", "Weight of each sample's squared error, training or not, in a .npy file; "
                + "with --alpha. Default: all alike.",
                OptionFactory.Path),
            models);
    }

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_alpha);
        command.Add(_deltas);
        command.Add(_sampleWeights);
    }

    /// <summary>What was given.</summary>
    /// <exception cref="OptionException">Deltas are missing, or sample weights without a given alpha.</exception>
    public GivenOptions Read(ParseResult parsed, ModelKind model)
    {
        GivenOptions given = new()
        {
            Alpha = parsed.GetValue(_alpha),
            Deltas = parsed.GetValue(_deltas),
            SampleWeights = parsed.GetValue(_sampleWeights),
        };
        if (model == ModelKind.WeightedKernel && given.Deltas is null)
        {
            throw new OptionException("--deltas", "is missing; --model weighted-kernel needs the kernels' weights");
        }

        return model == ModelKind.WeightedKernel || given.SampleWeights is null || given.Alpha is not null
            ? given
            : throw new OptionException(
                $"--sample-weights {given.SampleWeights}", "needs --alpha; cross-validation takes all samples alike");
    }
}
