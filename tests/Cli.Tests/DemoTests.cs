using VemKernels.Cli.Demo;
using VemKernels.Data;

namespace VemKernels.Cli.Tests;

public sealed class DemoTests
{
    [Test]
    public void The_demo_recovers_every_space_and_writes_a_report_that_needs_no_network()
    {
        using TemporaryFolder folder = new();
        VemResult result = Vem.Run("demo", "--out", folder["demo"]);
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        foreach (string name in DemoData.Spaces.Append(DemoData.Noise))
        {
            Assert.That(result.Out.Split('\n').Single(line => line.Contains($" {name} ", StringComparison.Ordinal)),
                Does.Contain("yes"));
        }

        string report = File.ReadAllText(Path.Combine(folder["demo"], DemoPipeline.ReportFile));
        Assert.That(report.Split("<svg").Length - 1, Is.EqualTo(3));
        Assert.That(report, Does.Not.Contain("http").And.Not.Contain("NaN"));
        Assert.That(File.ReadAllText(Path.Combine(folder["demo"], "summary.json")), Does.Not.Contain(".tmp-"));
        Assert.That(Directory.GetDirectories(folder.Path), Has.Length.EqualTo(1));
        using AtomicFolder again = new(folder["demo"], DemoPipeline.Files);
        Assert.That(again.Commit, Throws.Nothing, "a demo may replace a demo");
    }

    [Test]
    public void A_voxel_counts_for_the_space_that_explains_most_if_its_correlation_is_significant()
    {
        using Matrix<float> split = Matrix<float>.From(2, 4, [0.5f, 0.1f, 0.2f, 0.3f, 0.1f, 0.4f, 0.1f, 0.1f]);
        Recovery recovery = Recovery.Of(
            split.View, [0.8f, 0.7f, 0.6f, 0.01f], [0, 1, 1, -1], ["a", "b"], testSamples: 100);
        Assert.That(recovery.Spaces, Is.EqualTo(new[]
        {
            new SpaceRecovery("a", 1, 2, 1), new SpaceRecovery("b", 2, 1, 1),
            new SpaceRecovery(DemoData.Noise, 1, 1, 1),
        }));
        Assert.That(recovery.Spaces.Select(space => space.IsRecovered), Is.EqualTo(new[] { true, false, true }));
    }
}
