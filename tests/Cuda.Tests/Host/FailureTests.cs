using NUnit.Framework;

namespace VemKernels.Cuda.Tests;

/// <summary>What fails is said clearly, leaves nothing behind, and never a wrong result.</summary>
internal sealed class FailureTests
{
    private const int OutOfMemory = 2;
    private const int IllegalAddress = 700;
    private const int LaunchFailed = 719;

    private static readonly string[] Kinds =
        ["memory", "pinned", "streams", "events", "modules", "programs", "blas", "solver"];

    /// <summary>Every function that a small piece of work calls.</summary>
    private static readonly string[] Functions =
    [
        "cuDevicePrimaryCtxRetain", "cuMemGetInfo", "cuStreamCreate", "cuEventCreate", "cublasCreate",
        "cusolverDnCreate", "cuMemAlloc", "cuMemAllocHost", "cuMemcpyHtoDAsync", "cuMemcpy2DAsync", "cuEventRecord",
        "cuStreamWaitEvent", "cuModuleLoadData", "cuModuleGetFunction", "cuLaunchKernel", "cublasDgemm", "cublasDsyrk",
        "cusolverDnDpotrf_bufferSize", "cusolverDnDpotrf", "cusolverDnDsyevd", "cusolverDnDgesvd", "cuMemcpyDtoHAsync",
        "cuEventSynchronize",
    ];

    private static IEnumerable<TestCaseData> Failing =>
        from function in Functions
        from nth in (long[])[1, 2, 5]
        select new TestCaseData(function, nth);

    [TearDown]
    public void NothingIsLeft() => Assert.Multiple(() =>
    {
        FakeCuda.Reset();
        Assert.That(Kinds.Where(kind => FakeCuda.Live(kind) != 0).Select(kind => $"{FakeCuda.Live(kind)} {kind}"), Is.Empty);
        Assert.That(FakeCuda.Retained, Is.Zero, "the context is given back");
        Assert.That(FakeCuda.ContextDepth, Is.Zero, "and is nobody's current one");
        Assert.That(FakeCuda.IsCorrupted, Is.False, "nothing was written outside of its memory");
    });

    [TestCaseSource(nameof(Failing))]
    public void A_call_that_fails_is_named_and_leaves_nothing(string function, long nth)
    {
        FakeCuda.Reset(FakeOrder.Lazy);
        FakeCuda.Fail(function, nth, code: 999);
        Exception? failure = Catch(() => Work(FakeCuda.Libraries));
        if (FakeCuda.Calls(function) < nth)
        {
            Assert.That(failure, Is.Null);
            Assert.That(nth, Is.GreaterThan(1), "the work calls it at least once");
            return;
        }

        // A failing copy, wait or launch never shows as a wrong result: the work checks its own.
        string name = function.Replace("DnD", "DnX", StringComparison.Ordinal);
        Assert.That(failure, Is.InstanceOf<CudaException>().With.Message.Contain(name).And.Message.Contain("999"));
    }

    [Test]
    public void Memory_that_runs_out_at_any_allocation_is_said_and_leaves_nothing([Range(1, 14)] int nth)
    {
        FakeCuda.Reset(FakeOrder.Lazy);

        // Idle blocks are given back and the allocation tried once more: two failures in a row are needed.
        FakeCuda.Fail("cuMemAlloc", nth, OutOfMemory);
        Assert.That(() => Work(FakeCuda.Libraries), Throws.Nothing, "one failure is made up for");
        FakeCuda.Reset(FakeOrder.Lazy, memoryBytes: nth * 40_000L);
        Exception? failure = Catch(() => Work(FakeCuda.Libraries));
        Assert.That(failure, Is.Null.Or.InstanceOf<InsufficientMemoryException>());
    }

    [TestCase(IllegalAddress)]
    [TestCase(LaunchFailed)]
    public void A_lost_device_is_said_to_be_lost_and_the_backend_ends_quietly(int code)
    {
        CudaBackend backend = FakeCuda.Start(FakeOrder.Lazy);
        DeviceMatrix<float> a = backend.Allocate<float>(10, 10);
        FakeCuda.Fail("cuLaunchKernel", 1, code);
        CudaException first = Assert.Throws<CudaException>(() => backend.Fill(a.View, 1))!;
        CudaException second = Assert.Throws<CudaException>(() => backend.Fill(a.View, 1))!;
        Assert.Multiple(() =>
        {
            Assert.That(first.Message, Does.Contain("cuLaunchKernel").And.Contain("fill").And.Contain("start the program again"));
            Assert.That(first.IsDeviceLost);
            Assert.That(second.IsDeviceLost);
            Assert.That(() => backend.Allocate<float>(10, 10), Throws.InstanceOf<CudaException>());
            Assert.That(a.Dispose, Throws.Nothing);
            Assert.That(backend.Dispose, Throws.Nothing);
        });
    }

    [Test]
    public void Buffers_may_outlive_their_backend()
    {
        CudaBackend backend = FakeCuda.Start();
        DeviceMatrix<float> a = backend.Allocate<float>(10, 10);
        backend.Dispose();
        Assert.That(FakeCuda.Retained, Is.EqualTo(1));
        a.Dispose();
        Assert.That(() => backend.Fill(a.View, 1), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void A_matrix_beyond_the_card_is_out_of_memory()
    {
        using CudaBackend backend = FakeCuda.Start(memoryBytes: 1 << 20);
        Assert.That(backend.Info.MemoryBytes, Is.LessThan(1 << 20).And.GreaterThan(900_000));
        Assert.That(
            () => backend.Allocate<float>(1024, 1024),
            Throws.InstanceOf<InsufficientMemoryException>().With.Message.Contain("4194304"));
        using DeviceMatrix<float> fits = backend.Allocate<float>(100, 1024);
        backend.Fill(fits.View, 1);
        Assert.That(backend.FrobeniusNorm(fits.View), Is.EqualTo(320));
    }

    [Test]
    public void Memory_given_back_serves_the_next()
    {
        using CudaBackend backend = FakeCuda.Start();
        using (DeviceMatrix<float> first = backend.Allocate<float>(100, 100))
        {
            backend.Fill(first.View, 1);
        }

        long allocations = FakeCuda.Calls("cuMemAlloc");
        using DeviceMatrix<float> second = backend.Allocate<float>(99, 101);
        Assert.That(FakeCuda.Calls("cuMemAlloc"), Is.EqualTo(allocations));
    }

    [Test]
    public void Memory_of_others_is_adopted_on_the_same_device_only()
    {
        using CudaBackend backend = FakeCuda.Start();
        float[] host = new float[12];
        unsafe
        {
            fixed (float* pointer = host)
            {
                Assert.That(
                    backend.TryAdopt(new ForeignMatrix<float>(MemorySpace.Cuda, (nint)pointer, 3, 4, 4, 1)), Is.Null);
                Assert.That(
                    backend.TryAdopt(new ForeignMatrix<float>(MemorySpace.Host, (nint)pointer, 3, 4, 4, 1)), Is.Null);
            }
        }
    }

    /// <summary>Transfers, kernels, products and factorisations, and a check of what they gave.</summary>
    private static void Work(CudaLibraries libraries)
    {
        CudaDevice device = new("cuda:0", "fake", 80, new Version(12, 4), 4, 1L << 32, 48 << 10, 1024);
        using CudaBackend backend = new(libraries, device, new CudaOptions { CacheFolder = FakeCuda.CacheFolder });
        const int Size = 130;
        using Matrix<double> host = new(Size, Size);
        for (int i = 0; i < Size; i++)
        {
            host[i, i] = i + 1;
        }

        using DeviceMatrix<double> a = backend.Allocate<double>(Size, Size + 1);
        using DeviceMatrix<double> b = backend.Allocate<double>(Size, Size);
        using DeviceMatrix<double> u = backend.Allocate<double>(Size, Size);
        using DeviceMatrix<double> w = backend.Allocate<double>(1, Size);
        DeviceView<double> inside = a.View.SliceColumns(1, Size);
        backend.Fill(a.View, 0);
        backend.Upload(host.View, inside);
        backend.Gemm(1, inside, inside, 0, b.View);
        backend.Syrk(1, inside, 1, b.View);
        backend.Cholesky(b.View);
        Require(backend, b.View, i => Math.Sqrt(2) * (i + 1));
        backend.SymmetricEigen(inside, w.View);
        using Matrix<double> values = new(1, Size);
        backend.Download(w.View, values.View);
        Assert.That(values[0, 9], Is.EqualTo(10).Within(1e-9));
        backend.ThinSvd(b.View, u.View, w.View, inside);
        backend.Download(w.View, values.View);
        Assert.That(values[0, 0], Is.EqualTo(Size * Math.Sqrt(2)).Within(1e-9));
        backend.Upload(host.View, b.View);
        Require(backend, b.View, i => i + 1);
    }

    private static void Require(CudaBackend backend, DeviceView<double> view, Func<int, double> diagonal)
    {
        using Matrix<double> host = new(view.Rows, view.Columns);
        backend.Download(view, host.View);
        for (int i = 0; i < view.Rows; i++)
        {
            Assert.That(host[i, i], Is.EqualTo(diagonal(i)).Within(1e-9));
        }
    }

    private static Exception? Catch(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception failure) when (failure is CudaException or InsufficientMemoryException)
        {
            return failure;
        }
    }
}
