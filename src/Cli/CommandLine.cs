using System.CommandLine;
using VemKernels.Cli.Commands;

namespace VemKernels.Cli;

/// <summary>The command <c>vem</c>: its sub-commands, and how a line of arguments becomes an exit code.</summary>
internal static class CommandLine
{
    private const string Name = "vem";

    private const string HelpOption = "--help";

    /// <summary>Parses and runs one command line.</summary>
    /// <param name="arguments">What follows <c>vem</c>.</param>
    /// <param name="console">Where to write.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(string[] arguments, CommandConsole console, CancellationToken cancellation)
    {
        RootCommand root = Root(console, cancellation);
        ParseResult parsed = root.Parse(arguments.Length == 0 ? [HelpOption] : arguments);
        return ErrorBoundary.Run(console.Error, () =>
        {
            RequireParsed(parsed);

            return parsed.Invoke(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = console.Out,
                Error = console.Error,
            });
        });
    }

    /// <summary>
    /// One error of parsing, the most telling: a word that means nothing before an option that is missing.
    /// </summary>
    private static void RequireParsed(ParseResult parsed)
    {
        if (parsed.Errors.Count > 0)
        {
            throw new OptionException(
                parsed.UnmatchedTokens.Count > 0
                    ? Unknown(parsed.UnmatchedTokens[0], parsed.CommandResult.Command)
                    : parsed.Errors[0].Message);
        }
    }

    /// <summary>
    /// What to say of a word that means nothing: the option or command that was perhaps meant; for a word that stands
    /// alone after options, that it is perhaps a part of a list.
    /// </summary>
    private static string Unknown(string word, Command command)
    {
        bool isRoot = command is RootCommand;
        IEnumerable<string> known = isRoot
            ? command.Subcommands.Select(sub => sub.Name)
            : command.Options.Select(option => option.Name);
        string hint = Spelling.Nearest(word, known) is { } meant ? $"did you mean {meant}? "
            : isRoot || word.StartsWith('-') ? ""
            : "lists are separated by commas without blanks, as in 11,12; ";
        return $"unknown argument '{word}'; {hint}see {Name} {(isRoot ? "" : $"{command.Name} ")}{HelpOption}";
    }

    private static RootCommand Root(CommandConsole console, CancellationToken cancellation) =>
        new("Voxelwise encoding models: fits ridge, banded ridge, kernel ridge and lasso regression to every voxel of "
            + "a brain.")
        {
            FitCommand.Create(console, cancellation),
            RefineCommand.Create(console, cancellation),
            PredictCommand.Create(console, cancellation),
            ScoreCommand.Create(console, cancellation),
            DemoCommand.Create(console, cancellation),
            BenchCommand.Create(console, cancellation),
            DevicesCommand.Create(console),
            TuneCommand.Create(console, cancellation),
        };
}
