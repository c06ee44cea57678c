using System.Diagnostics;

namespace VemKernels.Gpu;

/// <summary>Times work that a device is told of and does later.</summary>
internal static class Timing
{
    /// <summary>A run lasts at least so long: launches that overlap count as they do in a fit.</summary>
    private const double RunSeconds = 0.03;

    private const int Runs = 5;

    private const int MostCalls = 10_000;

    /// <summary>Seconds of one call: the median of some runs, each of as many calls as fill its time.</summary>
    /// <param name="work">Queues the work.</param>
    /// <param name="wait">Waits for all that is queued.</param>
    public static double Median(Action work, Action wait)
    {
        // Once to compile and to load; once more to find how many calls make a run.
        work();
        wait();
        double once = Seconds(work, wait, 1);
        int calls = (int)Math.Clamp(RunSeconds / once, 1, MostCalls);
        int runs = once > 1 ? 1 : Runs;
        double[] seconds = [.. Enumerable.Range(0, runs).Select(_ => Seconds(work, wait, calls) / calls).Order()];
        return seconds[runs / 2];
    }

    private static double Seconds(Action work, Action wait, int calls)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
        {
            work();
        }

        wait();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
