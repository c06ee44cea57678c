using NUnit.Framework;
using VemKernels.Device;

namespace VemKernels.OpenCL.Tests;

/// <summary>Tile sizes are chosen by measurement, kept by device and driver, and read by the next backend.</summary>
public sealed class TuningTests
{
    private string _folder = null!;

    private static DeviceTuning Measured => DeviceTuning.None
        .With<float>("gemm", new GemmTuning(64, 32, 16, 16, 16, 1).Values)
        .With<double>("gemm_packed", new PackedGemmTuning(6, 2, 4).Values);

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("vem-tuning").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase(new[] { 5.0, 4, 3, 6 }, 2, TestName = "The fastest is picked")]
    [TestCase(new[] { 5.0, 4.9, 7 }, 0, TestName = "The default stays where another is barely faster")]
    [TestCase(new[] { 5.0, -1, 4 }, 2, TestName = "A candidate that is wrong is not picked")]
    [TestCase(new[] { -1.0, 9, 8 }, 2, TestName = "A default that does not run gives way")]
    public void Choices(double[] seconds, int expected)
    {
        (int best, double? found, double? ofDefault) = TuningChoice.Pick(
            [.. Enumerable.Range(0, seconds.Length)], i => seconds[i] < 0 ? null : seconds[i], CancellationToken.None);
        Assert.That(best, Is.EqualTo(expected));
        Assert.That(found, Is.EqualTo(seconds[expected]));
        Assert.That(ofDefault, Is.EqualTo(seconds[0] < 0 ? null : seconds[0]));
    }

    [Test]
    public void A_candidate_that_was_fast_only_once_is_not_picked()
    {
        int calls = 0;
        (int best, double? seconds, double? ofDefault) = TuningChoice.Pick(
            [0, 1], candidate => ++calls == 2 ? 1 : 5 + candidate, CancellationToken.None);
        Assert.That((best, seconds, ofDefault), Is.EqualTo((0, (double?)5, (double?)5)));
        Assert.That(calls, Is.EqualTo(2 + (2 * TuningChoice.Rounds)));
    }

    [Test]
    public void Where_nothing_runs_there_is_no_time()
    {
        (int best, double? seconds, _) = TuningChoice.Pick([7, 8], _ => null, CancellationToken.None);
        Assert.That((best, seconds), Is.EqualTo((7, (double?)null)));
    }

    [Test]
    public void A_median_is_in_the_middle()
    {
        Assert.That(TuningChoice.Median([9, 1, 2]), Is.EqualTo(2));
        Assert.That(TuningChoice.Median([9, 1, 2, 4]), Is.EqualTo(3));
    }

    [Test]
    public void What_was_written_is_read_and_leaves_nothing_beside()
    {
        TuningDatabase database = new(_folder);
        Assert.That(database.Read("device", "driver 1"), Is.Null);
        database.Write("device", "driver 1", DeviceTuning.None);
        database.Write("device", "driver 1", Measured);
        DeviceTuning read = database.Read("device", "driver 1")!;
        Assert.That(read.Of<float>("gemm"), Is.EqualTo(Measured.Of<float>("gemm")));
        Assert.That(read.Of<double>("gemm_packed"), Is.EqualTo(Measured.Of<double>("gemm_packed")));
        Assert.That(read.Of<double>("gemm"), Is.Null);
        Assert.That(Directory.GetFiles(_folder), Is.EqualTo(new[] { database.PathOf("device", "driver 1") }));
    }

    [Test]
    public void Another_device_or_driver_has_nothing_of_it()
    {
        TuningDatabase database = new(_folder);
        database.Write("device", "driver 1", Measured);
        Assert.That(database.Read("device", "driver 2"), Is.Null);
        Assert.That(database.Read("other", "driver 1"), Is.Null);
        File.Copy(database.PathOf("device", "driver 1"), database.PathOf("device", "driver 2"));
        Assert.That(database.Read("device", "driver 2"), Is.Null, "the file says whose it is");
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("[1, 2]")]
    [TestCase("{}")]
    [TestCase("""{"version": 1, "device": "device", "driver": "driver"}""")]
    [TestCase("""{"version": 1, "device": "device", "driver": "driver", "kernels": {"gemm float": {"TileM": "x"}}}""")]
    [TestCase("""{"version": 2, "device": "device", "driver": "driver", "kernels": {}}""")]
    public void A_file_that_is_damaged_or_of_another_version_is_as_good_as_none(string contents)
    {
        TuningDatabase database = new(_folder);
        File.WriteAllText(database.PathOf("device", "driver"), contents);
        Assert.That(database.Read("device", "driver"), Is.Null);
    }

    [Test]
    public void Values_that_are_missing_or_do_not_fit_the_device_give_way_to_the_default()
    {
        DeviceLimits limits = Devices.Poor.Limits!;
        GemmTuning usual = GemmTuning.For<float>(limits, DeviceTuning.None);
        IReadOnlyDictionary<string, int>[] unfit =
        [
            new Dictionary<string, int> { ["TileM"] = 64 }, new GemmTuning(64, 64, 16, 16, 16, 1).Values,
            new GemmTuning(33, 32, 8, 8, 8, 1).Values, new GemmTuning(0, 32, 8, 8, 8, 1).Values,
            new GemmTuning(128, 128, 8, 8, 8, 1).Values, new GemmTuning(32, 16, 8, 8, 8, 4).Values,
            new GemmTuning(32, 32, 8, 8, 8, 2).Values,
        ];
        foreach (IReadOnlyDictionary<string, int> values in unfit)
        {
            DeviceTuning tuning = DeviceTuning.None.With<float>("gemm", values);
            Assert.That(GemmTuning.For<float>(limits, tuning), Is.EqualTo(usual));
        }

        GemmTuning fits = new(32, 16, 8, 8, 8, 1);
        Assert.That(
            GemmTuning.For<float>(limits, DeviceTuning.None.With<float>("gemm", fits.Values)), Is.EqualTo(fits));
        PackedGemmTuning packed = PackedGemmTuning.For<double>(Devices.First, DeviceTuning.None);
        DeviceTuning broken = DeviceTuning.None.With<double>("gemm_packed", new PackedGemmTuning(6, 2, 3).Values);
        Assert.That(PackedGemmTuning.For<double>(Devices.First, broken), Is.EqualTo(packed));
    }

    [Test]
    public void Candidates_begin_with_the_default_and_all_fit()
    {
        DeviceLimits limits = Devices.Poor.Limits!;
        IReadOnlyList<GemmTuning> candidates = GemmTuning.Candidates<float>(limits);
        Assert.That(candidates[0], Is.EqualTo(GemmTuning.For<float>(limits, DeviceTuning.None)));
        Assert.That(candidates, Is.Unique.And.Count.GreaterThan(1));
        foreach (GemmTuning candidate in candidates)
        {
            DeviceTuning tuning = DeviceTuning.None.With<float>("gemm", candidate.Values);
            Assert.That(GemmTuning.For<float>(limits, tuning), Is.EqualTo(candidate), "it fits");
        }
    }

    [Test]
    public void A_device_is_tuned_and_the_next_backend_starts_with_what_was_found()
    {
        OpenClDevice device = Devices.First;
        OpenClOptions options = Devices.Poor with { CacheFolder = _folder };
        Assert.That(OpenClTuner.IsTuned(device, _folder), Is.False);
        List<FitProgress> progress = [];
        (IReadOnlyList<TunedKernel> kernels, string path) = OpenClTuner.Tune(
            device, options, order: 40, new Recorder(progress.Add));
        TunedKernel kernel = kernels.Single();
        Assert.That(kernel.Kernel, Is.EqualTo("gemm float"));
        Assert.That(kernel.Flops, Is.Positive.And.GreaterThanOrEqualTo(kernel.DefaultFlops));
        Assert.That(progress[^1], Is.EqualTo(new FitProgress("gemm float", 1)));
        Assert.That(File.Exists(path), Is.True);
        Assert.That(OpenClTuner.IsTuned(device, _folder), Is.True);

        IReadOnlyDictionary<string, int> stored = OpenClTuner.Stored(device, options).Of<float>("gemm")!;
        Assert.That(string.Join(' ', stored.Select(value => $"{value.Key}={value.Value}")), Is.EqualTo(kernel.Values));
    }

    [Test]
    public void A_backend_multiplies_by_the_stored_values()
    {
        // So small a tile that 3 x 5 needs several, where the default needs one.
        OpenClDevice device = Devices.First;
        OpenClOptions options = new() { CacheFolder = _folder, PackProducts = false };
        GemmTuning tiny = new(2, 2, 2, 2, 2, 1);
        new TuningDatabase(_folder).Write(
            device.Name, OpenClTuner.DriverOf(device), DeviceTuning.None.With<float>("gemm", tiny.Values));
        using OpenClBackend backend = new(device, options);
        using Matrix<float> a = Matrix<float>.From(3, 2, [1, 2, 3, 4, 5, 6]), b = Matrix<float>.From(2, 1, [1, -1]);
        using DeviceMatrix<float> A = backend.Allocate<float>(3, 2), B = backend.Allocate<float>(2, 1);
        using DeviceMatrix<float> C = backend.Allocate<float>(3, 1);
        backend.Upload(a.View, A.View);
        backend.Upload(b.View, B.View);
        backend.Gemm(1, A.View, B.View, 0, C.View);
        using Matrix<float> c = new(3, 1);
        backend.Download(C.View, c.View);
        Assert.That((float[])[c[0, 0], c[1, 0], c[2, 0]], Is.EqualTo(new float[] { -1, -1, -1 }));
        Assert.That(backend.Gemms.Single, Is.EqualTo(tiny));
    }

    [Test]
    public void Cancelled_tuning_stores_nothing()
    {
        using CancellationTokenSource source = new();
        Assert.That(
            () => OpenClTuner.Tune(
                Devices.First, Devices.Poor with { CacheFolder = _folder }, order: 16,
                new Recorder(_ => source.Cancel()), source.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(OpenClTuner.IsTuned(Devices.First, _folder), Is.False);
    }

    private sealed class Recorder(Action<FitProgress> record) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => record(value);
    }
}
