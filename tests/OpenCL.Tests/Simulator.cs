using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using NUnit.Framework;
using VemKernels.Tests;

namespace VemKernels.OpenCL.Tests;

/// <summary>
/// Runs tests of this assembly in a process of their own, on the device that oclgrind simulates, and reads what it
/// finds.
/// </summary>
/// <remarks>
/// oclgrind exits with 0 whatever it finds, so its log is read. Each context opens the log anew, which empties a file:
/// only the findings of the last context would remain. Hence a pipe, which cannot be emptied. Standard error is of no
/// use: the runner of tests keeps it to itself.
/// </remarks>
internal static class Simulator
{
    private const string Library = "/usr/lib/oclgrind/liboclgrind-rt-icd.so";

    /// <summary>Only a simulator that hangs takes so long, on however busy a machine.</summary>
    private const int LimitMilliseconds = 1_200_000;

    /// <summary>Whether this process has the simulated device.</summary>
    public static bool IsHere => Devices.First.Name.Contains("Oclgrind", StringComparison.Ordinal);

    /// <summary>
    /// Runs the tests of a filter; at least one must pass, and none fail. Gives the findings: API calls, accesses out
    /// of bounds, races, and, if asked, uses of what was never written.
    /// </summary>
    public static string FindingsOf(string filter, bool uninitialised)
    {
        if (!File.Exists(Library))
        {
            Requirement.Missing("There is no simulator of OpenCL devices: install oclgrind.");
        }

        DirectoryInfo folder = Directory.CreateTempSubdirectory("vem-oclgrind");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "oclgrind.icd"), Library);
            return Run(filter, uninitialised, folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Run(string filter, bool uninitialised, string folder)
    {
        using AnonymousPipeServerStream pipe = new(PipeDirection.In);
        using StreamReader reader = new(pipe);
        string log = string.Create(
            CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{pipe.GetClientHandleAsString()}");
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["test", typeof(Simulator).Assembly.Location, "--filter", filter])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["OCL_ICD_VENDORS"] = folder;
        start.Environment["VEM_CACHE"] = folder;
        start.Environment["OCLGRIND_LOG"] = log;
        start.Environment["OCLGRIND_DATA_RACES"] = "1";
        start.Environment["OCLGRIND_UNINITIALIZED"] = uninitialised ? "1" : "0";
        start.Environment["OCLGRIND_CHECK_API"] = "1";

        // What its compiler makes of kernels with optimisation, the interpreter of oclgrind 21.10 gets wrong; PoCL does
        // not.
        start.Environment["OCLGRIND_BUILD_OPTIONS"] = "-cl-opt-disable";
        using Process process = Process.Start(start)!;
        Task<string> findings = reader.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        bool hasEnded = process.WaitForExit(LimitMilliseconds);
        if (!hasEnded)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        // The end of the log comes when this process, too, has closed the pipe for writing.
        pipe.DisposeLocalCopyOfClientHandle();
        string said = output.Result + errors.Result;
        Assert.That(hasEnded, Is.True, $"The simulation took over {LimitMilliseconds} ms. {said}");
        Assert.That(process.ExitCode, Is.Zero, said);
        Assert.That(said, Does.Match(@"Passed: +[1-9]"), said);
        return findings.Result;
    }
}
