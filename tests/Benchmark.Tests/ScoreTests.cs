using VemKernels.Benchmark.Scoring;
using VemKernels.Benchmark.Workloads;

namespace VemKernels.Benchmark.Tests;

public sealed class ScoreTests
{
    [Test]
    public void Groups_have_the_same_weight_however_many_workloads_they_have()
    {
        (WorkloadGroup, double)[] ratios =
        [
            (WorkloadGroup.Gemm, 2), (WorkloadGroup.Gemm, 8), (WorkloadGroup.Gemm, 4), (WorkloadGroup.BandedRidge, 1),
        ];
        IReadOnlyDictionary<WorkloadGroup, double> groups = Score.OfGroups(ratios);
        Assert.That(groups[WorkloadGroup.Gemm], Is.EqualTo(4).Within(1e-12));
        Assert.That(groups[WorkloadGroup.BandedRidge], Is.EqualTo(1).Within(1e-12));
        Assert.That(Score.Overall(ratios), Is.EqualTo(2).Within(1e-12));
    }

    [Test]
    public void Ratios_of_one_and_their_inverse_cancel() =>
        Assert.That(Score.GeometricMean([3, 1 / 3.0, 1]), Is.EqualTo(1).Within(1e-12));

    [TestCase]
    [TestCase(1.0, 0.0)]
    [TestCase(-1.0)]
    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void Ratios_without_a_geometric_mean_are_named(params double[] ratios) =>
        Assert.That(
            () => Score.GeometricMean(ratios),
            Throws.ArgumentException.With.Message.Contains("expected at least one, each positive and finite"));
}
