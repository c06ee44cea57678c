namespace VemKernels.Data;

/// <summary>Why an output cannot be created, in words that do not show its temporary name.</summary>
internal static class WriteProblem
{
    /// <summary>Describes what the file system answered.</summary>
    /// <param name="exception">The answer.</param>
    /// <param name="temporary">The name that was to be created.</param>
    /// <param name="path">The name that the user knows.</param>
    public static string Describe(Exception exception, string temporary, string path) => exception switch
    {
        UnauthorizedAccessException => "permission denied",
        FileNotFoundException or DirectoryNotFoundException => "the file system takes no new entries there",
        _ => exception.Message.Replace(temporary, path, StringComparison.Ordinal),
    };
}
