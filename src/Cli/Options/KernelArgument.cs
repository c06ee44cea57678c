namespace VemKernels.Cli.Options;

/// <summary>The kernel of a space, or of all: [NAME=]rbf:gamma=0.01.</summary>
/// <param name="Space">The name of the space; null for all that have none of their own.</param>
/// <param name="Kernel">Its kernel.</param>
internal sealed record KernelArgument(string? Space, KernelChoice Kernel)
{
    /// <summary>Parses [NAME=]KERNEL[:PARAMETER=X,...].</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static KernelArgument Parse(string text)
    {
        int named = text.IndexOf('=', StringComparison.Ordinal);
        int parameters = text.IndexOf(':', StringComparison.Ordinal);
        if (named < 0 || (parameters >= 0 && parameters < named))
        {
            return new(null, KernelChoice.Parse(text));
        }

        (string space, string kernel) = NamedText.Split(text, $"NAME={KernelChoice.Form}");
        return new(space, KernelChoice.Parse(kernel));
    }

    /// <summary>As it is written.</summary>
    public override string ToString() => Space is null ? Kernel.ToString() : $"{Space}={Kernel}";
}
