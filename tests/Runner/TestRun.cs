using System.Reflection;
using System.Runtime.InteropServices;
using System.Security;
using NUnit.Framework.Api;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace VemKernels.Runner;

/// <summary>Runs the tests of an assembly by the runner that NUnit's framework itself has.</summary>
internal static class TestRun
{
    /// <summary>The exit code of a command line that is not understood.</summary>
    public const int WrongUse = 2;

    /// <summary>The exit code after SIGTERM: 128 and its number, as shells have it.</summary>
    private const int StoppedBySignal = 143;

    /// <summary>Runs, prints failures and counts.</summary>
    /// <param name="assembly">The tests.</param>
    /// <param name="filter">Regular expression of full names to run; null for all.</param>
    /// <param name="without">Regular expression of full names to leave out; null for none.</param>
    /// <param name="xml">Where to write NUnit's result; null for nowhere.</param>
    /// <returns>0 where all passed and there was one, 1 where not.</returns>
    public static int Run(Assembly assembly, string? filter, string? without, string? xml)
    {
        NUnitTestAssemblyRunner runner = new(new DefaultTestAssemblyBuilder());
        runner.Load(assembly, new Dictionary<string, object>());
        Progress progress = new();

        // A limit of time ends a run so: what has passed until then is a result too.
        int signals = 0;
        using PosixSignalRegistration stop = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ =>
        {
            // timeout(1) sends two: to its command, and to the group that both are in.
            if (Interlocked.Increment(ref signals) == 1)
            {
                Console.WriteLine(progress.Stopped(assembly.GetName().Name));
                Environment.Exit(StoppedBySignal);
            }
        });
        ITestResult result = runner.Run(progress, TestFilter.FromXml(FilterText(filter, without)));
        if (xml is not null)
        {
            File.WriteAllText(xml, result.ToXml(recursive: true).OuterXml);
        }

        // The line of the gate's own tests, so that one script counts both.
        int total = result.PassCount + result.FailCount + result.SkipCount;
        Console.WriteLine(
            $"{(result.FailCount == 0 ? "Passed" : "Failed")}!  - Failed: {result.FailCount}, Passed: {result.PassCount}, "
            + $"Skipped: {result.SkipCount}, Total: {total}, Duration: {result.Duration:F1} s - {assembly.GetName().Name}");
        return result.FailCount == 0 && result.PassCount > 0 ? 0 : 1;
    }

    private static string FilterText(string? filter, string? without)
    {
        string wanted = filter is null ? string.Empty : $"<test re='1'>{SecurityElement.Escape(filter)}</test>";
        string unwanted = without is null ? string.Empty
            : $"<not><test re='1'>{SecurityElement.Escape(without)}</test></not>";
        return $"<filter><and>{wanted}{unwanted}</and></filter>";
    }
}
