using System.Diagnostics;
using VemKernels.Benchmark.Checks;

namespace VemKernels.Benchmark.Workloads;

/// <summary>A workload whose inputs lie on a device, ready to run again and again.</summary>
internal abstract class PreparedWorkload : IDisposable
{
    /// <summary>One run, everything that must not count kept outside.</summary>
    /// <returns>Seconds.</returns>
    public virtual double Time(CancellationToken cancellation)
    {
        Reset();
        long start = Stopwatch.GetTimestamp();
        Run(cancellation);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>
    /// Compares the results of the last run with values computed on the host, independently, in double.
    /// </summary>
    public abstract IReadOnlyList<CheckResult> Check();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Puts back what the last run overwrote or allocated. Not timed.</summary>
    protected virtual void Reset()
    {
    }

    /// <summary>What is timed; returns when the device is done.</summary>
    protected abstract void Run(CancellationToken cancellation);

    /// <summary>Frees what was allocated.</summary>
    protected abstract void Dispose(bool disposing);
}
