namespace VemKernels.Cli.Options;

/// <summary>A feature space: NAME=FILE[:COLUMN[,COLUMN...]].</summary>
/// <param name="Name">The name of the space; it becomes part of file names.</param>
/// <param name="Source">Where its features are.</param>
internal sealed record FeatureArgument(string Name, FileArgument Source)
{
    /// <summary>Parses NAME=FILE[:COLUMN].</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static FeatureArgument Parse(string text)
    {
        (string name, string rest) = NamedText.Split(text, "NAME=FILE[:COLUMN]");
        return new(name, FileArgument.Parse(rest));
    }

    /// <summary>As it was written.</summary>
    public override string ToString() => $"{Name}={Source}";
}
