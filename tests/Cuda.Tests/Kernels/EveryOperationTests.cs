using System.Numerics;
using NUnit.Framework;
using VemKernels.Kernels.Tests.Contract;
using VemKernels.OpenCL.Tests;
using VemKernels.Reference;

namespace VemKernels.Cuda.Tests;

/// <summary>
/// Every operation once, small, against the reference backend: short enough for tools that watch each access of a
/// device.
/// </summary>
[TestFixtureSource(typeof(Backends), nameof(Backends.WithElementTypes))]
public sealed class EveryOperationTests<T>(BackendUnderTest underTest) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IBackend _backend = underTest.Create();

    private static IEnumerable<string> Names => EveryOperation<T>.All.Keys;

    public void Dispose() => _backend.Dispose();

    [TestCaseSource(nameof(Names))]
    public void An_operation_gives_what_the_reference_gives(string name)
    {
        using ReferenceBackend reference = new();
        double[] expected = Run(reference, name);
        double[] actual = Run(_backend, name);
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
