using Spectre.Console;

namespace VemKernels.Cli;

/// <summary>Where a command writes: what was asked for goes to Out, all else to Error.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Errors and progress.</param>
/// <param name="ErrorIsTerminal">Whether somebody watches Error, so that a progress bar makes sense there.</param>
internal sealed record CommandConsole(TextWriter Out, TextWriter Error, bool ErrorIsTerminal)
{
    /// <summary>Where Error is no terminal, a line of progress is written so often; never where infinite.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The streams of this process.</summary>
    public static CommandConsole OfProcess() => new(Console.Out, Console.Error, !Console.IsErrorRedirected);

    /// <summary>Out, for tables and colours (which a terminal shows and a file does not get).</summary>
    public IAnsiConsole StyledOut() => Styled(Out);

    /// <summary>Error, for a progress bar.</summary>
    public IAnsiConsole StyledError() => Styled(Error);

    private static IAnsiConsole Styled(TextWriter writer) =>
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
}
