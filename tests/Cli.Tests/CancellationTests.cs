using VemKernels.Cli.Fit;
using VemKernels.Cli.Options;
using VemKernels.Data;
using VemKernels.Simd;

namespace VemKernels.Cli.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CancellationTests : IDisposable
{
    private readonly SmallExperiment _data = new();

    public void Dispose() => _data.Dispose();

    [Test]
    public void A_cancelled_fit_says_so_and_leaves_nothing()
    {
        using CancellationTokenSource cancellation = new();
        cancellation.Cancel();
        string[] before = _data.Folder.Entries();
        VemResult result = Vem.Run(cancellation.Token, _data.Fit());
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Cancelled));
        Assert.That(result.Error, Is.EqualTo("vem: cancelled" + Environment.NewLine));
        Assert.That(_data.Folder.Entries(), Is.EqualTo(before));
    }

    [Test]
    public void A_cancelled_fit_leaves_an_earlier_output_alone()
    {
        Vem.Succeed(_data.Fit());
        string[] before = _data.Folder.Entries();
        byte[] dual = File.ReadAllBytes(Path.Combine(_data["out"], "dual.npy"));
        using CancellationTokenSource cancellation = new();
        cancellation.Cancel();
        Assert.That(Vem.Run(cancellation.Token, _data.Fit("--seed", "3")).ExitCode, Is.EqualTo(ExitCode.Cancelled));
        Assert.That(_data.Folder.Entries(), Is.EqualTo(before));
        Assert.That(File.ReadAllBytes(Path.Combine(_data["out"], "dual.npy")), Is.EqualTo(dual));
    }

    [TestCase("fit", ModelKind.Banded)]
    [TestCase("test scores", ModelKind.Banded)]
    [TestCase("fit", ModelKind.Ridge)]
    [TestCase("fit", ModelKind.Kernel)]
    [TestCase("fit", ModelKind.MultipleKernel)]
    [TestCase("fit", ModelKind.HyperGradient)]
    [TestCase("fit", ModelKind.WeightedKernel)]
    [TestCase("fit", ModelKind.Lasso)]
    public void A_fit_cancelled_in_the_midst_of_its_work_leaves_nothing(string call, object model)
    {
        using (Matrix<double> deltas = new(2, 1))
        {
            NpyFile.Write(_data["deltas.npy"], deltas.View);
        }

        using CancellationTokenSource cancellation = new();
        ProgressReporter progress = new(name => name == call ? new CancelOnReport(cancellation) : null, _ => { });
        using SimdBackend backend = new(threads: 2);
        FitOptions options = new()
        {
            Features = [FeatureArgument.Parse($"other={_data["other.npy"]}"),
                FeatureArgument.Parse($"motion={_data["motion.tsv"]}")],
            Responses = FileArgument.Parse(_data["responses.npy"]),
            Runs = FileArgument.Parse($"{_data["samples.tsv"]}:run"),
            TestRuns = RunList.Parse("6"),
            Model = (ModelKind)model,
            Given = new GivenOptions { Deltas = _data["deltas.npy"] },
            Search = new SearchOptions { Alphas = AlphaGrid.Parse("1,10"), Iterations = 5 },
        };
        string[] before = _data.Folder.Entries();
        using (AtomicFolder folder = new(_data["out"], ModelFolder.Files))
        {
            FitPipeline fit = new(options, backend, progress, cancellation.Token);
            Assert.That(() => fit.Run(folder), Throws.InstanceOf<OperationCanceledException>());
        }

        Assert.That(_data.Folder.Entries(), Is.EqualTo(before));
    }

    [TestCase("INT")]
    [TestCase("TERM")]
    [TestCase("HUP")]
    public void A_signal_stops_a_fit_that_leaves_nothing(string signal)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("signals are for Unix");
        }

        string[] before = _data.Folder.Entries();
        VemResult result = VemProcess.Interrupt(
            signal, () => Directory.EnumerateFileSystemEntries(_data.Folder.Path, "out.tmp-*").Any(),
            _data.FitWith("--iterations", "1000000"));
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Cancelled), result.Error);
        Assert.That(result.Error, Does.EndWith("vem: cancelled" + Environment.NewLine));
        Assert.That(_data.Folder.Entries(), Is.EqualTo(before));
    }

    private sealed class CancelOnReport(CancellationTokenSource cancellation) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => cancellation.Cancel();
    }
}
