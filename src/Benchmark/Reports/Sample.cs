namespace VemKernels.Benchmark.Reports;

/// <summary>One measurement of a workload.</summary>
/// <param name="Seconds">How long one run took, on average over those that the measurement repeated.</param>
/// <param name="ProcessorSeconds">
/// What it took of all the processor's threads, resets between runs included: far under seconds times threads,
/// something else kept the machine busy, or another device did the work.
/// </param>
internal sealed record Sample(double Seconds, double ProcessorSeconds);
