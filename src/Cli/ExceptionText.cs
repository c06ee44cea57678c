namespace VemKernels.Cli;

/// <summary>Messages of exceptions as a user may read them.</summary>
internal static class ExceptionText
{
    private static readonly string[] LineBreaks = ["\r\n", "\n"];

    /// <summary>
    /// The message's first line, and the first error of the compiler's log that may follow it: all that fits on a line.
    /// </summary>
    public static string Brief(Exception exception)
    {
        string[] lines = exception.Message.Split(
            LineBreaks, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string? error = lines.Skip(1).FirstOrDefault(
            line => line.Contains("error", StringComparison.OrdinalIgnoreCase));
        return error is null ? lines[0] : $"{lines[0]}: {error}";
    }

    /// <summary>The message on one line, without the name of a method's parameter that .NET appends.</summary>
    public static string OneLine(Exception exception)
    {
        string message = exception.Message;
        if (exception is ArgumentException { ParamName: { } name })
        {
            message = message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal);
        }

        return string.Join(
            ' ', message.Split(LineBreaks, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }
}
