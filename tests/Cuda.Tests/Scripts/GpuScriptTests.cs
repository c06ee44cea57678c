using System.Diagnostics;
using NUnit.Framework;
using VemKernels.Tests;

namespace VemKernels.Cuda.Tests;

/// <summary>
/// bench/Gpu/run.sh and report.py, which are to be trusted the first time that there is a GPU: run on stand-ins for the
/// programs that they start, some of which fail.
/// </summary>
[Platform("Linux")]
internal sealed class GpuScriptTests
{
    private const string Python = "/usr/bin/python3";

    /// <summary>The tests, the kernels and the fits, as the runner starts them.</summary>
    private const string Runner = """
        #!/bin/bash
        case "$*" in
          *"devices --warm"*) echo "cuda:0  A card" ;;
          *Solvers.Tests*) echo "a test"; echo "Failed!  - Failed: 1, Passed: 7, Skipped: 0"; exit 1 ;;
          *EveryOperationTests*) echo "Passed!  - Failed: 0, Passed: 80, Skipped: 0" ;;
          *Cuda.Tests*) echo "Passed!  - Failed: 0, Passed: 9, Skipped: 0" ;;
          *--no-tensors*) echo '{"name":"gemm large","seconds":0.006}' ;;
          *"Gpu.dll kernels"*)
            echo '{"device":"A card","InstructionSet":"sm_90","SingleFlops":6e13,"DoubleFlops":3e13,"Bandwidth":3e12}'
            echo '{"name":"gemm large","seconds":0.002,"floor":0.001,"bound":"flops"}'
            echo '{"name":"gather","error":"no | memory"}'
            printf '{"name":"cut o' ;;
          *tutorial*)
            [ -z "$WAITS" ] || { touch "$WAITS"; sleep 60; }
            echo '{"run":1,"name":"1 candidate","seconds":4.5,"meanScore":0.25,"stages":{"search":3.5,"refit":1}}' ;;
          *bench*) echo "System.InvalidOperationException: no bench"; exit 134 ;;
        esac
        """;

    /// <summary>A Python whose PyTorch has answers ready.</summary>
    private const string PythonWithTorch = $$"""
        #!/bin/bash
        case "$*" in
          *"peers.py kernels"*) echo '{"torch":"2.0","device":"A card"}'; echo '{"name":"gemm large","seconds":0.003}' ;;
          *"peers.py tutorial"*) echo "RuntimeError: CUDA out of memory"; exit 1 ;;
          *) exec {{Python}} "$@" ;;
        esac
        """;

    private const string Sanitizer = """
        #!/bin/bash
        echo "========= ERROR SUMMARY: 0 errors"
        while [[ $1 == --* ]]; do case $1 in --tool | --error-exitcode) shift 2 ;; *) shift ;; esac; done
        exec "$@"
        """;

    private string _root = null!;

    [SetUp]
    public void Pack()
    {
        _root = Directory.CreateTempSubdirectory("vem-gpu").FullName;
        if (!File.Exists(Python))
        {
            Requirement.Missing("There is no python3.");
        }

        string scripts = Path.Combine(Repository(), "bench", "Gpu");
        foreach (string script in (string[])["run.sh", "report.py", "peers.py"])
        {
            File.Copy(Path.Combine(scripts, script), Path.Combine(_root, script));
        }

        Write("stage/bin/VemKernels.Runner", Runner);
        Write("stage/commit", "0123abc");
        Write("tools/python3", PythonWithTorch);
        Write("tools/compute-sanitizer", Sanitizer);
        using Process tar = Process.Start(
            "tar", ["-C", Path.Combine(_root, "stage"), "-cJf", Path.Combine(_root, "payload.tar.xz"), "."]);
        tar.WaitForExit();
        Assert.That(tar.ExitCode, Is.Zero);
    }

    [TearDown]
    public void Delete() => Directory.Delete(_root, recursive: true);

    [Test]
    public void Every_step_has_its_line_and_the_tables_what_there_is()
    {
        using Process run = Start();
        run.WaitForExit();
        string steps = Result("steps.txt");
        string summary = Result("summary.md");
        string[] names = [.. steps.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(':')[0])];
        Assert.That(names, Is.EqualTo(new[]
        {
            "devices", "solvers", "contract", "kernels", "tutorial", "kernels-torch", "tutorial-torch", "memcheck",
            "racecheck", "products-without-tensors", "bench",
        }));
        Assert.Multiple(() =>
        {
            Assert.That(steps, Does.Match(@"solvers: FAILED, exit 1 after \d+ s; Failed! .*Failed: 1, Passed: 7"));
            Assert.That(steps, Does.Match(@"contract: done after \d+ s; Passed! .*Passed: 9"));
            Assert.That(steps, Does.Match(@"tutorial-torch: FAILED, exit 1 after \d+ s; RuntimeError: CUDA out of memory"));
            Assert.That(steps, Does.Match(@"bench: FAILED, exit 134 after \d+ s; System.InvalidOperationException"));
            Assert.That(summary, Does.Contain("A card, sm_90").And.Contain("commit 0123abc; PyTorch 2.0 on A card"));
            Assert.That(summary, Does.Contain("60.0 Tflop/s float, 30.0 Tflop/s double").And.Contain("3.00 TB/s"));
            Assert.That(summary, Does.Contain("| gemm large | 2 | 2.00 | flops | 3 | 1.50 |"));
            Assert.That(summary, Does.Contain("| gather | no / memory |  |  |  |  |"));
            Assert.That(summary, Does.Contain("| gemm large | 6 | 3.00 |"));
            Assert.That(summary, Does.Contain("| ours: 1 candidate | 1 | 4.50 | 0.2500 | search 3.50, refit 1.00 |"));
            Assert.That(summary, Does.Contain("- memcheck: ERROR SUMMARY: 0 errors"));
            Assert.That(summary, Does.Not.Contain("| cut o"), "a line that was cut off is no row");
        });
    }

    [Test]
    public void A_run_that_is_cut_off_keeps_what_it_had()
    {
        string waits = Path.Combine(_root, "waits");
        using Process run = Start(("WAITS", waits));
        Assert.That(() => File.Exists(waits) || run.HasExited, Is.True.After(delayInMilliseconds: 120_000, pollingInterval: 50));
        Assert.That(run.HasExited, Is.False);
        run.Kill(entireProcessTree: true);
        run.WaitForExit();
        Assert.That(Result("summary.md"), Does.Contain("| gemm large | 2 | 2.00 |").And.Contain("- contract: done"));
    }

    [Test]
    public void Only_the_steps_that_are_named_run()
    {
        using Process run = Start(("VEM_STEPS", "kernels racecheck"));
        run.WaitForExit();
        Assert.That(
            Result("steps.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(':')[0]),
            Is.EqualTo(new[] { "kernels", "racecheck" }));
    }

    private static string Repository()
    {
        DirectoryInfo? folder = new(TestContext.CurrentContext.TestDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "VemKernels.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("There is no VemKernels.sln above the tests.");
    }

    private Process Start(params (string Name, string Value)[] variables)
    {
        ProcessStartInfo start = new("bash", [Path.Combine(_root, "run.sh"), Path.Combine(_root, "results"), "--small"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["PATH"] = $"{Path.Combine(_root, "tools")}:{Environment.GetEnvironmentVariable("PATH")}";
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    private string Result(string name) => File.ReadAllText(Path.Combine(_root, "results", name));

    private void Write(string name, string text)
    {
        string path = Path.Combine(_root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
