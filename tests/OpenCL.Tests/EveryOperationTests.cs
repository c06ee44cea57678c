using System.Numerics;
using NUnit.Framework;
using VemKernels.Reference;

namespace VemKernels.OpenCL.Tests;

/// <summary>
/// Every operation once, small, against the reference backend. Short enough to run in a simulator of devices; see
/// <see cref="OclgrindTests"/>.
/// </summary>
[TestFixture(typeof(float), DeviceKind.Processor)]
[TestFixture(typeof(float), DeviceKind.Gpu, Category = Simulated)]
[TestFixture(typeof(float), DeviceKind.Poor, Category = Simulated)]
[TestFixture(typeof(double), DeviceKind.Processor, Category = Simulated)]
[TestFixture(typeof(double), DeviceKind.Gpu)]
public sealed class EveryOperationTests<T>(DeviceKind kind)
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
        using OpenClBackend backend = Devices.Start(kind);
        double[] actual = Run(backend, name);
        double size = expected.Max(Math.Abs);
        Assert.That(actual, Is.EqualTo(expected).Within(100 * VemKernels.Precision.Epsilon<T>() * (1 + size)));
    }

    [Test]
    public void The_peak_is_measured_on_multiply_adds()
    {
        const int Steps = 3;
        using OpenClBackend backend = Devices.Start(kind);
        using Matrix<T> result = backend.MultiplyAdds<T>(groups: 2, Steps);
        double left = Math.Pow(0.999, Steps);
        for (int item = 0; item < result.Columns; item++)
        {
            double expected = Enumerable.Range(1, 8).Sum(chain => 1 + (left * (chain + item - 1)));
            Assert.That(double.CreateTruncating(result[0, item]),
                Is.EqualTo(expected).Within(100 * VemKernels.Precision.Epsilon<T>() * expected));
        }
    }

    private static double[] Run(IBackend backend, string name)
    {
        using Session<T> session = new(backend);
        EveryOperation<T>.All[name](backend, session);
        return session.Results;
    }
}
