using NUnit.Framework;
using VemKernels.Device;

namespace VemKernels.Cuda.Tests;

/// <summary>Compiled kernels are kept on disk, and whatever is found there, the backend works.</summary>
internal sealed class ProgramCacheTests
{
    private string _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("vem-cuda").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void What_was_compiled_is_not_compiled_again()
    {
        Fill();
        Assert.That(FakeCuda.Calls("nvrtcCompileProgram"), Is.EqualTo(1));
        Fill();
        Assert.That(FakeCuda.Calls("nvrtcCompileProgram"), Is.Zero);
        Assert.That(Directory.GetFiles(_folder), Has.Length.EqualTo(1), "nothing beside it");
    }

    [Test]
    public void A_damaged_file_is_compiled_again([Values(0, 10, 5000)] int keptBytes)
    {
        Fill();
        string image = Directory.GetFiles(_folder).Single();
        byte[] whole = File.ReadAllBytes(image);
        File.WriteAllBytes(image, [.. whole.Take(keptBytes), .. Enumerable.Repeat((byte)'x', 100)]);
        Fill();
        Assert.That(FakeCuda.Calls("nvrtcCompileProgram"), Is.EqualTo(1));
        Assert.That(File.ReadAllBytes(image), Has.Length.EqualTo(whole.Length));
    }

    [Test]
    public void A_sound_file_that_the_driver_does_not_take_is_compiled_again()
    {
        Fill();
        string key = Path.GetFileNameWithoutExtension(Directory.GetFiles(_folder).Single());
        new ProgramCache(_folder, ProgramBuilder.Extension).Write(key, new byte[100]);
        Fill();
        Assert.That(FakeCuda.Calls("nvrtcCompileProgram"), Is.EqualTo(1));
    }

    [Test]
    public void A_source_that_does_not_compile_shows_its_name_and_the_log()
    {
        FakeCuda.Reset();
        using CudaRuntime runtime = new(
            FakeCuda.Libraries, FakeCuda.Device, new CudaOptions { CacheFolder = _folder });
        CudaException error = Assert.Throws<CudaException>(
            () => runtime.Build("broken", "extern \"C\" __global__ void broken(float *a) { no_such_name(); }", "-D X"))!;
        Assert.That(
            error.Message,
            Does.Contain("nvrtcCompileProgram").And.Contain("broken").And.Contain("no_such_name").And.Contain("sm_80"));
        Assert.That(Directory.Exists(_folder) && Directory.GetFiles(_folder).Length > 0, Is.False);
    }

    [Test]
    public void Source_options_and_compiler_make_the_name()
    {
        Nvrtc nvrtc = FakeCuda.Libraries.Compiler!;
        string[] names =
        [
            ProgramBuilder.Key(nvrtc, "a", "b"), ProgramBuilder.Key(nvrtc, "b", "b"), ProgramBuilder.Key(nvrtc, "a", "c"),
            ProgramBuilder.Key(CompiledKernels.Nvrtc, "a", "b"),
        ];
        Assert.That(names, Is.Unique);
    }

    private void Fill()
    {
        using CudaBackend backend = FakeCuda.Start(options: new CudaOptions { CacheFolder = _folder });
        using DeviceMatrix<float> a = backend.Allocate<float>(3, 3);
        using Matrix<float> host = new(3, 3);
        backend.Fill(a.View, 2.5);
        backend.Download(a.View, host.View);
        Assert.That(host[2, 2], Is.EqualTo(2.5f));
    }
}
