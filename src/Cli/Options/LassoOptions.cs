using System.CommandLine;

namespace VemKernels.Cli.Options;

/// <summary>The penalties of a sparse group lasso.</summary>
internal sealed record LassoOptions
{
    /// <summary>The library's penalty, of groups and of single weights.</summary>
    public const string DefaultPenalty = "0.05";

    /// <summary>Penalties of groups to choose from.</summary>
    public AlphaGrid L21 { get; init; } = AlphaGrid.Parse(DefaultPenalty);

    /// <summary>Penalties of absolute values to choose from.</summary>
    public AlphaGrid L1 { get; init; } = AlphaGrid.Parse(DefaultPenalty);
}

/// <summary>The options of the sparse group lasso.</summary>
internal sealed class LassoOptionSet
{
    private readonly DefaultedOption<AlphaGrid> _l21;
    private readonly DefaultedOption<AlphaGrid> _l1;

    /// <summary>Makes the options.</summary>
    public LassoOptionSet(OptionScope scope)
    {
        _l21 = scope.For(Penalty("--l21", "the norm of each group's weights"), ModelKind.Lasso);
        _l1 = scope.For(Penalty("--l1", "absolute weights"), ModelKind.Lasso);
    }

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_l21);
        command.Add(_l1);
    }

    /// <summary>What was given.</summary>
    public LassoOptions Read(ParseResult parsed) => new()
    {
        L21 = _l21.Read(parsed), L1 = _l1.Read(parsed),
    };

    private static DefaultedOption<AlphaGrid> Penalty(string name, string what) => OptionFactory.WithDefault(
        name, "START:STOP:COUNT", $"Penalties of {what} to choose from by cross-validation, as --alphas; a list may "
        + "have 0.",
        LassoOptions.DefaultPenalty, AlphaGrid.ParsePenalties);
}
