using System.Diagnostics;
using NUnit.Framework;
using VemKernels.Tests;

namespace VemKernels.Interop.Tests;

/// <summary>
/// The library as it is delivered: built ahead of time, found by pkg-config, linked by C and C++ programs. The build
/// takes minutes and is not the tests' own: VEM_NATIVE_DIST names a folder that build-native.sh has filled, as the gate
/// does.
/// </summary>
[Category("Native")]
public sealed class NativeLibraryTests
{
    private const int RunMilliseconds = 300_000;

    private static readonly bool IsRequired = Environment.GetEnvironmentVariable("VEM_REQUIRE") == "1";

    private string _root = null!;
    private string _work = null!;
    private string _dist = null!;

    [OneTimeSetUp]
    public void Find()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("The C library is built on Linux so far.");
        }

        DirectoryInfo? folder = new(TestContext.CurrentContext.TestDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "build-native.sh")))
        {
            folder = folder.Parent;
        }

        _root = folder?.FullName ?? throw new InvalidOperationException("There is no build-native.sh above the tests.");
        _work = Directory.CreateTempSubdirectory("vem-native").FullName;
        _dist = Environment.GetEnvironmentVariable("VEM_NATIVE_DIST") ?? string.Empty;
        if (_dist.Length == 0)
        {
            Requirement.Missing("Run ./build-native.sh FOLDER, and set VEM_NATIVE_DIST to that folder's full path.");
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

    [Test]
    public void The_C_example_runs() =>
        Succeeds(Compile("cc", "native/examples/banded_ridge.c", "-std=c99", "-Wall", "-Wextra", "-Werror"));

    [Test]
    public void The_Cpp_example_runs() =>
        Succeeds(Compile("c++", "native/examples/ridge.cpp", "-std=c++20", "-Wall", "-Wextra", "-Werror"));

    [Test]
    public void The_loader_takes_the_build_for_AVX512_where_the_processor_has_it_and_the_other_alone_works()
    {
        string example = Compile("cc", "native/examples/banded_ridge.c", "-std=c99");
        string expected = System.Runtime.Intrinsics.X86.Avx512F.IsSupported ? "(AVX-512)" : "(AVX2)";
        Assert.That(Succeeds(example), Does.Contain(expected));
        string alone = Directory.CreateDirectory(Path.Combine(_work, "alone")).FullName;
        File.Copy(Path.Combine(_dist, "lib", "libvemkernels.so.0"), Path.Combine(alone, "libvemkernels.so.0"), true);
        Assert.That(Succeeds(example, ("LD_LIBRARY_PATH", alone)), Does.Contain("(AVX2)"));
    }

    [Test]
    public void A_fork_is_refused_and_its_parent_goes_on() =>
        Succeeds(Compile("cc", "tests/Interop.Tests/native/fork.c", "-D_POSIX_C_SOURCE=200809L", "-std=c99"));

    [Test]
    public void Wrong_arguments_never_end_the_process([Values(1, 2)] int seed)
    {
        string fuzz = Compile("cc", "tests/Interop.Tests/native/fuzz.c", "-D_POSIX_C_SOURCE=200809L", "-std=c99");
        Succeeds(fuzz, arguments: [IsRequired ? "30" : "3", $"{seed}"]);
    }

    [Test]
    public void A_trimmed_program_of_NET_runs()
    {
        string program = Path.Combine(_dist, "sample", "VemKernels.EmbeddedRidge");
        if (!File.Exists(program))
        {
            Requirement.Missing($"There is no {program}: dotnet publish samples/EmbeddedRidge there, as .ci/run does.");
        }

        Assert.That(Succeeds(program), Does.Contain("largest error"));
    }

    [Test]
    public void Valgrind_finds_no_error()
    {
        Require("valgrind", "install valgrind");
        string example = Compile("cc", "native/examples/banded_ridge.c", "-std=c99", "-g");

        // A small reservation of memory for the compiled-in runtime, which valgrind would follow page by page.
        (int exitCode, string output) = Run(
            "valgrind", ["--error-exitcode=9", "--num-callers=30", example], RunMilliseconds,
            ("DOTNET_GCHeapHardLimit", "0x10000000"));
        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Contain("ERROR SUMMARY: 0 errors"));
    }

    private string Compile(string compiler, string source, params string[] options)
    {
        Require(compiler, "install build-essential");
        Require("pkg-config", "install pkg-config");
        (int found, string flags) = Run(
            "pkg-config", ["--cflags", "--libs", "vemkernels"], RunMilliseconds,
            ("PKG_CONFIG_PATH", Path.Combine(_dist, "lib", "pkgconfig")));
        Assert.That(found, Is.Zero, flags);
        string program = Path.Combine(_work,
            $"{Path.GetFileNameWithoutExtension(source)}-{TestContext.CurrentContext.Test.ID}");
        (int exitCode, string output) = Run(
            compiler,
            [
                .. options, Path.Combine(_root, source),
                .. flags.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), "-lm", "-o", program,
            ],
            RunMilliseconds);
        Assert.That(exitCode, Is.Zero, output);
        return program;
    }

    private static string Succeeds(
        string program, (string Name, string Value)? environment = null, params string[] arguments)
    {
        (int exitCode, string output) = Run(program, arguments, RunMilliseconds, environment);
        Assert.That(exitCode, Is.Zero, output);
        return output;
    }

    private static void Require(string tool, string remedy)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':');
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, tool))))
        {
            Requirement.Missing($"There is no {tool}: {remedy}.");
        }
    }

    private static (int ExitCode, string Output) Run(
        string program, IEnumerable<string> arguments, int milliseconds, (string Name,
            string Value)? environment = null)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true,
            RedirectStandardError = true };
        if (environment is { } variable)
        {
            start.Environment[variable.Name] = variable.Value;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(milliseconds))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} took over {milliseconds} ms.");
        }

        return (process.ExitCode, output.Result + errors.Result);
    }
}
