using System.Diagnostics;
using NUnit.Framework;
using VemKernels.Tests;

namespace VemKernels.Python.Tests;

/// <summary>
/// The Python package over the C library: its own tests (bindings/python/tests, by pytest), and its wheel in a virtual
/// environment. The library is not built here: VEM_NATIVE_DIST names a folder that build-native.sh has filled.
/// </summary>
[Category("Native")]
public sealed class PythonPackageTests
{
    private const string Python = "/usr/bin/python3";
    private const string Packages = "python3-numpy python3-scipy python3-sklearn python3-torch python3-pytest "
        + "python3-venv python3-pip python3-setuptools python3-wheel python3-build";

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    private string _root = null!;
    private string _dist = null!;
    private string _work = null!;

    [OneTimeSetUp]
    public void Find()
    {
        DirectoryInfo? folder = new(TestContext.CurrentContext.TestDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "build-native.sh")))
        {
            folder = folder.Parent;
        }

        _root = folder?.FullName ?? throw new InvalidOperationException("There is no build-native.sh above the tests.");
        _work = Directory.CreateTempSubdirectory("vem-python").FullName;
        _dist = Environment.GetEnvironmentVariable("VEM_NATIVE_DIST") ?? string.Empty;
        if (_dist.Length == 0)
        {
            Requirement.Missing("Run ./build-native.sh FOLDER, and set VEM_NATIVE_DIST to that folder's full path.");
        }

        const string needed = "import numpy, scipy, sklearn, torch, pytest, pip, venv, setuptools, wheel, build";
        if (!File.Exists(Python) || Run(Python, _work, ["-c", needed]).ExitCode != 0)
        {
            Requirement.Missing($"{Python} lacks a package: install {Packages}.");
        }
    }

    [OneTimeTearDown]
    public void Delete()
    {
        if (_work is not null)
        {
            Directory.Delete(_work, recursive: true);
        }
    }

    [TestCase("libvemkernels.so.0", TestName = "The_tests_of_the_package_pass_on_the_build_for_AVX2")]
    [TestCase(
        "glibc-hwcaps/x86-64-v4/libvemkernels.so.0",
        TestName = "The_tests_of_the_package_pass_on_the_build_for_AVX512")]
    public void The_tests_of_the_package_pass(string library)
    {
        if (library.Contains("v4", StringComparison.Ordinal) && !System.Runtime.Intrinsics.X86.Avx512F.IsSupported)
        {
            Assert.Ignore("This processor has no AVX-512.");
        }

        string package = Path.Combine(_root, "bindings", "python");
        (int exitCode, string output) = Run(
            Python, Path.Combine(package, "tests"), ["-m", "pytest", "-q", "-p", "no:cacheprovider", "."],
            ("VEM_LIBRARY", Path.Combine(_dist, "lib", library)), ("PYTHONPATH", package),
            ("PYTHONDONTWRITEBYTECODE", "1"));
        TestContext.Out.WriteLine(output);
        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Match(@"[1-9]\d* passed"));
    }

    /// <summary>What a newcomer copies: docs/embedding.md, to the letter.</summary>
    [Test]
    public void The_program_of_the_page_runs()
    {
        string page = File.ReadAllText(Path.Combine(_root, "docs", "embedding.md"));
        string program = Path.Combine(_work, "page.py");
        File.WriteAllText(program, page.Split("\n```python\n")[1].Split("\n```\n")[0]);
        string output = Succeeds(
            Python, [program], ("VEM_LIBRARY", Path.Combine(_dist, "lib", "libvemkernels.so.0")),
            ("PYTHONPATH", Path.Combine(_root, "bindings", "python")), ("PYTHONDONTWRITEBYTECODE", "1"));
        Assert.That(output, Does.Match("weights of target 0: .*0[.]87"));
    }

    /// <summary>
    /// On the CUDA without a device of tests/Cuda.Tests, whose memory is the host's and whose kernels run.
    /// </summary>
    [Test]
    public void Arrays_on_a_device_are_used_there()
    {
        string fake = Path.Combine(_work, "fake");
        Succeeds(Path.Combine(_root, "tests", "Cuda.Tests", "fake", "build.sh"), [fake]);
        string package = Path.Combine(_root, "bindings", "python");
        string output = Succeeds(
            Python,
            ["-m", "pytest", "-q", "-p", "no:cacheprovider", Path.Combine(package, "tests", "test_device.py")],
            ("VEM_LIBRARY", Path.Combine(_dist, "lib", "libvemkernels.so.0")), ("PYTHONPATH", package),
            ("PYTHONDONTWRITEBYTECODE", "1"), ("VEM_CUDA_PATH", fake), ("VEM_CACHE", Path.Combine(fake, "cache")));
        Assert.That(output, Does.Match(@"[1-9]\d* passed"));
    }

    [TestCase("pip", "wheel --no-build-isolation --no-deps -q -w")]
    [TestCase("build", "--wheel --no-isolation --outdir")]
    public void The_wheel_works_in_a_virtual_environment(string builder, string arguments)
    {
        // A copy: building leaves folders beside the sources.
        string source = Path.Combine(_work, $"source-{builder}");
        string wheels = Path.Combine(_work, $"wheel-{builder}");
        Succeeds("cp", ["-r", Path.Combine(_root, "bindings", "python"), source]);
        Succeeds(
            Python, ["-m", builder, .. arguments.Split(' '), wheels, source], ("VEM_DIST", _dist),
            ("PIP_NO_INDEX", "1"));
        string wheel = Directory.GetFiles(wheels, "vemkernels-*.whl").Single();
        Assert.That(Path.GetFileName(wheel), Does.EndWith("-py3-none-linux_x86_64.whl"));
        string contents = Succeeds(Python, ["-m", "zipfile", "-l", wheel]);
        Assert.That(contents, Does.Contain("vemkernels/lib/libvemkernels.so.0"));
        Assert.That(contents, Does.Contain("vemkernels/lib/glibc-hwcaps/x86-64-v4/libvemkernels.so.0"));
        Assert.That(contents, Does.Contain("vemkernels/py.typed"));
        string environment = Path.Combine(_work, $"venv-{builder}");
        Succeeds(Python, ["-m", "venv", "--system-site-packages", environment]);
        string python = Path.Combine(environment, "bin", "python");
        Succeeds(python, ["-m", "pip", "install", "-q", "--no-index", "--no-deps", wheel]);
        string output = Succeeds(
            python,
            [
                "-c",
                "from vemkernels.kernel_ridge import linear_kernel, MultipleKernelRidgeCV\nimport numpy, vemkernels\n"
                    + "print(vemkernels.__file__, linear_kernel(2 * numpy.eye(3)).sum())",
            ]);
        Assert.That(output, Does.Contain(environment));
        Assert.That(output.TrimEnd(), Does.EndWith(" 12.0"));
    }

    private string Succeeds(string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        (int exitCode, string output) = Run(program, _work, arguments, environment);
        Assert.That(exitCode, Is.Zero, output);
        return output;
    }

    private static (int ExitCode, string Output) Run(
        string program, string folder, string[] arguments, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Longest))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', arguments)} did not end within {Longest}.");
        }

        return (process.ExitCode, output.Result + error.Result);
    }
}
