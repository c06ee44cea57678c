using System.Diagnostics;
using NUnit.Framework;
using VemKernels.Tests;

namespace VemKernels.OpenCL.Tests;

/// <summary>
/// The small tests once more on a simulated device that watches every access: out of bounds, racing, uninitialised.
/// oclgrind exits with 0 whatever it finds, so its log is read.
/// </summary>
public sealed class OclgrindTests
{
    private const string Library = "/usr/lib/oclgrind/liboclgrind-rt-icd.so";
    /// <summary>Only a simulator that hangs takes so long, on however busy a machine.</summary>
    private const int LimitMilliseconds = 1_200_000;

    [Test]
    public void No_kernel_reads_or_writes_what_it_should_not()
    {
        if (!File.Exists(Library))
        {
            Requirement.Missing("There is no simulator of OpenCL devices: install oclgrind.");
        }

        DirectoryInfo folder = Directory.CreateTempSubdirectory("vem-oclgrind");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "oclgrind.icd"), Library);
            string log = Path.Combine(folder.FullName, "log");
            (int exitCode, string output) = RunSimulated(folder.FullName, log);
            Assert.That(exitCode, Is.Zero, output);
            Assert.That(output, Does.Match(@"Passed: +[1-9]"), output);
            Assert.That(File.Exists(log) ? File.ReadAllText(log) : string.Empty, Is.Empty);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (int ExitCode, string Output) RunSimulated(string folder, string log)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["test", typeof(OclgrindTests).Assembly.Location, "--filter",
            "TestCategory=Simulated"])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["OCL_ICD_VENDORS"] = folder;
        start.Environment["VEM_CACHE"] = folder;
        start.Environment["OCLGRIND_LOG"] = log;
        start.Environment["OCLGRIND_DATA_RACES"] = "1";
        start.Environment["OCLGRIND_UNINITIALIZED"] = "1";
        start.Environment["OCLGRIND_CHECK_API"] = "1";

        // What its compiler makes of kernels with optimisation, the interpreter of oclgrind 21.10 gets wrong; PoCL does
        // not.
        start.Environment["OCLGRIND_BUILD_OPTIONS"] = "-cl-opt-disable";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(LimitMilliseconds))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"The simulation took over {LimitMilliseconds} ms.");
        }

        return (process.ExitCode, output.Result + errors.Result);
    }
}
