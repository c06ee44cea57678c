using VemKernels.Solvers;

namespace VemKernels.Cli.Options;

/// <summary>Some runs: 1-10,12.</summary>
/// <param name="Text">As they were written.</param>
/// <param name="Runs">Their labels.</param>
internal sealed record RunList(string Text, int[] Runs)
{
    /// <summary>Parses numbers and inclusive ranges.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static RunList Parse(string text) => new(text, RunSelection.Parse(text));

    /// <summary>As they were written.</summary>
    public override string ToString() => Text;
}
