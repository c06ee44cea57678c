namespace VemKernels.Cli.Options;

/// <summary>Text of the form NAME=VALUE, the name being that of a feature space.</summary>
internal static class NamedText
{
    /// <summary>Parts the name from the value.</summary>
    /// <param name="text">The text.</param>
    /// <param name="expected">The form that was expected, for messages.</param>
    /// <exception cref="FormatException">There is no name or no value, or the name would make no file name.</exception>
    public static (string Name, string Value) Split(string text, string expected)
    {
        int mark = text.IndexOf('=', StringComparison.Ordinal);
        if (mark <= 0 || mark == text.Length - 1)
        {
            throw new FormatException($"expected {expected}");
        }

        string name = text[..mark];
        if (!IsName(name))
        {
            throw new FormatException($"the name '{name}' of a space may have letters, digits, '_', '-' and '.' only");
        }

        return (name, text[(mark + 1)..]);
    }

    /// <summary>Whether a text may name a space: names become part of file names.</summary>
    public static bool IsName(string text) => text.Length > 0 && text[0] != '.'
        && text.All(letter => char.IsLetterOrDigit(letter) || letter is '_' or '-' or '.');
}
