using System.Diagnostics;
using Spectre.Console;

namespace VemKernels.Cli;

/// <summary>
/// Shows how far work is, call by call of a solver, and what a user should know of it.
/// </summary>
internal sealed class ProgressReporter
{
    private readonly Func<string, IProgress<FitProgress>?> _begin;
    private readonly Action<string> _note;

    /// <summary>Shows progress in any way.</summary>
    /// <param name="begin">Makes what a call reports to, given the call's name; null for nothing.</param>
    /// <param name="note">Takes one line that a user should read, though the work goes on.</param>
    public ProgressReporter(Func<string, IProgress<FitProgress>?> begin, Action<string> note)
    {
        _begin = begin;
        _note = note;
    }

    /// <summary>
    /// Runs work with its progress on the error stream, if that is wanted: a bar on a terminal, which vanishes at the
    /// end, else a line now and then. Notes stay, and are written without progress too.
    /// </summary>
    public static TResult Run<TResult>(CommandConsole console, bool wanted, Func<ProgressReporter, TResult> work)
    {
        if (!wanted)
        {
            return work(new ProgressReporter(_ => null, console.Error.WriteLine));
        }

        if (!console.ErrorIsTerminal)
        {
            TextWriter error = TextWriter.Synchronized(console.Error);
            Stopwatch watch = Stopwatch.StartNew();
            PlainProgress plain = new(error, () => watch.Elapsed);
            using Timer ticks = new(_ => plain.Tick(), null, console.ProgressInterval, console.ProgressInterval);
            try
            {
                return work(new ProgressReporter(plain.Begin, error.WriteLine));
            }
            finally
            {
                plain.End();
            }
        }

        IAnsiConsole styled = console.StyledError();
        return styled.Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .Start(context =>
                work(new ProgressReporter(
                    name => new Bar(context.AddTask(Markup.Escape(name), maxValue: 1)), styled.WriteLine)));
    }

    /// <summary>A bar for one call; null where nothing is shown.</summary>
    /// <param name="name">Shown until the call names its first stage.</param>
    public IProgress<FitProgress>? Begin(string name) => _begin(name);

    /// <summary>Tells one line that is no error.</summary>
    public void Note(string text) => _note($"vem: {text}");

    private sealed class Bar(ProgressTask task) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            task.Description = Markup.Escape(value.Stage);
            task.Value = value.Fraction;
        }
    }
}
