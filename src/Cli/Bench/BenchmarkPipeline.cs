using VemKernels.Benchmark;
using VemKernels.Benchmark.Reports;
using VemKernels.Benchmark.Scoring;
using VemKernels.Benchmark.Workloads;
using VemKernels.Simd;

namespace VemKernels.Cli.Bench;

/// <summary>Runs the benchmark on some backends, one after the other.</summary>
/// <param name="catalog">The workloads.</param>
/// <param name="options">Which of them, and how to measure.</param>
/// <param name="progress">Told how far the work is.</param>
/// <param name="cancellation">Stops the work.</param>
internal sealed class BenchmarkPipeline(
    IReadOnlyList<Workload> catalog, BenchmarkOptions options, ProgressReporter progress,
    CancellationToken cancellation)
{
    /// <summary>Runs it.</summary>
    /// <param name="backends">Ids of backends; null for all that are present.</param>
    /// <param name="threads">Threads of the processor; 0 for one per core.</param>
    /// <exception cref="OptionException">
    /// No workload has the filter in its name, or there is no such backend.
    /// </exception>
    public BenchmarkReport Run(IReadOnlyList<string>? backends, int threads)
    {
        double? loadAverage = MachineLoad.Average(); // Before anything of ours runs.
        ReferenceMachine reference = ReferenceMachine.Load();
        BenchmarkRunner runner = new(catalog, reference, options);
        if (runner.Chosen.Count == 0)
        {
            throw new OptionException(
                $"--filter {options.Filter}",
                $"no workload has that in its name; they are {string.Join(", ", catalog.Select(work => work.Name))}");
        }

        DateTimeOffset date = DateTimeOffset.Now;
        List<BackendReport> reports = [];
        foreach (string id in backends ?? BackendFactory.Present)
        {
            using IBackend backend = BackendFactory.Create(id, threads);
            reports.Add(runner.Run(
                backend, BackendFactory.DriverOf(backend), progress.Begin($"benchmark {id}"), cancellation));
        }

        MachineInfo machine = MachineInfo.Here(Processor());
        MachineLoad load = new(loadAverage, reports.Select(report => report.Roofs.ProcessorShare).Min());
        return new(
            WorkloadCatalog.Version, options.Profile, options.Filter, date, reference.Name, machine, reports, load,
            [.. load.Warnings(machine.LogicalProcessors), .. reports.SelectMany(report => report.Warnings())],
            backends is null ? BackendFactory.LeftOut : []);
    }

    /// <summary>The processor's name, also where it was not measured.</summary>
    private static string Processor()
    {
        using SimdBackend processor = new(threads: 1);
        return processor.Info.Name;
    }
}
