namespace VemKernels.Cli;

/// <summary>Numbers with their nouns.</summary>
internal static class Counted
{
    /// <summary>"1 target", "2,000 targets".</summary>
    public static string Text(long count, string noun) => $"{count:N0} {noun}{(count == 1 ? "" : "s")}";
}
