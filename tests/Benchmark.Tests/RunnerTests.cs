using VemKernels.Benchmark.Reports;
using VemKernels.Benchmark.Scoring;
using VemKernels.Benchmark.Workloads;
using VemKernels.Reference;
using VemKernels.Simd;

namespace VemKernels.Benchmark.Tests;

public sealed class RunnerTests
{
    private static readonly BenchmarkOptions Options = new()
    {
        BandwidthElements = TinyWorkloads.BandwidthElements, SecondsOfMeasurement = 0,
    };

    private static IBackend[] Backends => [new SimdBackend(threads: 2), new ReferenceBackend()];

    [TestCaseSource(nameof(Backends))]
    public void Tiny_workloads_of_every_kind_run_and_are_right(IBackend backend)
    {
        using (backend)
        {
            BackendReport report = Run(backend, TinyWorkloads.All, Options);
            Assert.That(report.Workloads.Select(result => result.Name),
                Is.EqualTo(TinyWorkloads.All.Select(workload => workload.Name)));
            foreach (WorkloadResult result in report.Workloads)
            {
                Assert.That(result.IsRight, Is.True, $"{result.Name}: {string.Join(", ", result.Checks)} {result.Failure}");
                Assert.That(result.Checks, Is.Not.Empty);
                Assert.That(result.Samples, Has.Count.InRange(3, Options.Runs));
                Assert.That(result.Samples, Has.All.Property(nameof(Sample.Seconds)).Positive);
                Assert.That(result.Rate, Is.Positive);
                Assert.That(result.ShareOfPeak, Is.Positive);
            }

            // Rates that are all equal to the reference's.
            Assert.That(report.NoScore, Is.Null);
            Assert.That(report.GroupScores, Has.Count.EqualTo(Enum.GetValues<WorkloadGroup>().Length));
            Assert.That(report.Score, Is.Positive);
            Assert.That(report.Roofs.SingleFlops, Is.Positive);
        }
    }

    [Test]
    public void Score_share_and_rate_follow_from_amount_cost_and_time()
    {
        using SimdBackend backend = new(threads: 1);
        ReferenceMachine reference = Reference(("fast", 1), ("slow", 5));
        BackendReport report = new BenchmarkRunner(
            [TinyWorkloads.Faked("fast", 2, 0), TinyWorkloads.Faked("slow", 4, 1)], reference, Options)
            .Run(backend, "driver 1", null, CancellationToken.None);

        // 10 flops in 2 s against 1 a second, and in 4 s against 5: 5 and a half; their geometric mean is sqrt(2.5).
        Assert.That(report.Workloads.Select(result => result.Rate), Is.EqualTo(new double?[] { 5, 2.5 }));
        Assert.That(report.Workloads.Select(result => result.OverReference), Is.EqualTo(new double?[] { 5, 0.5 }));
        Assert.That(report.Score, Is.EqualTo(100 * Math.Sqrt(2.5)).Within(1e-10));
        Assert.That(report.Driver, Is.EqualTo("driver 1"));
        double arithmetic = 10 / report.Roofs.SingleFlops, memory = 4 / report.Roofs.Bandwidth;
        Assert.That(report.Workloads[0].ShareOfPeak, Is.EqualTo(Math.Max(arithmetic, memory) / 2).Within(1e-6).Percent);
        Assert.That(report.Workloads[0].BoundBy, Is.EqualTo(arithmetic >= memory ? Bound.Compute : Bound.Memory));
    }

    [Test]
    public void Work_that_is_faster_than_its_roof_is_warned_about()
    {
        using SimdBackend backend = new(threads: 1);
        Workload slow = TinyWorkloads.Faked("slow", 2, 0);
        Workload endless = TinyWorkloads.Faked("endless", 1e-12, 0) with { Cost = new(1e9, 0, 0) };
        Workload traffic = endless with { Name = "traffic", Cost = new(0, 0, 1e9) };
        Workload fit = endless with { Name = "fit", CostIsLeast = false };
        BackendReport report = Run(backend, [endless, slow, traffic, fit], Options);
        Assert.That(
            report.Workloads.Select(result => result.OverPeak), Is.EqualTo(new[] { true, false, true, false }));
        Assert.That(report.Workloads[3].ShareOfPeak, Is.GreaterThan(1.05));
        Assert.That(report.Warnings().Count(), Is.EqualTo(2));
        Assert.That(report.Warnings().First(), Does.StartWith("simd: endless reached ").And.Contain("arithmetic"));
        Assert.That(report.Warnings().Last(), Does.StartWith("simd: traffic reached ").And.Contain("memory"));
    }

    [TestCase(1.5)]
    [TestCase(double.NaN)]
    public void A_wrong_result_gives_no_score(double error)
    {
        using SimdBackend backend = new(threads: 1);
        BackendReport report = Run(
            backend, [TinyWorkloads.Faked("good", 2, 0), TinyWorkloads.Faked("bad", 2, error)], Options);
        Assert.That(report.Score, Is.Null);
        Assert.That(report.GroupScores, Is.Empty);
        Assert.That(report.NoScore, Is.EqualTo("wrong results: bad"));
        Assert.That(report.IsWrong, Is.True);
    }

    [Test]
    public void What_a_device_cannot_do_gives_no_score_but_is_not_wrong()
    {
        using SimdBackend backend = new(threads: 1);
        BackendReport report = Run(
            backend, [TinyWorkloads.Faked("good", 2, 0), FaultyWorkload.Throws("fp64", new NotSupportedException("no"))],
            Options);
        Assert.That(report.NoScore, Is.EqualTo("could not run: fp64"));
        Assert.That(report.IsWrong, Is.False);
        Assert.That(report.Workloads[1].Failure, Is.EqualTo("no"));
    }

    [Test]
    public void A_factorisation_that_refuses_good_input_is_wrong()
    {
        using SimdBackend backend = new(threads: 1);
        BackendReport report = Run(backend, [FaultyWorkload.Throws("eigen", new ArithmeticException("no"))], Options);
        Assert.That(report.NoScore, Is.EqualTo("wrong results: eigen"));
        Assert.That(report.IsWrong, Is.True);
    }

    [Test]
    public void A_part_of_the_workloads_gives_no_score()
    {
        using SimdBackend backend = new(threads: 1);
        BackendReport report = Run(backend, TinyWorkloads.All, Options with { Filter = "gemm" });
        Assert.That(report.Workloads.Select(result => result.Group), Is.All.EqualTo(WorkloadGroup.Gemm));
        Assert.That(report.Workloads, Has.Count.EqualTo(2));
        Assert.That(report.NoScore, Is.EqualTo("only a part of the workloads was run"));
    }

    [Test]
    public void A_quick_run_has_a_score_of_its_own_workloads()
    {
        using SimdBackend backend = new(threads: 1);
        Workload[] catalog = [TinyWorkloads.Faked("a", 2, 0), TinyWorkloads.Faked("b", 2, 0) with { Quick = false }];
        BackendReport report = Run(backend, catalog, Options with { Profile = Profile.Quick });
        Assert.That(report.Workloads.Select(result => result.Name), Is.EqualTo(new[] { "a" }));
        Assert.That(report.Score, Is.Not.Null);
    }

    [Test]
    public void Cancellation_stops_it_before_the_next_run()
    {
        using SimdBackend backend = new(threads: 1);
        using CancellationTokenSource cancellation = new();
        CancelAt progress = new("b", cancellation);
        BenchmarkRunner runner = new(
            [TinyWorkloads.Faked("a", 2, 0), TinyWorkloads.Faked("b", 2, 0), TinyWorkloads.Faked("c", 2, 0)],
            Reference(), Options);
        Assert.That(
            () => runner.Run(backend, null, progress, cancellation.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(progress.Stages, Is.EqualTo(new[] { "roofs", "a", "b" }));
    }

    [Test]
    public void The_reference_machine_has_a_rate_for_every_workload_of_this_version()
    {
        ReferenceMachine reference = ReferenceMachine.Load();
        Assert.That(reference.Version, Is.EqualTo(WorkloadCatalog.Version));
        Assert.That(reference.Rates.Keys, Is.EquivalentTo(WorkloadCatalog.All.Select(workload => workload.Name)));
        Assert.That(reference.Rates.Values, Is.All.Positive);
    }

    private static BackendReport Run(IBackend backend, IReadOnlyList<Workload> catalog, BenchmarkOptions options) =>
        new BenchmarkRunner(catalog, Reference([.. catalog.Select(workload => (workload.Name, 1.0))]), options)
            .Run(backend, null, null, CancellationToken.None);

    private static ReferenceMachine Reference(params (string Name, double Rate)[] rates) =>
        new("machine", 2, "2026-01-01", 1, rates.ToDictionary(item => item.Name, item => item.Rate));

    private sealed class CancelAt(string stage, CancellationTokenSource cancellation) : IProgress<FitProgress>
    {
        public List<string> Stages { get; } = [];

        public void Report(FitProgress value)
        {
            Stages.Add(value.Stage);
            if (value.Stage == stage)
            {
                cancellation.Cancel();
            }
        }
    }
}
