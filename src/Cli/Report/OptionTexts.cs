using System.Collections;
using System.Text.Json;

namespace VemKernels.Cli.Report;

/// <summary>Options as a summary holds them, in words.</summary>
internal static class OptionTexts
{
    /// <summary>Those that are set.</summary>
    /// <param name="options">By the names that they have on the command line.</param>
    public static IEnumerable<(string Name, string Text)> Of(IReadOnlyDictionary<string, object?> options) =>
        options.Select(option => (option.Key, Text(option.Value)))
            .Where(option => option.Item2.Length > 0);

    private static string Text(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "yes" : "no",
        string text => text,
        double number => $"{number:G6}",
        IEnumerable list => string.Join(", ", list.Cast<object?>().Select(Text)),
        Enum word => JsonNamingPolicy.KebabCaseLower.ConvertName($"{word}"),
        _ => $"{value}",
    };
}
