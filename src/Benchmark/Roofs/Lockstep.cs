using System.Diagnostics;

namespace VemKernels.Benchmark.Roofs;

/// <summary>
/// Times work that all threads of a pool do at once, from the moment at which the last of them is there.
/// </summary>
internal static class Lockstep
{
    /// <summary>Runs body(thread) on every thread.</summary>
    /// <returns>Seconds until the last thread ends.</returns>
    public static double Time(WorkerPool pool, Action<int> body)
    {
        int arrived = 0;
        long[] starts = new long[pool.Threads];
        long[] ends = new long[pool.Threads];
        pool.For(pool.Threads, thread =>
        {
            // A thread waits inside its own task, so that no thread can take two.
            Interlocked.Increment(ref arrived);
            SpinWait spin = default;
            while (Volatile.Read(ref arrived) < pool.Threads)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }

            starts[thread] = Stopwatch.GetTimestamp();
            body(thread);
            ends[thread] = Stopwatch.GetTimestamp();
        });
        return Stopwatch.GetElapsedTime(starts.Min(), ends.Max()).TotalSeconds;
    }
}
