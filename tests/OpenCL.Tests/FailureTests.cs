using NUnit.Framework;
using VemKernels.Device;

namespace VemKernels.OpenCL.Tests;

/// <summary>What users read when something is missing, too large or wrong.</summary>
public sealed class FailureTests
{
    [Test]
    public void A_source_that_does_not_compile_shows_its_name_and_the_log()
    {
        string folder = Directory.CreateTempSubdirectory("vem-opencl").FullName;
        using OpenClRuntime runtime = OpenClRuntime.Open(Devices.First, new OpenClOptions { CacheFolder = folder });
        try
        {
            OpenClException error = Assert.Throws<OpenClException>(
                () => runtime.Build("broken", "__kernel void broken(__global float *a) { a[0] = no_such_name; }",
                    string.Empty))!;
            Assert.Multiple(() =>
            {
                Assert.That(error.Call, Is.EqualTo("clBuildProgram"));
                Assert.That(error.Message, Does.Contain("CL_BUILD_PROGRAM_FAILURE").And.Contain("broken").And.Contain(
                    "no_such_name"));
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void A_device_that_is_not_there_is_named_with_those_that_are()
    {
        string first = Devices.First.Id;
        Assert.That(
            () => new OpenClBackend("opencl:99"),
            Throws.InstanceOf<PlatformNotSupportedException>().With.Message.Contain("opencl:99").And.Message.Contain(
                first));
    }

    [Test]
    public void A_matrix_beyond_the_largest_buffer_is_out_of_memory()
    {
        DeviceLimits limits = Devices.First.Limits with { LargestAllocationBytes = 1 << 20 };
        using OpenClBackend backend = Devices.Start(new OpenClOptions { Limits = limits });
        Assert.Multiple(() =>
        {
            Assert.That(
                () => backend.Allocate<float>(1024, 1024),
                Throws.InstanceOf<OutOfMemoryException>().With.Message.Contain("4194304").And.Message.Contain(
                    "1048576"));
            Assert.That(() => backend.Allocate<double>(nint.MaxValue / 8, 100),
                Throws.InstanceOf<OutOfMemoryException>());
        });
        using DeviceMatrix<float> fits = backend.Allocate<float>(256, 1024);
        backend.Fill(fits.View, 1);
        Assert.That(backend.FrobeniusNorm(fits.View), Is.EqualTo(512));
    }

    [Test]
    public void What_was_disposed_is_not_used_again()
    {
        using OpenClBackend backend = Devices.Start();
        DeviceMatrix<float> matrix = backend.Allocate<float>(2, 2);
        matrix.Dispose();
        matrix.Dispose();
        Assert.That(() => backend.Fill(matrix.View, 1), Throws.InstanceOf<ObjectDisposedException>());
        backend.Dispose();
        Assert.That(() => backend.Allocate<float>(2, 2), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void Buffers_of_the_same_context_are_adopted_and_others_are_not()
    {
        using OpenClBackend backend = Devices.Start();
        using OpenClBackend other = Devices.Start();
        using DeviceMatrix<float> mine = backend.Allocate<float>(3, 4);
        backend.Fill(mine.View, 2);
        nint handle = ((BufferMatrix<float>)mine).Buffer.Handle;
        ForeignMatrix<float> memory = new(MemorySpace.OpenCL, handle, 3, 4, 4, 1);
        Assert.That(other.TryAdopt(memory), Is.Null);
        using DeviceMatrix<float> adopted = backend.TryAdopt(memory)!;
        backend.AddDiagonal(adopted.View, 1);
        Assert.That(Math.Pow(backend.FrobeniusNorm(mine.View), 2), Is.EqualTo((9 * 4) + (3 * 9)).Within(1e-9));
    }

    [TestCase("OpenCL 1.2 ", true)]
    [TestCase("OpenCL 1.2 pocl HSTR: pthread", true)]
    [TestCase("OpenCL 3.0 CUDA", true)]
    [TestCase("OpenCL 1.1 Mesa 20.3.5", false)]
    [TestCase("OpenCL", false)]
    public void A_device_older_than_the_kernels_is_left_out(string version, bool isNewEnough) =>
        Assert.That(OpenClDevices.IsNewEnough(version), Is.EqualTo(isNewEnough));

    [Test]
    public void Codes_have_names() => Assert.Multiple(() =>
    {
        Assert.That(new OpenClException("clFinish", -5).Message,
            Does.Contain("clFinish").And.Contain("-5").And.Contain("CL_OUT_OF_RESOURCES"));
        Assert.That(new OpenClException("clFinish", -9999).Message, Does.Contain("-9999"));
    });

    [Test]
    public void Devices_say_what_they_are()
    {
        OpenClDevice device = Devices.First;
        Assert.Multiple(() =>
        {
            Assert.That(device.Id, Is.EqualTo("opencl:0"));
            Assert.That(device.Name, Is.Not.Empty);
            Assert.That(device.Vendor, Is.Not.Empty);
            Assert.That(device.Driver, Is.Not.Empty);
            Assert.That(device.Limits.MemoryBytes, Is.Positive);
            Assert.That(device.Limits.LargestAllocationBytes,
                Is.Positive.And.LessThanOrEqualTo(device.Limits.MemoryBytes));
            Assert.That(device.Limits.LocalMemoryBytes, Is.Positive);
            Assert.That(device.Limits.WorkGroupSize, Is.Positive);
        });
    }
}
