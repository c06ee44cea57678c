using NUnit.Framework;
using VemKernels.Simd;

namespace VemKernels.Kernels.Tests;

/// <summary>
/// That a run meant for an instruction set is one: the runtime ignores switches that it does not know.
/// </summary>
[Category("SmallShapes")]
internal sealed class InstructionSetTests
{
    [Test]
    public void This_run_is_at_the_instruction_set_that_it_was_started_for()
    {
        string? expected = Environment.GetEnvironmentVariable("VEM_EXPECT_ISA");
        if (string.IsNullOrEmpty(expected))
        {
            Assert.Pass($"VEM_EXPECT_ISA is not set; this run is at {InstructionSets.Best}.");
        }

        Assert.That(InstructionSets.Best, Is.EqualTo(Enum.Parse<InstructionSet>(expected!)));
    }

    [Test]
    public void A_backend_uses_the_set_asked_for_and_refuses_one_that_is_not_there()
    {
        using SimdBackend portable = new(threads: 1, InstructionSet.Vector128);
        Assert.That(portable.Info.InstructionSet, Is.EqualTo("Vector128"));
        if (InstructionSets.Best < InstructionSet.Avx512)
        {
            Assert.That(
                () => new SimdBackend(threads: 1, InstructionSet.Avx512),
                Throws.InstanceOf<PlatformNotSupportedException>());
        }
    }
}
