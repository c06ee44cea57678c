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

    /// <summary>What a newcomer copies: docs/embedding.md, to the letter.</summary>
    [TestCase("c", "cc")]
    [TestCase("cpp", "c++")]
    public void The_program_of_the_page_runs(string language, string compiler)
    {
        string page = File.ReadAllText(Path.Combine(_root, "docs", "embedding.md"));
        string text = page.Split($"\n```{language}\n")[1].Split("\n```\n")[0];
        string source = Path.Combine(_work, $"program.{language}");
        File.WriteAllText(source, text + "\n");
        string program = Compile(
            compiler, source, language == "c" ? "-std=c99" : "-std=c++20", "-Wall", "-Wextra", "-Werror");
        Assert.That(Succeeds(program), Does.Match("weights of target 0: 0[.]9"));
    }

    [Test]
    public void The_loader_takes_the_build_for_AVX512_where_the_processor_has_it_and_the_other_alone_works()
    {
        string example = Compile("cc", "native/examples/banded_ridge.c", "-std=c99");
        Assert.That(Succeeds(example), Does.Contain($"({Expected})"));
        string alone = Directory.CreateDirectory(Path.Combine(_work, "alone")).FullName;
        File.Copy(Path.Combine(_dist, "lib", "libvemkernels.so.0"), Path.Combine(alone, "libvemkernels.so.0"), true);
        Assert.That(Succeeds(example, [("LD_LIBRARY_PATH", alone)]), Does.Contain("(AVX2)"));
    }

    [Test]
    public void A_fork_is_refused_and_its_parent_goes_on() =>
        Succeeds(Compile("cc", "tests/Interop.Tests/native/fork.c", "-D_POSIX_C_SOURCE=200809L", "-std=c99"));

    [Test]
    public void Wrong_arguments_never_end_the_process([Values(1, 2)] int seed)
    {
        string fuzz = Compile("cc", "tests/Interop.Tests/native/fuzz.c", "-D_POSIX_C_SOURCE=200809L", "-std=c99");
        Succeeds(fuzz, IsRequired ? "30" : "3", $"{seed}");
    }

    [Test]
    public void Golden_cases_hold_for_a_C_program_of_every_solver_family([Values("simd", "opencl:0")] string backend)
    {
        string golden = Compile(
            "cc", "tests/Interop.Tests/native/golden.c", "-std=c99", "-Wall", "-Wextra", "-Werror", "-lz");
        Assert.That(
            Succeeds(golden, SharedData.PathOf("golden"), backend), Does.Contain("as the reference has them"));
    }

    [Test]
    public void Ten_threads_a_stopped_fit_and_ten_thousand_fits() =>
        Succeeds(Compile(
            "cc", "tests/Interop.Tests/native/stress.c", "-D_POSIX_C_SOURCE=200809L", "-std=c99", "-pthread"));

    [Test]
    public void Inputs_in_buffers_of_OpenCL_are_used_where_they_lie() =>
        Succeeds(Compile("cc", "tests/Interop.Tests/native/opencl.c", "-D_POSIX_C_SOURCE=200809L", "-std=c99", "-ldl"));

    [Test]
    public void Inputs_in_memory_of_CUDA_are_used_where_they_lie()
    {
        string program = Compile(
            "cc", "tests/Interop.Tests/native/cuda.c", "-D_POSIX_C_SOURCE=200809L", "-std=c99", "-ldl");
        string fake = Path.Combine(_work, "fake");
        Require("c++", "install build-essential");
        (int built, string output) = Run(
            "bash", [Path.Combine(_root, "tests/Cuda.Tests/fake/build.sh"), fake], RunMilliseconds);
        Assert.That(built, Is.Zero, output);
        Assert.That(
            Succeeds(program, [("VEM_CUDA_PATH", fake), ("VEM_CACHE", Path.Combine(fake, "cache"))]),
            Does.Contain("as it should be"));
    }

    /// <summary>R is no tool of the gate: where it is not, the shim is not tried.</summary>
    [Test]
    public void The_shim_for_R_runs_with_the_build_for_this_processor()
    {
        RequireOptional("R");
        string folder = CopyExample("r");
        (string, string)[] flags = [("PKG_CPPFLAGS", Flags("--cflags")), ("PKG_LIBS", Flags("--libs"))];
        Succeeds("R", flags, folder, "CMD", "SHLIB", "vemkernels.c");
        Assert.That(Succeeds("Rscript", [], folder, "ridge.R"), Does.Contain($"as it should be, with {Expected}:"));
    }

    /// <summary>Octave is no tool of the gate either.</summary>
    [Test]
    public void The_MEX_file_runs_in_Octave_with_the_build_for_this_processor()
    {
        RequireOptional("mkoctfile");
        RequireOptional("octave");
        string folder = CopyExample("matlab");
        Succeeds("mkoctfile", [], folder, ["--mex", "vem_ridge.c", .. Words(Flags("--cflags", "--libs"))]);
        Assert.That(
            Succeeds("octave", [], folder, "--no-gui", "--norc", "ridge.m"),
            Does.Contain($"as it should be, with {Expected}:"));
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

    [TestCase("cc", "native/examples/banded_ridge.c", "-std=c99")]
    [TestCase("c++", "native/examples/ridge.cpp", "-std=c++20")]
    public void Valgrind_finds_no_error(string compiler, string source, string standard)
    {
        Require("valgrind", "install valgrind");
        string example = Compile(compiler, source, standard, "-g");

        // A small reservation of memory for the compiled-in runtime, which valgrind would follow page by page.
        (int exitCode, string output) = Run(
            "valgrind", ["--error-exitcode=9", "--num-callers=30", example], RunMilliseconds, null,
            ("DOTNET_GCHeapHardLimit", "0x10000000"));
        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Contain("ERROR SUMMARY: 0 errors"));
    }

    /// <summary>What the loader's choice computes with on this machine.</summary>
    private static string Expected => System.Runtime.Intrinsics.X86.Avx512F.IsSupported ? "AVX-512" : "AVX2";

    private string Compile(string compiler, string source, params string[] options)
    {
        Require(compiler, "install build-essential");
        Require("pkg-config", "install pkg-config");
        string program = Path.Combine(_work,
            $"{Path.GetFileNameWithoutExtension(source)}-{TestContext.CurrentContext.Test.ID}");
        (int exitCode, string output) = Run(
            compiler,
            [
                .. options.Where(option => !option.StartsWith("-l", StringComparison.Ordinal)),
                Path.Combine(_root, source),
                .. Words(Flags("--cflags", "--libs")),
                .. options.Where(option => option.StartsWith("-l", StringComparison.Ordinal)), "-lm", "-o", program,
            ],
            RunMilliseconds);
        Assert.That(exitCode, Is.Zero, output);
        return program;
    }

    /// <summary>What pkg-config says of the library.</summary>
    private string Flags(params string[] what)
    {
        Require("pkg-config", "install pkg-config");
        (int exitCode, string flags) = Run(
            "pkg-config", [.. what, "vemkernels"], RunMilliseconds, null,
            ("PKG_CONFIG_PATH", Path.Combine(_dist, "lib", "pkgconfig")));
        Assert.That(exitCode, Is.Zero, flags);
        return flags.Trim();
    }

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A copy of a folder of native/examples, to build in.</summary>
    private string CopyExample(string name)
    {
        string copy = Directory.CreateDirectory(Path.Combine(_work, name)).FullName;
        foreach (string file in Directory.GetFiles(Path.Combine(_root, "native/examples", name)))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)), overwrite: true);
        }

        return copy;
    }

    private static string Succeeds(string program, params string[] arguments) => Succeeds(program, [], null, arguments);

    private static string Succeeds(
        string program, (string Name, string Value)[] environment, string? folder = null, params string[] arguments)
    {
        (int exitCode, string output) = Run(program, arguments, RunMilliseconds, folder, environment);
        Assert.That(exitCode, Is.Zero, output);
        return output;
    }

    private static void Require(string tool, string remedy)
    {
        if (!IsThere(tool))
        {
            Requirement.Missing($"There is no {tool}: {remedy}.");
        }
    }

    private static void RequireOptional(string tool)
    {
        if (!IsThere(tool))
        {
            Assert.Ignore($"There is no {tool}.");
        }
    }

    private static bool IsThere(string tool)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':');
        return folders.Any(folder => File.Exists(Path.Combine(folder, tool)));
    }

    private static (int ExitCode, string Output) Run(
        string program, IEnumerable<string> arguments, int milliseconds, string? folder = null,
        params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? string.Empty,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
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
