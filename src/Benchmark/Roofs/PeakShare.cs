using System.Diagnostics;
using VemKernels.Simd;

namespace VemKernels.Benchmark.Roofs;

/// <summary>
/// How much of the processor's time this process gets while it measures peaks, which keep all threads at work.
/// </summary>
internal sealed class PeakShare
{
    private double _processorSeconds;
    private double _threadSeconds;

    /// <summary>Processor time over time times threads; null where no processor was measured.</summary>
    public double? Share => _threadSeconds > 0 ? _processorSeconds / _threadSeconds : null;

    /// <summary>Measures a peak; on another device than the processor its time is not counted.</summary>
    /// <returns>Flops a second.</returns>
    public double Measure(IBackend backend, Func<double> measure)
    {
        if (backend is not SimdBackend)
        {
            return measure();
        }

        TimeSpan before = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        double rate = measure();
        _threadSeconds += backend.Info.Threads * Stopwatch.GetElapsedTime(start).TotalSeconds;
        _processorSeconds += (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        return rate;
    }
}
