using System.CommandLine;

namespace VemKernels.Cli.Options;

/// <summary>
/// An option that may be left out. (System.CommandLine's own defaults would be listed in the help by the names that
/// values have in the program.)
/// </summary>
/// <param name="name">The option.</param>
/// <param name="byDefault">Its value where it is not given.</param>
internal sealed class DefaultedOption<T>(string name, T byDefault) : Option<T>(name)
{
    /// <summary>What was given, or the default.</summary>
    public T Read(ParseResult parsed) => parsed.GetResult(this) is null ? byDefault : parsed.GetRequiredValue(this);
}
