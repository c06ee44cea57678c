using NUnit.Framework;
using VemKernels.Reference;

namespace VemKernels.Kernels.Tests.Contract;

/// <summary>What the reference backend does beyond the contract, so that tests of solvers can rely on it.</summary>
public sealed class ReferenceBackendTests
{
    [Test]
    public void Fresh_memory_holds_NaN()
    {
        using ReferenceBackend backend = new();
        using DeviceMatrix<float> A = backend.Allocate<float>(2, 3);
        using Matrix<float> host = new(2, 3);
        backend.Download(A.View, host.View);
        Assert.That(Enumerable.Range(0, 6).Select(i => host[i / 3, i % 3]), Is.All.NaN);
    }

    [Test]
    public void Transfers_are_counted_and_device_copies_are_not()
    {
        using ReferenceBackend backend = new();
        using DeviceMatrix<float> A = backend.Allocate<float>(4, 5);
        using DeviceMatrix<double> B = backend.Allocate<double>(2, 3);
        using Matrix<float> hostA = new(4, 5);
        using Matrix<double> hostB = new(2, 3);
        backend.Upload(hostA.View, A.View);
        backend.Upload(hostA.View.Block(0, 0, 1, 2), A.View.Block(1, 1, 1, 2));
        backend.Copy(A.View.Block(0, 0, 2, 3), B.View);
        backend.Download(B.View, hostB.View);
        Assert.That(
            (backend.Uploads, backend.UploadedBytes, backend.Downloads, backend.DownloadedBytes),
            Is.EqualTo((2L, 22L * sizeof(float), 1L, 6L * sizeof(double))));
    }

    [Test]
    public void Live_memory_is_counted_until_it_is_disposed_once()
    {
        using ReferenceBackend backend = new();
        DeviceMatrix<float> A = backend.Allocate<float>(4, 5);
        DeviceMatrix<double> B = backend.Allocate<double>(2, 3);
        Assert.That((backend.LiveMatrices, backend.LiveBytes), Is.EqualTo((2, 128L)));
        A.Dispose();
        A.Dispose();
        Assert.That((backend.LiveMatrices, backend.LiveBytes, backend.PeakBytes), Is.EqualTo((1, 48L, 128L)));
        B.Dispose();
        Assert.That((backend.LiveMatrices, backend.LiveBytes, backend.PeakBytes), Is.EqualTo((0, 0L, 128L)));
    }

    [Test]
    public void Allocation_beyond_the_limit_throws_and_takes_nothing()
    {
        using ReferenceBackend backend = new() { AllocationLimitBytes = 100 };
        using DeviceMatrix<double> A = backend.Allocate<double>(2, 5);
        Assert.That(() => backend.Allocate<float>(2, 3), Throws.InstanceOf<OutOfMemoryException>());
        Assert.That(
            () => backend.Allocate<double>(nint.MaxValue, nint.MaxValue), Throws.InstanceOf<OutOfMemoryException>());
        Assert.That((backend.LiveMatrices, backend.LiveBytes, backend.PeakBytes), Is.EqualTo((1, 80L, 80L)));
        Assert.That(() => backend.Allocate<float>(1, 5).Dispose(), Throws.Nothing);
    }

    [Test]
    public void Use_after_Dispose_throws()
    {
        ReferenceBackend backend = new();
        DeviceMatrix<float> live = backend.Allocate<float>(2, 2);
        DeviceMatrix<float> dead = backend.Allocate<float>(2, 2);
        dead.Dispose();
        Assert.That(() => backend.Fill(dead.View, 1), Throws.InstanceOf<ObjectDisposedException>());
        backend.Dispose();
        Assert.That(() => backend.Fill(live.View, 1), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => backend.Allocate<float>(2, 2), Throws.InstanceOf<ObjectDisposedException>());
        live.Dispose();
        Assert.That(backend.LiveMatrices, Is.Zero);
    }

    [Test]
    public void Views_that_reach_outside_their_matrix_are_refused()
    {
        using ReferenceBackend backend = new();
        using DeviceMatrix<float> A = backend.Allocate<float>(3, 4);
        DeviceView<float> whole = A.View;
        DeviceView<float>[] outside =
        [
            whole with { Offset = 1 },
            whole with { Offset = -1 },
            whole with { Rows = 4 },
            whole with { Columns = 5 },
            whole with { RowStride = -4 },
            whole with { Rows = -1 },
        ];
        foreach (DeviceView<float> view in outside)
        {
            Assert.That(() => backend.Fill(view, 0), Throws.ArgumentException, view.ToString());
        }
    }

    [Test]
    public void Outputs_that_overlap_inputs_are_refused()
    {
        using ReferenceBackend backend = new();
        using DeviceMatrix<float> A = backend.Allocate<float>(4, 4);
        DeviceView<float> whole = A.View;
        Assert.Multiple(() =>
        {
            Assert.That(() => backend.Copy(whole.SliceRows(0, 2), whole.SliceRows(1, 2)), Throws.ArgumentException);
            Assert.That(() => backend.Multiply(whole, whole, whole), Throws.ArgumentException);
            Assert.That(() => backend.Multiply(whole, whole.Transposed, whole), Throws.ArgumentException);
            Assert.That(() => backend.Copy(whole.SliceColumns(0, 2), whole.SliceColumns(2, 2)), Throws.Nothing);
        });
    }

    [Test]
    public void A_matrix_given_to_ThinSvd_holds_NaN_afterwards()
    {
        using ReferenceBackend backend = new();
        using Operand<double> A = Operand<double>.Output(backend, Arrays.Identity(3), Layout.Window);
        using DeviceMatrix<double> results = backend.Allocate<double>(7, 3);
        backend.ThinSvd(
            A.View, results.View.SliceRows(0, 3), results.View.SliceRows(3, 1), results.View.SliceRows(4, 3));
        Assert.That(A.Values, Is.All.NaN);
    }
}
