using System.CommandLine;

namespace VemKernels.Cli.Options;

/// <summary>Remembers which models each option is for: its help says so, and it is refused with other models.</summary>
internal sealed class OptionScope
{
    private readonly List<(Option Option, ModelKind[] Models)> _scopes = [];

    /// <summary>Limits an option to some models.</summary>
    public TOption For<TOption>(TOption option, params ModelKind[] models)
        where TOption : Option
    {
        option.Description += $" For --model {ModelKinds.Text(models)}.";
        _scopes.Add((option, models));
        return option;
    }

    /// <summary>Requires that no option was given which the model has no use for.</summary>
    /// <exception cref="OptionException">One was; the message names it and the models that it is for.</exception>
    public void Require(ParseResult parsed, ModelKind model)
    {
        foreach ((Option option, ModelKind[] models) in _scopes)
        {
            if (!models.Contains(model))
            {
                RequireAbsent(parsed, $"is for --model {ModelKinds.Text(models)}; the model is {model.Word()}", option);
            }
        }
    }

    /// <summary>The options that a model has no use for.</summary>
    public IEnumerable<Option> Outside(ModelKind model) =>
        _scopes.Where(scope => !scope.Models.Contains(model)).Select(scope => scope.Option);

    /// <summary>Requires that none of some options was given.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="reason">Why, as what follows the option's name.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="OptionException">One was; the message names it.</exception>
    public static void RequireAbsent(ParseResult parsed, string reason, params IEnumerable<Option> options)
    {
        if (options.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } given)
        {
            throw new OptionException(given.Name, reason);
        }
    }
}
