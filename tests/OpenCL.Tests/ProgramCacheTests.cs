using NUnit.Framework;
using VemKernels.Device;

namespace VemKernels.OpenCL.Tests;

/// <summary>Programs are kept on disk, and whatever is found there, the backend works.</summary>
public sealed class ProgramCacheTests
{
    private string _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("vem-opencl").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_build_leaves_a_binary_that_the_next_start_takes()
    {
        Fill();
        string binary = Directory.GetFiles(_folder).Single();
        DateTime written = File.GetLastWriteTimeUtc(binary);
        Fill();
        Assert.That(Directory.GetFiles(_folder), Is.EqualTo(new[] { binary }), "nothing beside it");
        Assert.That(File.GetLastWriteTimeUtc(binary), Is.EqualTo(written), "not built again");
    }

    [Test]
    public void A_damaged_binary_is_built_again([Values(0, 10, 5000)] int keptBytes)
    {
        Fill();
        string binary = Directory.GetFiles(_folder).Single();
        byte[] whole = File.ReadAllBytes(binary);
        byte[] damaged = [.. whole.Take(keptBytes), .. Enumerable.Repeat((byte)'x', 100)];
        File.WriteAllBytes(binary, damaged);
        Fill();
        Assert.That(File.ReadAllBytes(binary), Has.Length.GreaterThan(damaged.Length));
    }

    [Test]
    public void A_sound_file_that_the_driver_does_not_take_is_built_again()
    {
        Fill();
        string key = Path.GetFileNameWithoutExtension(Directory.GetFiles(_folder).Single());
        ProgramCache cache = new(_folder, ProgramBuilder.Extension);
        cache.Write(key, [1, 2, 3]);
        Assert.That(cache.Read(key), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Fill();
        Assert.That(cache.Read(key), Has.Length.GreaterThan(3));
    }

    [Test]
    public void A_folder_that_cannot_be_made_is_no_obstacle()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "not a folder");
        using OpenClBackend backend = Devices.Start(new OpenClOptions { CacheFolder = Path.Combine(file, "cache") });
        Assert.That(FilledValue(backend), Is.EqualTo(2.5f));
    }

    [Test]
    public void The_key_tells_sources_options_and_devices_apart()
    {
        OpenClDevice device = Devices.First;
        string[] keys =
        [
            ProgramBuilder.Key(device, "a", "b"), ProgramBuilder.Key(device, "a", "c"),
            ProgramBuilder.Key(device, "d", "b"),
            ProgramBuilder.Key(device with { Driver = "other" }, "a", "b"),
            ProgramBuilder.Key(device with { Name = "other" }, "a", "b"),
        ];
        Assert.That(keys, Is.Unique);
        Assert.That(ProgramBuilder.Key(device, "a", "b"), Is.EqualTo(keys[0]));
    }

    private void Fill()
    {
        using OpenClBackend backend = Devices.Start(new OpenClOptions { CacheFolder = _folder });
        Assert.That(FilledValue(backend), Is.EqualTo(2.5f));
    }

    private static float FilledValue(OpenClBackend backend)
    {
        using DeviceMatrix<float> matrix = backend.Allocate<float>(3, 5);
        backend.Fill(matrix.View, 2.5);
        using Matrix<float> host = new(3, 5);
        backend.Download(matrix.View, host.View);
        return host[2, 4];
    }
}
