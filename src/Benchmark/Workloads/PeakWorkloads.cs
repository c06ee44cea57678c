using System.Numerics;
using VemKernels.Benchmark.Checks;
using VemKernels.Benchmark.Roofs;

namespace VemKernels.Benchmark.Workloads;

/// <summary>What the device can do at most, as workloads of their own.</summary>
internal static class PeakWorkloads
{
    private const double Giga = 1e9;

    /// <summary>Multiply-adds that touch no memory.</summary>
    public static Workload Flops<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new()
        {
            Name = $"peak-{ElementName.Of<T>()}",
            Group = WorkloadGroup.Peak,
            Description = "multiply-adds that touch no memory",
            ElementType = ElementName.Of<T>(),
            Unit = RateUnit.Flops,
            Amount = Giga,
            Cost = WorkCost.Of<T>(Giga, 0),
            Prepare = backend => new FlopsProbe<T>(backend),
        };

    /// <summary>Reading and writing arrays that no cache holds.</summary>
    /// <param name="elements">Doubles in an array.</param>
    public static Workload Bandwidth(nint elements) => new()
    {
        Name = "bandwidth",
        Group = WorkloadGroup.Peak,
        Description = "arrays that no cache holds, read and written",
        ElementType = ElementName.Of<float>(),
        Unit = RateUnit.Bytes,
        Amount = Giga,
        Cost = new(0, 0, Giga),
        Prepare = backend => new MemoryProbe(backend, elements),
    };

    private sealed class FlopsProbe<T>(IBackend backend) : PreparedWorkload
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private double _rate = double.NaN;

        public override double Time(CancellationToken cancellation)
        {
            Run(cancellation);
            return Giga / _rate;
        }

        public override IReadOnlyList<CheckResult> Check() =>
            [new("rates that are no positive number", _rate > 0 && double.IsFinite(_rate) ? 0 : 1, 0)];

        protected override void Run(CancellationToken cancellation) => _rate = backend.MeasurePeak<T>();

        protected override void Dispose(bool disposing)
        {
        }
    }

    private sealed class MemoryProbe(IBackend backend, nint elements) : PreparedWorkload
    {
        private readonly BandwidthProbe _probe = new(backend, elements);
        private double _rate = double.NaN;

        public override double Time(CancellationToken cancellation)
        {
            Run(cancellation);
            return Giga / _rate;
        }

        public override IReadOnlyList<CheckResult> Check() => [new("every element written", _probe.Error(), 0)];

        protected override void Run(CancellationToken cancellation) => _rate = _probe.Measure();

        protected override void Dispose(bool disposing) => _probe.Dispose();
    }
}
