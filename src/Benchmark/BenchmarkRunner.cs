using VemKernels.Benchmark.Checks;
using VemKernels.Benchmark.Reports;
using VemKernels.Benchmark.Roofs;
using VemKernels.Benchmark.Scoring;
using VemKernels.Benchmark.Workloads;

namespace VemKernels.Benchmark;

/// <summary>Runs workloads on a backend, checks and scores them.</summary>
/// <param name="catalog">The workloads; those that the options want are run.</param>
/// <param name="reference">The machine that scores 100.</param>
/// <param name="options">How to measure.</param>
internal sealed class BenchmarkRunner(
    IReadOnlyList<Workload> catalog, ReferenceMachine reference, BenchmarkOptions options)
{
    /// <summary>
    /// A workload that takes longer is measured <see cref="BenchmarkOptions.LongRuns"/> times.
    /// </summary>
    private const double LongSeconds = 1;

    /// <summary>A share of the peak above one by as much as measurements of the same work differ.</summary>
    private const double OverPeakShare = 1.05;

    /// <summary>A machine as the reference is, for predicting shares of the progress.</summary>
    private static readonly DeviceRoofs Typical = new(400e9, 200e9, 70e9);

    /// <summary>What making inputs and checking takes beside the work, in runs of it and in seconds.</summary>
    private const double OverheadRuns = 2;
    private const double OverheadSeconds = 0.3;

    private IReadOnlyList<Workload> OfProfile =>
        [.. catalog.Where(workload => workload.Quick || options.Profile == Profile.Full)];

    /// <summary>The workloads that the options want.</summary>
    public IReadOnlyList<Workload> Chosen => [.. OfProfile.Where(
        workload => options.Filter is null || workload.Name.Contains(options.Filter, StringComparison.Ordinal))];

    /// <summary>Runs them.</summary>
    /// <param name="backend">What to measure.</param>
    /// <param name="driver">Its driver; null for none.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellation">Stops it before the next run, or inside of a fit.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public BackendReport Run(
        IBackend backend, string? driver, IProgress<FitProgress>? progress, CancellationToken cancellation)
    {
        IReadOnlyList<Workload> workloads = Chosen;
        double all = workloads.Sum(PredictedSeconds), done = 0;
        progress?.Report(new("roofs", 0));
        DeviceRoofs roofs = DeviceRoofs.Measure(backend, options.BandwidthElements, cancellation);
        List<(Workload Workload, Measurement Measurement)> measured = [];
        foreach (Workload workload in workloads)
        {
            progress?.Report(new(workload.Name, done / all));
            measured.Add((workload, Measure(workload, backend, cancellation)));
            done += PredictedSeconds(workload);
        }

        // Once more: a roof measured while something else ran is too low.
        progress?.Report(new("roofs", 1));
        roofs = roofs.Max(DeviceRoofs.Measure(backend, options.BandwidthElements, cancellation));
        WorkloadResult[] results = [.. measured.Select(item => Result(item.Workload, item.Measurement, roofs))];
        string? obstacle = Score.Obstacle(results, workloads.Count == OfProfile.Count);
        if (obstacle is not null)
        {
            return new(backend.Info, driver, roofs, results, new Dictionary<string, double>(), null, obstacle);
        }

        (WorkloadGroup, double)[] ratios = [.. results.Select(result => (result.Group, result.OverReference!.Value))];
        return new(
            backend.Info, driver, roofs, results,
            Score.OfGroups(ratios).ToDictionary(group => $"{group.Key}", group => Score.OfReference * group.Value),
            Score.OfReference * Score.Overall(ratios), null);
    }

    /// <summary>Runs one workload. What the device cannot do, or has no memory for, is part of the result.</summary>
    private Measurement Measure(Workload workload, IBackend backend, CancellationToken cancellation)
    {
        try
        {
            using PreparedWorkload prepared = workload.Prepare(backend);
            List<Sample> samples = [Once(prepared, cancellation)];
            int runs = options.LongRuns;
            if (samples[0].Seconds < LongSeconds)
            {
                samples.Clear();
                runs = options.Runs;
            }

            while (samples.Count < runs)
            {
                samples.Add(Repeat(prepared, cancellation));
            }

            cancellation.ThrowIfCancellationRequested();
            return new(samples, prepared.Check(), null);
        }
        catch (Exception exception) when (
            exception is NotSupportedException or OutOfMemoryException or MemoryBudgetException)
        {
            return new([], [], exception.Message);
        }
        catch (ArithmeticException exception)
        {
            // The inputs are known to be good: a factorisation that refuses them, or a check that cannot be made of
            // what came back, is a wrong result.
            return new([], [new($"no result: {exception.Message}", 1, 0)], null);
        }
    }

    private Sample Repeat(PreparedWorkload prepared, CancellationToken cancellation)
    {
        Sample sum = new(0, 0);
        int count = 0;
        do
        {
            Sample once = Once(prepared, cancellation);
            sum = new(sum.Seconds + once.Seconds, sum.ProcessorSeconds + once.ProcessorSeconds);
            count++;
        }
        while (sum.Seconds < options.SecondsOfMeasurement);

        return new(sum.Seconds / count, sum.ProcessorSeconds / count);
    }

    private static Sample Once(PreparedWorkload prepared, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        double seconds = prepared.Time(cancellation);
        return new(seconds, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
    }

    private double PredictedSeconds(Workload workload) => OverheadSeconds
        + ((options.Runs + OverheadRuns)
            * (Typical.ArithmeticFloor(workload.Cost) + Typical.MemoryFloor(workload.Cost)));

    private WorkloadResult Result(Workload workload, Measurement measurement, DeviceRoofs roofs)
    {
        WorkloadResult result = new()
        {
            Name = workload.Name,
            Group = workload.Group,
            Description = workload.Description,
            ElementType = workload.ElementType,
            Unit = workload.Unit,
            Flops = workload.Cost.SingleFlops + workload.Cost.DoubleFlops,
            Bytes = workload.Cost.Bytes,
            Samples = measurement.Samples,
            Checks = measurement.Checks,
            Failure = measurement.Failure,
        };
        if (measurement.Samples.Count == 0)
        {
            return result;
        }

        double median = Median([.. measurement.Samples.Select(sample => sample.Seconds)]);
        double rate = workload.Amount / median;
        double arithmetic = roofs.ArithmeticFloor(workload.Cost), memory = roofs.MemoryFloor(workload.Cost);
        double share = Math.Max(arithmetic, memory) / median;
        return result with
        {
            MedianSeconds = median,
            Rate = rate,
            ShareOfPeak = share,
            OverPeak = workload.CostIsLeast && share > OverPeakShare,
            BoundBy = arithmetic >= memory ? Bound.Compute : Bound.Memory,
            OverReference = rate / reference.RateOf(workload.Name),
        };
    }

    private static double Median(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private sealed record Measurement(
        IReadOnlyList<Sample> Samples, IReadOnlyList<CheckResult> Checks, string? Failure);
}
