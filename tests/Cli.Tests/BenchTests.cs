using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using VemKernels.Benchmark;
using VemKernels.Benchmark.Checks;
using VemKernels.Benchmark.Reports;
using VemKernels.Benchmark.Workloads;
using VemKernels.Cli.Bench;
using VemKernels.Cli.Commands;
using VemKernels.OpenCL;
using VemKernels.Tests;

namespace VemKernels.Cli.Tests;

public sealed class BenchTests
{
    private const int BandwidthElements = 1 << 12;

    private static readonly Workload[] Tiny =
    [
        Level3Workloads.Gemm<float>(9, 8, 7),
        FactorisationWorkloads.Cholesky<double>(6, 3),
        FitWorkloads.KernelRidge(new("<small>", 30, 11, 1, 9, 3), alphas: 3),
    ];

    [Test]
    public void A_run_writes_data_that_reads_back_the_same_and_a_page_that_is_well_formed()
    {
        using TemporaryFolder folder = new();
        VemResult result = Run(Tiny, folder["bench"]);
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Out, Does.Contain("gemm-9x8x7-float32").And.Contain("no score for simd"));

        BenchmarkReport report = BenchmarkFiles.Read(folder["bench"]);
        Assert.That(report.Version, Is.EqualTo(WorkloadCatalog.Version));
        Assert.That(report.Machine.Name, Is.Not.Empty);
        Assert.That(report.Backends.Single().Workloads.Select(workload => workload.Samples.Count),
            Is.All.EqualTo(Options.Runs));
        BenchmarkFiles.Write(folder["again.json"], report);
        Assert.That(
            File.ReadAllText(folder["again.json"]),
            Is.EqualTo(File.ReadAllText(Path.Combine(folder["bench"], BenchmarkFiles.Json))));

        XDocument page = Parse(Path.Combine(folder["bench"], BenchmarkFiles.Html));
        Assert.That(page.Descendants("svg").Count(), Is.EqualTo(1));
        Assert.That(page.Descendants("circle").Count(), Is.EqualTo(Tiny.Length));
        Assert.That(page.Descendants("tr").Count(), Is.EqualTo(Tiny.Length + 1));
        Assert.That(page.ToString(), Does.Not.Contain("http").And.Not.Contain("NaN"));
    }

    [Test]
    public void A_busy_machine_is_told_by_load_average_and_by_share_of_the_threads()
    {
        Assert.That(new MachineLoad(0.3, 0.97).Warnings(2), Is.Empty);
        Assert.That(new MachineLoad(3, 1).Warnings(64), Is.Empty, "of 64 processors");
        Assert.That(new MachineLoad(null, null).Warnings(2), Is.Empty);
        Assert.That(new MachineLoad(1.54, 0.95).Warnings(2).Single(), Does.Contain("load average of 1.5 on 2"));
        Assert.That(new MachineLoad(0.1, 0.62).Warnings(2).Single(), Does.Contain("got 62 % of their time"));
        Assert.That(new MachineLoad(9, 0.5).Warnings(2).Count(), Is.EqualTo(2));
    }

    [Test]
    public void Warnings_and_what_is_left_out_are_in_every_report()
    {
        using TemporaryFolder folder = new();
        Assert.That(Run(Tiny[..1], folder["bench"]).ExitCode, Is.Zero);
        BenchmarkReport report = BenchmarkFiles.Read(folder["bench"]);
        Assert.That(report.Load!.ProcessorShare, Is.Positive.And.LessThan(1.2), "of two threads");
        Assert.That(report.Backends.Single().Roofs.ProcessorShare, Is.EqualTo(report.Load.ProcessorShare));
        Assert.That(report.Load.LoadAverage, OperatingSystem.IsLinux() ? Is.Not.Negative : Is.Null);
        Assert.That(report.Warnings, Is.EqualTo(report.Load.Warnings(report.Machine.LogicalProcessors)));
        Assert.That(report.LeftOut, Is.Empty, "a backend was named");

        BenchmarkFiles.Write(folder["told"], report with { Warnings = ["<busy>"], LeftOut = ["opencl:7 is left out"] });
        string page = Parse(Path.Combine(folder["told"], BenchmarkFiles.Html)).ToString();
        Assert.That(page, Does.Contain("warning: &lt;busy&gt;").And.Contain("opencl:7 is left out"));
        VemResult compared = Vem.Run("bench", "--compare", folder["bench"], folder["told"]);
        Assert.That(compared.Out, Does.Contain($"{folder["told"]}: warning: <busy>"));
    }

    [Test]
    public void A_device_of_OpenCL_that_is_no_GPU_is_left_out_with_a_word()
    {
        using TemporaryFolder folder = new();
        VemResult result = Run(Tiny[..1], folder["bench"], null);
        string[] others = [.. OpenClDevices.List().Where(device => !device.IsGpu).Select(device => device.Id)];
        IReadOnlyList<string> leftOut = BenchmarkFiles.Read(folder["bench"]).LeftOut!;
        Assert.That(leftOut, Has.Count.EqualTo(others.Length));
        foreach ((string id, string line) in others.Zip(leftOut))
        {
            Assert.That(line, Does.StartWith($"{id} is left out: its device is ").And.Contain($"--backend {id}"));
            Assert.That(result.Out, Does.Contain(line));
        }
    }

    [Test]
    public void A_device_of_OpenCL_runs_every_workload_with_right_results()
    {
        if (OpenClDevices.List().Count == 0)
        {
            Requirement.Missing("There is no OpenCL device: install pocl-opencl-icd ocl-icd-libopencl1.");
        }

        using TemporaryFolder folder = new();
        VemResult result = Run(Tiny, folder["bench"], "opencl:0");
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Out, Does.Contain("gemm-9x8x7-float32").And.Contain("no score for opencl:0"));
        BackendReport backend = BenchmarkFiles.Read(folder["bench"]).Backends.Single();
        Assert.That(backend.Backend.Id, Is.EqualTo("opencl:0"));
        Assert.That(backend.Workloads, Has.Count.EqualTo(Tiny.Length));
    }

    [Test]
    public void An_earlier_run_is_replaced_and_other_folders_are_not()
    {
        using TemporaryFolder folder = new();
        Assert.That(Run(Tiny[..1], folder["bench"]).ExitCode, Is.Zero);
        Assert.That(Run(Tiny[..2], folder["bench"]).ExitCode, Is.Zero);
        Assert.That(BenchmarkFiles.Read(folder["bench"]).Backends.Single().Workloads, Has.Count.EqualTo(2));
        Directory.CreateDirectory(folder["notes"]);
        File.WriteAllText(Path.Combine(folder["notes"], "mine.txt"), "mine");
        VemResult result = Vem.Run("bench", "--out", folder["notes"]);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.BadInput));
        Assert.That(result.Error, Does.Contain(folder["notes"]));
    }

    [Test]
    public void Wrong_results_have_no_score_and_an_exit_code()
    {
        using TemporaryFolder folder = new();
        Workload wrong = Tiny[0] with { Name = "wrong", Prepare = _ => new WrongWorkload() };
        VemResult result = Run([Tiny[1], wrong], folder["bench"]);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.WrongResults));
        Assert.That(result.Out, Does.Contain("no score for simd: wrong results: wrong"));
        BenchmarkReport report = BenchmarkFiles.Read(folder["bench"]);
        Assert.That(report.Backends.Single().Score, Is.Null);
        Assert.That(report.IsWrong, Is.True);
        Assert.That(
            Parse(Path.Combine(folder["bench"], BenchmarkFiles.Html)).Descendants("td").Count(cell => cell.Value == "wrong"),
            Is.EqualTo(1));
    }

    [Test]
    public void Reports_compare_and_other_versions_are_refused()
    {
        using TemporaryFolder folder = new();
        Assert.That(Run(Tiny[..2], folder["a.json"]).ExitCode, Is.Zero);
        Assert.That(folder.Entries(), Is.EqualTo(new[] { folder["a.json"] }));
        JsonNode changed = JsonNode.Parse(File.ReadAllText(folder["a.json"]))!;
        JsonNode workload = changed["backends"]![0]!["workloads"]![0]!;
        workload["rate"] = 2 * workload["rate"]!.GetValue<double>();
        File.WriteAllText(folder["b.json"], changed.ToJsonString());

        VemResult result = Vem.Run("bench", "--compare", folder["a.json"], folder["b.json"]);
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        string[] lines = result.Out.Split('\n');
        Assert.That(lines.Single(line => line.Contains(Tiny[0].Name, StringComparison.Ordinal)), Does.Match(@" 2 +\W+$"));
        Assert.That(lines.Single(line => line.Contains(Tiny[1].Name, StringComparison.Ordinal)), Does.Match(@" 1 +\W+$"));
        Assert.That(
            lines.Single(line => line.Contains("each group alike", StringComparison.Ordinal)), Does.Contain("1.41"));

        changed["version"] = WorkloadCatalog.Version + 1;
        File.WriteAllText(folder["b.json"], changed.ToJsonString());
        VemResult refused = Vem.Run("bench", "--compare", folder["a.json"], folder["b.json"]);
        Assert.That(refused.ExitCode, Is.EqualTo(ExitCode.BadInput));
        Assert.That(refused.Error, Does.Match(@"\Avem: --compare .*version 1 and of version 2.*\n\z"));
    }

    [TestCase("bench --filter nothing-has-this-name --no-progress", "--filter nothing-has-this-name: no workload")]
    [TestCase("bench --backend abacus", "--backend abacus")]
    [TestCase("bench --backend opencl:99", "opencl:99")]
    [TestCase("tune --backend opencl:99", "opencl:99")]
    [TestCase("tune --backend simd", "simd has nothing to tune")]
    [TestCase("tune --order 1", "--order")]
    [TestCase("bench --compare a.json", "--compare")]
    [TestCase("bench --compare a.json b.json", "a.json")]
    [TestCase("bench --compare a.json b.json --quick", "--quick: is for measuring")]
    [TestCase("bench --out no/such/folder/a.json", "no/such/folder/a.json")]
    public void A_line_that_makes_no_sense_is_one_line_that_names_the_option(string line, string name)
    {
        VemResult result = Vem.Run(line.Split(' '));
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.BadInput));
        Assert.That(result.Error, Does.Match(@"\Avem: .*\n\z").And.Contain(name));
    }

    [Test]
    public void A_cancelled_run_says_so_and_writes_nothing()
    {
        using TemporaryFolder folder = new();
        using CancellationTokenSource cancellation = new();
        cancellation.Cancel();
        VemResult result = Vem.Run(cancellation.Token, "bench", "--quick", "--out", folder["bench"]);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Cancelled));
        Assert.That(folder.Entries(), Is.Empty);
    }

    private static BenchmarkOptions Options =>
        new() { BandwidthElements = BandwidthElements, SecondsOfMeasurement = 0, Profile = Profile.Quick };

    private static VemResult Run(
        IReadOnlyList<Workload> catalog, string path, string? backend = BackendFactory.Simd)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        CommandConsole console = new(output, error, ErrorIsTerminal: false);
        int code = ErrorBoundary.Run(error, () => BenchCommand.Run(
            catalog, Options, backend is null ? null : [backend], 2, false, path, console, CancellationToken.None));
        return new(code, output.ToString(), error.ToString());
    }

    private static XDocument Parse(string path)
    {
        using XmlReader reader = XmlReader.Create(
            path, new XmlReaderSettings { DtdProcessing = DtdProcessing.Parse, XmlResolver = null });
        return XDocument.Load(reader);
    }

    private sealed class WrongWorkload : PreparedWorkload
    {
        public override double Time(CancellationToken cancellation) => 1;

        public override IReadOnlyList<CheckResult> Check() => [new("anything", double.NaN, 1)];

        protected override void Run(CancellationToken cancellation)
        {
            // Its result is wrong whatever it does.
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
