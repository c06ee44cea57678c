using VemKernels.Benchmark.Checks;
using VemKernels.Benchmark.Workloads;

namespace VemKernels.Benchmark.Tests;

/// <summary>Takes the time and makes the error that it is told.</summary>
internal sealed class FakedWorkload(double seconds, double error) : PreparedWorkload
{
    public override double Time(CancellationToken cancellation) => seconds;

    public override IReadOnlyList<CheckResult> Check() => [new("error", error, 1)];

    protected override void Run(CancellationToken cancellation) =>
        throw new InvalidOperationException("Time is told, nothing is run.");

    protected override void Dispose(bool disposing)
    {
    }
}
