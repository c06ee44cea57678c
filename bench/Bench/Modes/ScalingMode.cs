using System.Diagnostics;
using System.Globalization;
using VemKernels.Bench.Inputs;
using VemKernels.Data;
using VemKernels.Simd;
using VemKernels.Solvers;

namespace VemKernels.Bench.Modes;

/// <summary>
/// How the time of kernel ridge with cross-validation grows with each of its sizes, and what a fit allocates on the
/// managed heap; prints a Markdown table.
/// </summary>
internal static class ScalingMode
{
    private const int Seed = 1;
    private const int Repeats = 5;

    private static readonly Sizes Base = new(Samples: 400, Targets: 8000, Alphas: 10, Folds: 5);

    /// <summary>What grows, and what the work says of it (docs/algorithms.md).</summary>
    private static readonly Series[] All =
    [
        new("samples", "1.8 to 2.5: squares for targets, cubes for the set-up", [1, 2, 4], (sizes, by) => sizes with { Samples = sizes.Samples * by }),
        new("targets", "under 1: the set-up does not grow", [1, 2, 4, 8], (sizes, by) => sizes with { Targets = sizes.Targets * by }),
        new("alphas", "under 1: redundant alphas are interpolated", [1, 2, 4], (sizes, by) => sizes with { Alphas = sizes.Alphas * by }),
        new("folds", "about 0: one factorisation for all", [1, 2, 4], (sizes, by) => sizes with { Folds = sizes.Folds * by }),
    ];

    /// <summary>No arguments.</summary>
    public static void Run()
    {
        using TemporaryFolder inputs = new();
        using SimdBackend backend = new();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Kernel ridge, {Base.Samples} samples (half as many features), {Base.Targets} targets, {Base.Alphas} alphas from 1e-2 to 1e6, {Base.Folds} folds, float32; one size grows, the others stay. Medians of {Repeats}; {MachineLoad.Describe()}."));
        Console.WriteLine();
        Console.WriteLine("| grows | sizes | time, over that of the first | exponent seen | expected | managed KB a fit |");
        Console.WriteLine("| --- | --- | --- | ---: | --- | --- |");
        foreach (Series series in All)
        {
            Sizes[] sizes = [.. series.Factors.Select(by => series.Grow(Base, by))];
            (double Seconds, double Kilobytes)[] fits = [.. sizes.Select(size => Measure(backend, inputs.Inputs, size))];
            double exponent = Math.Log(fits[^1].Seconds / fits[0].Seconds) / Math.Log((double)series.Factors[^1] / series.Factors[0]);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {series.Name} | {string.Join(", ", sizes.Select(size => size.Of(series.Name)))} | {string.Join(", ", fits.Select(fit => (fit.Seconds / fits[0].Seconds).ToString("0.00", CultureInfo.InvariantCulture)))} | {exponent:0.00} | {series.Expected} | {string.Join(", ", fits.Select(fit => fit.Kilobytes.ToString("0", CultureInfo.InvariantCulture)))} |"));
        }
    }

    private static (double Seconds, double Kilobytes) Measure(SimdBackend backend, InputFolder inputs, Sizes sizes)
    {
        using MappedNpy<float> kernel = new(inputs.Require(SyntheticInputs.LinearKernels<float>(sizes.Samples, sizes.Samples / 2, 1, Seed)));
        using MappedNpy<float> targets = new(inputs.Require(SyntheticInputs.Targets<float>(sizes.Samples, sizes.Samples / 2, sizes.Targets, Seed)));
        RandomSearchOptions options = new()
        {
            Alphas = [.. Enumerable.Range(0, sizes.Alphas).Select(i => Math.Pow(10, -2 + (8.0 * i / (sizes.Alphas - 1))))],
        };
        double[] seconds = new double[Repeats];
        double kilobytes = 0;
        for (int run = -1; run < Repeats; run++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            long start = Stopwatch.GetTimestamp();
            KernelRidgeCV.Solve(
                backend, kernel.View, new MatrixTargetSource<float>(targets.View),
                CrossValidationSplits.KFold(sizes.Samples, sizes.Folds), options).Dispose();
            if (run >= 0)
            {
                seconds[run] = Stopwatch.GetElapsedTime(start).TotalSeconds;
                kilobytes = (GC.GetTotalAllocatedBytes(precise: true) - before) / 1e3;
            }
        }

        Array.Sort(seconds);
        return (seconds[Repeats / 2], kilobytes);
    }

    private sealed record Sizes(int Samples, int Targets, int Alphas, int Folds)
    {
        public int Of(string name) => name switch
        {
            "samples" => Samples,
            "targets" => Targets,
            "alphas" => Alphas,
            _ => Folds,
        };
    }

    private sealed record Series(string Name, string Expected, int[] Factors, Func<Sizes, int, Sizes> Grow);
}
