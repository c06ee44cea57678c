namespace VemKernels.Cli.Report;

/// <summary>What a caption says of scores that a histogram does not show where they are.</summary>
internal static class ScoreWords
{
    /// <summary>Those under its left end.</summary>
    public static string Tail(IReadOnlyList<float> scores) => Histogram.Tail(scores) is { Count: > 0 } tail
        ? $" {Counted.Text(tail.Count, "target")} under {Frame.Number(tail.Limit, "G3")} stand in the leftmost bar."
        : "";

    /// <summary>Those that are no numbers.</summary>
    public static string NotNumbers(IReadOnlyList<float> scores) =>
        scores.Count(score => !float.IsFinite(score)) is > 0 and int count
            ? $" {Counted.Text(count, "target")} with no finite score are left out." : "";
}
