using VemKernels.Cuda;

namespace VemKernels.Cli.Tests;

public sealed class CommandLineTests
{
    [TestCase]
    [TestCase("--help")]
    public void Without_a_command_the_help_lists_them(params string[] arguments)
    {
        VemResult result = Vem.Run(arguments);
        Assert.That(result.ExitCode, Is.Zero);
        foreach (string command in new[] { "fit", "predict", "demo", "bench", "devices" })
        {
            Assert.That(result.Out, Does.Contain($"  {command} "));
        }
    }

    [TestCase("fit")]
    [TestCase("predict")]
    [TestCase("demo")]
    [TestCase("bench")]
    [TestCase("devices")]
    public void Every_command_has_help(string command)
    {
        VemResult result = Vem.Run(command, "--help");
        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Out, Does.Contain($"vem {command}").Or.Contain($" {command} [options]"));
    }

    [Test]
    public void The_help_of_fit_says_every_default()
    {
        string help = Vem.Run("fit", "--help").Out;
        foreach (string text in new[] { "1e0:1e6:13", "Default: 20", "Default: banded", "Default: float32",
            "Default: auto", "Default: l2" })
        {
            Assert.That(help, Does.Contain(text));
        }
    }

    [Test]
    public void Devices_lists_the_processor_and_what_is_missing()
    {
        VemResult result = Vem.Run("devices");
        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Out, Does.Contain("simd"));
        Assert.That(result.Out, Does.Contain("opencl:0").Or.Contain("none here"));
        Assert.That(
            result.Out.Split('\n').Count(line => line.StartsWith("cuda: not found:", StringComparison.Ordinal)),
            Is.EqualTo(CudaDevices.Missing is null ? 0 : 1));
    }

    [TestCase("cuda:99", CudaDevices.IdPrefix)]
    [TestCase("opencl:99", "opencl")]
    public void A_device_that_is_not_there_is_one_line(string id, string name)
    {
        OptionException error = Assert.Throws<OptionException>(() => BackendFactory.Create(id, threads: 0))!;
        Assert.That(error.Message, Does.Not.Contain('\n'));
        Assert.That(error.Message.ToLowerInvariant(), Does.Contain(name.TrimEnd(':')));
    }

    [Test]
    public void Warm_says_of_every_device_how_many_programs_are_compiled()
    {
        VemResult result = Vem.Run("devices", "--warm");
        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(
            result.Out.Split('\n').Count(line => line.EndsWith("programs are compiled", StringComparison.Ordinal)),
            Is.EqualTo(CudaDevices.List().Count + OpenCL.OpenClDevices.List().Count));
    }

    [TestCase("frobnicate", "frobnicate")]
    [TestCase("fit --frobnicate", "--frobnicate")]
    [TestCase("fit --features a=b.npy --responses c.npy", "vem: --out DIR: is missing; see vem fit --help\n")]
    [TestCase("fit --zscore-runs", "--out DIR, --features NAME=FILE[:COLUMN], --responses FILE: are missing; see")]
    [TestCase("fit --features a=b.npy --responses c.npy --out", "vem: --out DIR: the value is missing\n")]
    [TestCase("fit --out d --threads many", "--threads many: expected a whole number")]
    [TestCase("fit --features a=b.npy --responses c.npy --out d --threads many", "--threads many")]
    [TestCase("fit --features a=b.npy --responses c.npy --out d --threads -1", "--threads -1")]
    [TestCase("fit --features a=b.npy --responses c.npy --out d --model tree", "--model tree")]
    [TestCase("fit --features a=b.npy --responses c.npy --out d --seed -1", "--seed -1")]
    [TestCase("fit --features a=b.npy --responses c.npy --out d --iterations 0", "--iterations 0")]
    [TestCase("fit --features a=b.npy --responses c.npy --out d --backend gpu", "--backend gpu: expected auto|simd|cuda|cuda:0|opencl|opencl:0")]
    [TestCase("fti --out d", "'fti'; did you mean fit? see vem --help")]
    [TestCase("fit --response c.npy", "'--response'; did you mean --responses? see vem fit --help")]
    [TestCase("fit --features a=b.npy --responses c.npy --out d --test-runs 11 12", "'12'; lists are separated by commas")]
    [TestCase("fit --features a=b.npy --responses c.npy --out d --memory lots", "--memory lots")]
    [TestCase("fit --features a=b.npy --responses c.npy --out d --train-runs 3-1", "--train-runs 3-1")]
    [TestCase("fit --features b.npy --responses c.npy --out d", "--features b.npy")]
    [TestCase("fit --features a=b.npy --responses c.npy --responses e.npy --out d", "--responses")]
    [TestCase("predict --model m --out o.npy", "--features")]
    [TestCase("demo", "--out DIR: is missing; see vem demo --help")]
    public void A_line_that_cannot_be_understood_is_one_line_that_names_the_option(string line, string name)
    {
        VemResult result = Vem.Run(line.Split(' '));
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.BadInput));
        Assert.That(result.Error, Does.Match(@"\Avem: .*\n\z").And.Contain(name));
    }

    [Test]
    public void An_error_of_ours_shows_its_trace()
    {
        using StringWriter error = new();
        int code = ErrorBoundary.Run(error, () => throw new InvalidOperationException("broken"));
        Assert.That(code, Is.EqualTo(ExitCode.Bug));
        Assert.That(error.ToString(), Does.Contain("bug").And.Contain("broken").And.Contain("   at "));
    }
}
