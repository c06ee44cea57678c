using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace VemKernels.Cli.Options;

/// <summary>Makes options whose errors are one line that names the option and what was given.</summary>
internal static class OptionFactory
{
    /// <summary>An option that must be given.</summary>
    public static Option<T> Required<T>(string name, string valueName, string help, Func<string, T> parse) =>
        new(name) { Description = help, HelpName = valueName, Required = true, CustomParser = One(name, parse) };

    /// <summary>An option that may be left out, and is null then.</summary>
    public static Option<T?> Optional<T>(string name, string valueName, string help, Func<string, T> parse)
        where T : class => new(name) { Description = help, HelpName = valueName, CustomParser = One<T?>(name, parse) };

    /// <summary>An option with a default, which its help shows.</summary>
    public static DefaultedOption<T> WithDefault<T>(
        string name, string valueName, string help, string byDefault, Func<string, T> parse) =>
        new(name, parse(byDefault))
        {
            Description = $"{help} Default: {byDefault}.", HelpName = valueName, CustomParser = One(name, parse),
        };

    /// <summary>An option that may be given again and again.</summary>
    public static Option<T[]> Repeatable<T>(
        string name, string valueName, string help, bool required, Func<string, T> parse) =>
        new(name)
        {
            Description = help,
            HelpName = valueName,
            Required = required,
            Arity = ArgumentArity.OneOrMore,
            CustomParser = Several(name, parse),
        };

    /// <summary>An option that is one of some words; the first word is the default.</summary>
    public static DefaultedOption<T> Choice<T>(string name, string help, params (string Word, T Value)[] choices)
    {
        string words = string.Join('|', choices.Select(choice => choice.Word));
        return WithDefault(name, words, help, choices[0].Word, Parse);

        T Parse(string text)
        {
            int index = Array.FindIndex(choices, choice => choice.Word == text);
            return index >= 0 ? choices[index].Value : throw new FormatException($"expected {words}");
        }
    }

    /// <summary>An option that is true where it stands.</summary>
    public static Option<bool> Flag(string name, string help) =>
        new(name) { Description = help, Arity = ArgumentArity.Zero };

    /// <summary>A parser of whole numbers in a range.</summary>
    public static Func<string, long> Integer(long minimum, long maximum) => text =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            && number >= minimum && number <= maximum
            ? number
            : throw new FormatException($"expected a whole number, {minimum} to {maximum}");

    /// <summary>A path as it stands.</summary>
    /// <exception cref="FormatException">It is empty.</exception>
    public static string Path(string text) => text.Length > 0 ? text : throw new FormatException("expected a path");

    /// <summary>A path of a .npy file.</summary>
    /// <exception cref="FormatException">It has another extension.</exception>
    public static string NpyPath(string text) => text.EndsWith(".npy", StringComparison.OrdinalIgnoreCase)
        ? text
        : throw new FormatException("a .npy file is written; its name must end with .npy");

    private static Func<ArgumentResult, T?> One<T>(string option, Func<string, T> parse) => result =>
    {
        if (result.Tokens.Count > 1)
        {
            result.AddError($"{option}: given {result.Tokens.Count} times; expected once");
            return default;
        }

        string text = result.Tokens[0].Value;
        return Parse(option, text, parse, result, out T? value) ? value : default;
    };

    private static Func<ArgumentResult, T[]> Several<T>(string option, Func<string, T> parse) => result =>
    {
        List<T> values = [];
        foreach (Token token in result.Tokens)
        {
            if (!Parse(option, token.Value, parse, result, out T? value))
            {
                break;
            }

            values.Add(value!);
        }

        return [.. values];
    };

    private static bool Parse<T>(string option, string text, Func<string, T> parse, ArgumentResult result, out T? value)
    {
        try
        {
            value = parse(text);
            return true;
        }
        catch (FormatException exception)
        {
            result.AddError($"{option} {text}: {exception.Message}");
            value = default;
            return false;
        }
    }
}
