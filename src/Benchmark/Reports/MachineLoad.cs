using System.Globalization;

namespace VemKernels.Benchmark.Reports;

/// <summary>What else the machine did while it was measured: other work can only lower rates.</summary>
/// <param name="LoadAverage">
/// How many tasks ran or wanted to, on average over the minute before the benchmark; null where the system does not
/// say.
/// </param>
/// <param name="ProcessorShare">
/// Processor time of this process over time times threads, while all threads measured the peak of multiply-adds; 1
/// where nothing else ran, null where the processor was not measured.
/// </param>
internal sealed record MachineLoad(double? LoadAverage, double? ProcessorShare)
{
    /// <summary>
    /// Under this share something else ran. On two cores (Zen 4, November 2026) a thread with a core to itself got
    /// 0.996 to 0.999, and two threads beside other work 0.57 to 0.89.
    /// </summary>
    private const double FullShare = 0.9;

    /// <summary>Load averages up to this many tasks are those of an idle system.</summary>
    private const double IdleTasks = 0.5;

    /// <summary>Load averages up to this share of the processors change little.</summary>
    private const double IdleShare = 0.1;

    private const string LoadFile = "/proc/loadavg";

    /// <summary>The system's load average over the last minute; null where it does not say.</summary>
    public static double? Average()
    {
        try
        {
            return double.TryParse(
                File.ReadAllText(LoadFile).Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture,
                out double load) ? load : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null; // Only Linux has the file.
        }
    }

    /// <summary>What a reader of the rates should know; nothing where the machine seems to have been idle.</summary>
    /// <param name="processors">How many processors the machine has.</param>
    public IEnumerable<string> Warnings(int processors)
    {
        if (LoadAverage > IdleTasks && LoadAverage > IdleShare * processors)
        {
            yield return $"the machine was busy before the run: a load average of {LoadAverage:F1} on {processors} "
                + "processors (a build just before counts too); rates may be too low";
        }

        if (ProcessorShare < FullShare)
        {
            yield return $"the machine was busy during the run: with all threads at work this process got "
                + $"{100 * ProcessorShare:F0} % of their time; rates are too low";
        }
    }
}
