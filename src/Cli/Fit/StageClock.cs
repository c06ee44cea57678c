using System.Diagnostics;

namespace VemKernels.Cli.Fit;

/// <summary>Measures how long each stage of a command takes; no stage starts once the work is cancelled.</summary>
internal sealed class StageClock(CancellationToken cancellation)
{
    private readonly List<KeyValuePair<string, double>> _seconds = [];

    /// <summary>Seconds by stage, in the order in which the stages ended.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Seconds => _seconds;

    /// <summary>Runs a stage.</summary>
    public TResult Measure<TResult>(string stage, Func<TResult> work)
    {
        cancellation.ThrowIfCancellationRequested();
        long start = Stopwatch.GetTimestamp();
        TResult result = work();
        _seconds.Add(new(stage, Stopwatch.GetElapsedTime(start).TotalSeconds));
        return result;
    }

    /// <summary>Runs a stage.</summary>
    public void Measure(string stage, Action work) => Measure(stage, () =>
    {
        work();
        return true;
    });

    /// <summary>Adds stages that were measured elsewhere.</summary>
    public void Add(IEnumerable<KeyValuePair<string, double>> stages) => _seconds.AddRange(stages);
}
