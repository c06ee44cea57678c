using NUnit.Framework;

namespace VemKernels.OpenCL.Tests;

/// <summary>
/// The small tests once more on a simulated device that watches every access: out of bounds, racing, uninitialised.
/// </summary>
public sealed class OclgrindTests
{
    private static readonly string Simulated = $"TestCategory={EveryOperationTests<float>.Simulated}";

    /// <summary>
    /// Operations that let go of a small buffer before they take a larger one, which oclgrind 21.10 calls uninitialised
    /// for that; see <see cref="FaultyKernels.A_buffer_takes_the_place_of_a_smaller_one"/>.
    /// </summary>
    private static readonly string[] Reusing = ["CholeskyInverse"];

    [Test]
    public void No_kernel_reads_or_writes_what_it_should_not()
    {
        string others = string.Concat(Reusing.Select(name => $"&Name!~{name}"));
        Assert.That(Simulator.FindingsOf(Simulated + others, uninitialised: true), Is.Empty);
    }

    [Test]
    public void Nor_out_of_bounds_or_racing_where_the_simulator_miscounts_what_was_written()
    {
        string filter = string.Join('|', Reusing.Select(name => $"{Simulated}&Name~{name}"));
        Assert.That(Simulator.FindingsOf(filter, uninitialised: false), Is.Empty);
    }

    [Test]
    public void The_simulator_still_miscounts_what_was_written()
    {
        string findings = Simulator.FindingsOf($"TestCategory={FaultyKernels.ReusedPlace}", uninitialised: true);
        Assert.That(findings, Does.Match(@"Uninitialized value written[^\n]*\n\s*Kernel: read\n"));
        Assert.That(findings, Does.Not.Contain("Kernel: write"));
    }

    [Test]
    public void Faulty_kernels_are_found()
    {
        string findings = Simulator.FindingsOf($"TestCategory={FaultyKernels.Category}", uninitialised: true);
        Assert.Multiple(() =>
        {
            foreach ((string kernel, string finding) in FaultyKernels.Findings)
            {
                Assert.That(
                    findings, Does.Match($@"{finding}[^\n]*\n\s*Kernel: {kernel}\n"), $"{kernel} was not found.");
            }

            Assert.That(findings, Does.Not.Contain("Kernel: sound"));
        });
    }
}
