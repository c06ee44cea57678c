using Spectre.Console;

namespace VemKernels.Cli;

/// <summary>Shows how far work is on a terminal, one bar a call of a solver; shows nothing elsewhere.</summary>
internal sealed class ProgressReporter
{
    /// <summary>Shows nothing.</summary>
    public static readonly ProgressReporter Silent = new(_ => null);

    private readonly Func<string, IProgress<FitProgress>?> _begin;

    /// <summary>Shows progress in any way.</summary>
    /// <param name="begin">Makes what a call reports to, given the call's name; null for nothing.</param>
    public ProgressReporter(Func<string, IProgress<FitProgress>?> begin) => _begin = begin;

    /// <summary>
    /// Runs work with a bar on the error stream, if that is a terminal and the bar is wanted. It vanishes at the end.
    /// </summary>
    public static TResult Run<TResult>(CommandConsole console, bool wanted, Func<ProgressReporter, TResult> work)
    {
        if (!wanted || !console.ErrorIsTerminal)
        {
            return work(Silent);
        }

        return console.StyledError().Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .Start(context =>
                work(new ProgressReporter(name => new Bar(context.AddTask(Markup.Escape(name), maxValue: 1)))));
    }

    /// <summary>A bar for one call; null where nothing is shown.</summary>
    /// <param name="name">Shown until the call names its first stage.</param>
    public IProgress<FitProgress>? Begin(string name) => _begin(name);

    private sealed class Bar(ProgressTask task) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            task.Description = Markup.Escape(value.Stage);
            task.Value = value.Fraction;
        }
    }
}
