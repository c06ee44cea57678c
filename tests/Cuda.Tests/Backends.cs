using NUnit.Framework;
using VemKernels.Cuda;
using VemKernels.Cuda.Tests;

namespace VemKernels.Kernels.Tests.Contract;

/// <summary>The CUDA backends that must keep the contract of <see cref="IBackend"/>: on a fake device, in the orders
/// that find a missing wait, with and without cuBLAS and cuSOLVER; and on a real one where there is one.</summary>
public static class Backends
{
    public static readonly IReadOnlyList<BackendUnderTest> All =
    [
        new("copies-first", () => FakeCuda.Start(FakeOrder.CopiesFirst)),
        new("kernels-first", () => FakeCuda.Start(FakeOrder.KernelsFirst)),
        new("no-libraries", () => FakeCuda.Start(FakeOrder.Lazy, new CudaOptions { UseLibraries = false })),
        .. CudaDevices.List().Select(device => new BackendUnderTest(device.Id, () => new CudaBackend(device))),
    ];

    /// <summary>Every backend with float and with double: the arguments of a generic fixture.</summary>
    public static IEnumerable<TestFixtureData> WithElementTypes =>
        from backend in All
        from type in (Type[])[typeof(float), typeof(double)]
        select new TestFixtureData(type, backend);
}
