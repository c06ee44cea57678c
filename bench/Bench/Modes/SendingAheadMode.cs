using System.Diagnostics;
using System.Globalization;
using VemKernels.Bench.Inputs;
using VemKernels.Data;
using VemKernels.Device;
using VemKernels.OpenCL;
using VemKernels.Solvers;

namespace VemKernels.Bench.Modes;

/// <summary>
/// What it gains to send the next tile of responses while one is computed on: kernel ridge with cross-validation on a
/// device that is made too small for its responses, with and without, in turn; prints a Markdown table.
/// </summary>
internal static class SendingAheadMode
{
    private const int Seed = 1;
    private const int Pairs = 5;
    private const int Samples = 500;
    private const int Targets = 120_000;
    private const int Folds = 5;
    private const long MegaByte = 1L << 20;

    /// <summary>Two thirds of what the responses take: they are read again for the weights.</summary>
    private const long DeviceBytes = 160 * MegaByte;

    private static readonly double[] Alphas = [1, 10, 100, 1000, 10_000];

    /// <summary>--backend opencl:0.</summary>
    public static void Run(Arguments arguments)
    {
        string id = arguments.Text("--backend") ?? "opencl:0";
        using TemporaryFolder inputs = new();
        using MappedNpy<float> kernel = new(
            inputs.Inputs.Require(SyntheticInputs.LinearKernels<float>(Samples, Samples / 2, 1, Seed)));
        string path = inputs.Inputs.Require(SyntheticInputs.Targets<float>(Samples, Samples / 2, Targets, Seed));
        using OpenClBackend ahead = Start(id, sendsAhead: true);
        using OpenClBackend inTurn = Start(id, sendsAhead: false);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Kernel ridge, {Samples} samples, {Targets} targets from a file ({Samples * (long)Targets * 4 / MegaByte} MiB, "
            + $"in the system's cache), {Alphas.Length} alphas, {Folds} folds, float32; {ahead.Info.Name} "
            + $"with {DeviceBytes / MegaByte} MiB. Medians of {Pairs} pairs; {MachineLoad.Describe()}."));
        Console.WriteLine();
        Fit(ahead, kernel, path);
        Fit(inTurn, kernel, path);
        double[] seconds = new double[Pairs];
        double[] ratios = new double[Pairs];
        for (int pair = 0; pair < Pairs; pair++)
        {
            seconds[pair] = Fit(ahead, kernel, path);
            ratios[pair] = Fit(inTurn, kernel, path) / seconds[pair];
        }

        Array.Sort(seconds);
        Array.Sort(ratios);
        Console.WriteLine("| sending ahead, s | tile after tile / sending ahead | all pairs |");
        Console.WriteLine("| ---: | ---: | --- |");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {seconds[Pairs / 2]:0.00} | {ratios[Pairs / 2]:0.00} | {ratios[0]:0.00} to {ratios[^1]:0.00} |"));
    }

    private static OpenClBackend Start(string id, bool sendsAhead)
    {
        OpenClDevice device = OpenClDevices.Find(id);
        DeviceLimits own = device.Limits;
        return new OpenClBackend(
            device,
            new OpenClOptions { SendsAhead = sendsAhead, Limits = own with { MemoryBytes = DeviceBytes } });
    }

    private static double Fit(IBackend backend, MappedNpy<float> kernel, string path)
    {
        using NpyTargetSource<float> targets = new(path);
        long start = Stopwatch.GetTimestamp();
        KernelRidgeCV.Solve(
            backend, kernel.View, targets, CrossValidationSplits.KFold(Samples, Folds),
            new RandomSearchOptions { Alphas = Alphas }).Dispose();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
