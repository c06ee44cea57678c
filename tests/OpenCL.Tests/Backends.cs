using NUnit.Framework;
using VemKernels.OpenCL.Tests;

namespace VemKernels.Kernels.Tests.Contract;

/// <summary>The devices, as they are and poorer, that must keep the contract of <see cref="IBackend"/>.</summary>
public static class Backends
{
    public static readonly IReadOnlyList<BackendUnderTest> All =
    [
        new("device", () => Devices.Start(Devices.Alone)),
        new("poor", () => Devices.Start(Devices.Poor)),
    ];

    /// <summary>Every backend with float and with double: the arguments of a generic fixture.</summary>
    public static IEnumerable<TestFixtureData> WithElementTypes =>
        from backend in All
        from type in (Type[])[typeof(float), typeof(double)]
        select new TestFixtureData(type, backend);
}
