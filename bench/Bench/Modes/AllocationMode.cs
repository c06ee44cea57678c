using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using VemKernels.Bench.Cases;
using VemKernels.Bench.Suites;

namespace VemKernels.Bench.Modes;

/// <summary>Prints BenchmarkDotNet's memory columns of <see cref="AllocationSuite"/> as a Markdown table.</summary>
internal static class AllocationMode
{
    /// <summary>No arguments.</summary>
    public static void Run()
    {
        ManualConfig config = ManualConfig.CreateEmpty()
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .WithOptions(ConfigOptions.DisableLogFile);
        Summary summary = BenchmarkRunner.Run<AllocationSuite>(SuiteConfig.AddTo(config).AddLogger(NullLogger.Instance));
        Console.WriteLine($"BenchmarkDotNet {typeof(Summary).Assembly.GetName().Version!.ToString(3)}, MemoryDiagnoser; {MachineLoad.Describe()}.");
        Console.WriteLine();
        Console.WriteLine("| work | type | mean, ms | collections | managed bytes a call |");
        Console.WriteLine("| --- | --- | ---: | ---: | ---: |");
        foreach (BenchmarkReport report in summary.Reports)
        {
            Case item = CaseCatalog.Find((string)report.BenchmarkCase.Parameters[nameof(CaseSuite.Name)]);
            var memory = report.GcStats;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {item.Work} | {item.ElementType} | {report.ResultStatistics!.Mean / 1e6:0.###} | {memory.Gen0Collections + memory.Gen1Collections + memory.Gen2Collections} | {memory.GetBytesAllocatedPerOperation(report.BenchmarkCase):#,0} |"));
        }
    }
}
