namespace VemKernels.Cli.Report;

/// <summary>What one colour of a report stands for.</summary>
/// <param name="Name">In legends and hints.</param>
/// <param name="Colour">The number of its colour in <see cref="ReportStyle"/>.</param>
internal sealed record ReportGroup(string Name, int Colour)
{
    /// <summary>The colour of what is left over: noise, or what nothing explains.</summary>
    private const int RestColour = 3;

    /// <summary>The colours of feature spaces, in order; more spaces than these share colours.</summary>
    private static readonly int[] SpaceColours = [0, 1, 2, 4, 5, 6, 7];

    /// <summary>Feature spaces.</summary>
    public static IReadOnlyList<ReportGroup> OfSpaces(IEnumerable<string> names) =>
        [.. names.Select((name, i) => new ReportGroup(name, SpaceColours[i % SpaceColours.Length]))];

    /// <summary>Feature spaces and then what is left over.</summary>
    public static IReadOnlyList<ReportGroup> OfSpaces(IEnumerable<string> names, string rest) =>
        [.. OfSpaces(names), new ReportGroup(rest, RestColour)];
}
