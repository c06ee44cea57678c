using System.Text.Json.Nodes;
using VemKernels.Cli.Fit;
using VemKernels.Cli.Options;

namespace VemKernels.Cli.Tests;

/// <summary>What a fit says it was made on, and what stood in its place.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RunReportTests : IDisposable
{
    private readonly SmallExperiment _data = new();

    public void Dispose() => _data.Dispose();

    [Test]
    public void Runs_that_train_test_and_neither_are_told()
    {
        VemResult result = Vem.Run(_data.Fit("--train-runs", "2,3,4"));
        Assert.That(result.Out, Does.Contain("trained on              60 samples: runs 2-4\n"));
        Assert.That(result.Out, Does.Contain("held out to test        20 samples: run 6\n"));
        Assert.That(result.Out, Does.Contain("left out                40 samples: runs 1,5\n"));
        JsonNode sizes = JsonNode.Parse(
            File.ReadAllText(Path.Combine(_data["out"], ModelFolder.Summary)))!["sizes"]!;
        Assert.That((string)sizes["training_runs"]!, Is.EqualTo("2-4"));
        Assert.That((string)sizes["test_runs"]!, Is.EqualTo("6"));
        Assert.That((string)sizes["other_runs"]!, Is.EqualTo("1,5"));
    }

    [Test]
    public void Without_runs_all_samples_train()
    {
        VemResult result = Vem.Run(_data.FitWithout("--runs", "--test-runs", "--zscore-runs"));
        Assert.That(result.Out, Does.Contain("trained on              120 samples\n"));
        Assert.That(result.Out, Does.Contain("held out to test        nothing (--test-runs would)\n"));
        Assert.That(result.Out, Does.Not.Contain("left out"));
    }

    [Test]
    public void An_earlier_output_that_is_replaced_is_told()
    {
        Directory.CreateDirectory(_data["out"]);
        Assert.That(Vem.Run(_data.Fit()).Out, Does.Contain($"written                 {_data["out"]}\n"));
        Assert.That(
            Vem.Run(_data.Fit()).Out,
            Does.Contain($"written                 {_data["out"]} (an earlier output was replaced)\n"));
    }

    [TestCase("1,2,3,4,12", "1-4,12")]
    [TestCase("12,11", "11,12")]
    [TestCase("5", "5")]
    [TestCase("3,1,2,7,9,8,20", "1-3,7-9,20")]
    [TestCase("-2,-1,0,1,2", "-2,-1,0-2")]
    public void Runs_are_written_as_they_are_parsed(string runs, string text)
    {
        int[] numbers = [.. runs.Split(',').Select(int.Parse)];
        Assert.That(RunList.Describe(numbers), Is.EqualTo(text));
    }

    [TestCase(1, "1B")]
    [TestCase(999, "999B")]
    [TestCase(1001, "2KB")]
    [TestCase(2_000_000, "2MB")]
    [TestCase(2_000_000_001, "3GB")]
    public void Memory_is_rounded_up_to_what_is_parsed(long bytes, string text)
    {
        Assert.That(MemorySize.RoundUp(bytes), Is.EqualTo(text));
        Assert.That(MemorySize.Parse(text).Bytes, Is.GreaterThanOrEqualTo(bytes));
    }
}
