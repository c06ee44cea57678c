using System.Numerics;
using NUnit.Framework;
using VemKernels.Reference;

namespace VemKernels.OpenCL.Tests;

/// <summary>
/// Every operation once, small, against the reference backend. Short enough to run in a simulator of devices; see
/// <see cref="OclgrindTests"/>.
/// </summary>
[TestFixture(typeof(float), true)]
[TestFixture(typeof(float), false, Category = Simulated)]
[TestFixture(typeof(double), true, Category = Simulated)]
[TestFixture(typeof(double), false)]
public sealed class EveryOperationTests<T>(bool onPackedPanels)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Every kernel once, each type: what the simulator has time for.</summary>
    public const string Simulated = "Simulated";

    private static IEnumerable<string> Names => EveryOperation<T>.All.Keys;

    [TestCaseSource(nameof(Names))]
    public void An_operation_gives_what_the_reference_gives(string name)
    {
        using ReferenceBackend reference = new();
        double[] expected = Run(reference, name);

        // A context of its own: oclgrind 21.10 takes a new buffer for as initialised as the one whose place it takes.
        using OpenClBackend backend = Devices.Start(
            new OpenClOptions { PackProducts = onPackedPanels, FactoriseOnHost = false });
        double[] actual = Run(backend, name);
        double size = expected.Max(Math.Abs);
        Assert.That(actual, Is.EqualTo(expected).Within(100 * VemKernels.Precision.Epsilon<T>() * (1 + size)));
    }

    private static double[] Run(IBackend backend, string name)
    {
        using Session<T> session = new(backend);
        EveryOperation<T>.All[name](backend, session);
        return session.Results;
    }
}
