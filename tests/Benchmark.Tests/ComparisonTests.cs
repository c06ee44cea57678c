using VemKernels.Benchmark.Checks;
using VemKernels.Benchmark.Reports;
using VemKernels.Benchmark.Scoring;
using VemKernels.Benchmark.Workloads;

namespace VemKernels.Benchmark.Tests;

public sealed class ComparisonTests
{
    [Test]
    public void Ratios_are_second_over_first_and_wrong_results_have_none()
    {
        BenchmarkReport first = Report(1, ("simd", [Result("a", 10), Result("b", 4), Result("only here", 1)]));
        BenchmarkReport second = Report(1, ("simd", [Result("a", 20), Result("b", 8, error: 2)]));
        ComparedBackends pair = Comparison.Of(first, second).Single();
        Assert.That(pair.Workloads.Select(workload => workload.Name), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(pair.Workloads.Select(workload => workload.Ratio), Is.EqualTo(new double?[] { 2, null }));
        Assert.That(pair.Overall, Is.EqualTo(2).Within(1e-12));
    }

    [Test]
    public void Different_versions_are_refused() =>
        Assert.That(
            () => Comparison.Of(Report(1, ("simd", [])), Report(2, ("simd", []))),
            Throws.ArgumentException.With.Message.Contains("version 1 and of version 2"));

    [Test]
    public void Backends_pair_by_id_or_if_each_is_alone()
    {
        BenchmarkReport two = Report(1, ("simd", [Result("a", 1)]), ("opencl:0", [Result("a", 3)]));
        BenchmarkReport other = Report(1, ("cuda:0", [Result("a", 9)]));
        BenchmarkReport openCl = Report(1, ("opencl:0", [Result("a", 6)]));
        Assert.That(Comparison.Of(two, openCl).Single().Workloads.Single().Ratio, Is.EqualTo(2));
        Assert.That(Comparison.Of(openCl, other).Single().Workloads.Single().Ratio, Is.EqualTo(1.5));
        Assert.That(
            () => Comparison.Of(two, other),
            Throws.ArgumentException.With.Message.Contains("simd, opencl:0").And.Message.Contains("cuda:0"));
    }

    private static WorkloadResult Result(string name, double rate, double error = 0) => new()
    {
        Name = name,
        Group = WorkloadGroup.Gemm,
        Description = name,
        ElementType = "float32",
        Unit = RateUnit.Flops,
        Flops = 1,
        Bytes = 1,
        Samples = [new(1, 1)],
        MedianSeconds = 1,
        Rate = rate,
        Checks = [new CheckResult("error", error, 1)],
    };

    private static BenchmarkReport Report(int version, params (string Id, WorkloadResult[] Results)[] backends) => new(
        version, Profile.Full, null, DateTimeOffset.UnixEpoch, "reference",
        new MachineInfo("machine", 2, 1, "os", "x64", new Dictionary<string, string>()),
        [.. backends.Select(backend => new BackendReport(
            new BackendInfo(backend.Id, backend.Id, "set", 2, 1, true, 1), null, new(1, 1, 1), backend.Results,
            new Dictionary<string, double>(), null, "none"))]);
}
