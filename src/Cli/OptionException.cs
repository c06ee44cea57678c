namespace VemKernels.Cli;

/// <summary>
/// An option that makes no sense, alone or with others or with the data. The message is one line that names it.
/// </summary>
internal sealed class OptionException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">One line that names the option.</param>
    public OptionException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="option">The option, and its value where that helps: "--cv 1".</param>
    /// <param name="problem">What is wrong with it.</param>
    public OptionException(string option, string problem)
        : base($"{option}: {problem}")
    {
    }

    /// <summary>
    /// Calls a library with what an option said; if the library rejects that, the error names the option.
    /// </summary>
    public static TResult Guard<TResult>(string option, Func<TResult> call)
    {
        try
        {
            return call();
        }
        catch (ArgumentException exception)
        {
            throw new OptionException(option, ExceptionText.OneLine(exception));
        }
    }
}
