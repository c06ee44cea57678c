using NUnit.Framework;

namespace VemKernels.Cuda.Tests;

/// <summary>
/// Streams wait for each other where they must, and only there. The fake runs each stream as early, or as late, as what
/// was queued allows: a missing wait gives a wrong number.
/// </summary>
[TestFixture(FakeOrder.Eager)]
[TestFixture(FakeOrder.Lazy)]
[TestFixture(FakeOrder.CopiesFirst)]
[TestFixture(FakeOrder.KernelsFirst)]
internal sealed class OrderTests(FakeOrder order)
{
    private CudaBackend _backend = null!;

    [SetUp]
    public void Start() => _backend = FakeCuda.Start(order);

    [TearDown]
    public void Stop() => _backend.Dispose();

    [Test]
    public void What_is_uploaded_is_there_before_it_is_computed_with()
    {
        using DeviceMatrix<float> a = Uploaded(100, 50, 3);
        _backend.AddScaled(2, a.View, a.View);
        Assert.That(ValueOf(a), Is.EqualTo(9));
    }

    [Test]
    public void An_upload_does_not_overwrite_what_is_still_computed_with()
    {
        using DeviceMatrix<float> a = Uploaded(100, 50, 3);
        using DeviceMatrix<float> b = Uploaded(100, 50, 1);
        _backend.AddScaled(1, a.View, b.View);
        Upload(a, 7);
        Assert.That((ValueOf(b), ValueOf(a)), Is.EqualTo((4, 7)));
    }

    [Test]
    public void A_download_waits_for_what_computes_it()
    {
        using DeviceMatrix<float> a = Uploaded(100, 50, 3);
        for (int i = 0; i < 100; i++)
        {
            _backend.AddScaled(1, a.View, a.View);
            _backend.Fill(a.View, i);
        }

        Assert.That(ValueOf(a), Is.EqualTo(99));
    }

    [Test]
    public void Memory_that_was_given_back_is_not_overwritten_while_it_is_used()
    {
        using DeviceMatrix<float> sum = Uploaded(100, 50, 0);
        for (int tile = 1; tile <= 40; tile++)
        {
            using DeviceMatrix<float> part = Uploaded(100, 50, tile);
            _backend.AddScaled(1, part.View, sum.View);
        }

        Assert.That(ValueOf(sum), Is.EqualTo(820));
    }

    [Test]
    public void Products_of_cublas_have_their_place_in_the_order()
    {
        using DeviceMatrix<double> a = _backend.Allocate<double>(20, 20);
        using DeviceMatrix<double> c = _backend.Allocate<double>(20, 20);
        using Matrix<double> ones = new(20, 20);
        ones.View.Fill(1);
        _backend.Upload(ones.View, a.View);
        _backend.Gemm(1, a.View, a.View, 0, c.View);
        ones.View.Fill(5);
        _backend.Upload(ones.View, a.View);
        _backend.Gemm(1, c.View, a.View, 0, c.View.SliceColumns(0, 20));
        using Matrix<double> result = new(20, 20);
        _backend.Download(a.View, result.View);
        Assert.That(result[3, 4], Is.EqualTo(5));
    }

    [Test]
    public void Somebody_elses_stream_comes_before_and_after()
    {
        using DeviceMatrix<float> memory = Uploaded(10, 10, 2);
        Assert.That(ValueOf(memory), Is.EqualTo(2));
        long waits = FakeCuda.Calls("cuStreamWaitEvent");
        CudaContext context = new(FakeCuda.Libraries.Driver!, FakeCuda.Device);
        using (ComputeStream theirs = Make(context))
        {
            nint address = ((Device.BufferMatrix<float>)memory).Buffer.Handle;
            ForeignMatrix<float> foreign = new(MemorySpace.Cuda, address, 10, 10, 10, 1, theirs.Handle);
            using (DeviceMatrix<float> adopted = _backend.TryAdopt(foreign)!)
            {
                Assert.That(FakeCuda.Calls("cuStreamWaitEvent"), Is.EqualTo(waits + 1), "ours waits for theirs");
                _backend.AddScaled(1, adopted.View, adopted.View);
            }

            Assert.That(FakeCuda.Calls("cuStreamWaitEvent"), Is.EqualTo(waits + 2), "theirs waits for ours");
        }

        context.Release();
        Assert.That(ValueOf(memory), Is.EqualTo(4));
    }

    private static ComputeStream Make(CudaContext context)
    {
        using (context.Enter())
        {
            return new ComputeStream(context.Driver);
        }
    }

    private DeviceMatrix<float> Uploaded(int rows, int columns, float value)
    {
        DeviceMatrix<float> matrix = _backend.Allocate<float>(rows, columns);
        Upload(matrix, value);
        return matrix;
    }

    private void Upload(DeviceMatrix<float> matrix, float value)
    {
        using Matrix<float> host = new(matrix.Rows, matrix.Columns);
        host.View.Fill(value);
        _backend.Upload(host.View, matrix.View);
        host.View.Fill(-1);
    }

    private float ValueOf(DeviceMatrix<float> matrix)
    {
        using Matrix<float> host = new(matrix.Rows, matrix.Columns);
        _backend.Download(matrix.View, host.View);
        float[] values = [.. Enumerable.Range(0, (int)matrix.Rows).SelectMany(
            i => Enumerable.Range(0, (int)matrix.Columns).Select(j => host[i, j])).Distinct()];
        Assert.That(values, Has.Length.EqualTo(1));
        return values[0];
    }
}
