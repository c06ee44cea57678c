using System.CommandLine;
using System.CommandLine.Parsing;
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
    /// One error of parsing, the most telling: a word that means nothing, then a value that is wrong, then an option
    /// that is missing.
    /// </summary>
    private static void RequireParsed(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0)
        {
            return;
        }

        Command command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens.Count > 0)
        {
            throw new OptionException(Unknown(parsed.UnmatchedTokens[0], command));
        }

        if (command.Options.FirstOrDefault(option => IsWithoutValue(parsed, option)) is { } empty)
        {
            throw new OptionException(Usage(empty), "the value is missing");
        }

        Option[] missing = [.. command.Options.Where(
            option => option.Required && parsed.GetResult(option) is null or { Implicit: true })];
        ParseError? ofValue = parsed.Errors.FirstOrDefault(
            error => error.SymbolResult is not OptionResult { Option.Required: true, Implicit: true });
        throw ofValue is not null ? new OptionException(ofValue.Message)
            : new OptionException(
                string.Join(", ", missing.Select(Usage)),
                $"{(missing.Length == 1 ? "is" : "are")} missing; see {Name} {command.Name} {HelpOption}");
    }

    private static bool IsWithoutValue(ParseResult parsed, Option option) =>
        option.Arity.MinimumNumberOfValues > 0
        && parsed.GetResult(option) is { Implicit: false, Tokens.Count: 0 };

    private static string Usage(Option option) => $"{option.Name} {option.HelpName}";

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
            + "a brain. A first look: vem demo --out demo. The options of a command: vem fit --help.")
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
