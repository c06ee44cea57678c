using System.Globalization;
using VemKernels.Simd;
using VemKernels.Solvers;

namespace VemKernels.Bench.Modes;

/// <summary>
/// Peak memory of a random search over two kernels in float: what bench/peak_memory.py compares with the same search
/// from C and from Python. Prints two numbers of mebibytes: what the search added to the resident memory at its peak,
/// and the peak of the process.
/// </summary>
internal static class PeakMemoryMode
{
    private const int Kernels = 2;
    private const int Candidates = 4;
    private const int Folds = 5;

    /// <summary>Fits, once to warm up.</summary>
    /// <param name="arguments">samples, targets.</param>
    public static void Run(Arguments arguments)
    {
        using SimdBackend backend = new();
        Fit(backend, 100, 300);
        (long added, long peak) = Fit(
            backend, int.Parse(arguments.Positional(0), CultureInfo.InvariantCulture),
            int.Parse(arguments.Positional(1), CultureInfo.InvariantCulture));
        Console.WriteLine(FormattableString.Invariant($"{added / 1024.0:F1} {peak / 1024.0:F1}"));
    }

    private static (long Added, long Peak) Fit(SimdBackend backend, int samples, int targets)
    {
        using Matrix<float> kernels = new(Kernels * samples, samples);
        using Matrix<float> responses = new(samples, targets);
        using Matrix<float> weights = new(samples, targets);
        for (int i = 0; i < samples; i++)
        {
            for (int j = 0; j < samples; j++)
            {
                kernels[i, j] = 1.0f / (1 + Math.Abs(i - j));
                kernels[samples + i, j] = MathF.Exp(-Math.Abs(i - j) / 5.0f);
            }

            for (int j = 0; j < targets; j++)
            {
                responses[i, j] = ((i * 7919) + (j * 104729)) % 1009 / 504.5f - 1;
            }
        }

        weights.View.Fill(0);
        MatrixView<float>[] views =
            [.. Enumerable.Range(0, Kernels).Select(kernel => kernels.View.SliceRows(kernel * samples, samples))];
        using Matrix<double> gammas = DirichletSamples.Generate(Candidates, Kernels, [0.1, 1.0], seed: 0);
        Fold[] folds = CrossValidationSplits.KFold(samples, Folds);
        File.WriteAllText("/proc/self/clear_refs", "5"); // the peak starts again from what is resident now
        long before = Read("VmRSS");
        using RandomSearchResult<float> result = MultipleKernelRidge.Solve(
            backend, views, new MatrixTargetSource<float>(responses.View), gammas.View, folds,
            new RandomSearchOptions { Alphas = [0.1, 1, 10, 100], Weights = WeightKind.Dual }, weights: weights.View);
        long peak = Read("VmHWM");
        return (peak - before, peak);
    }

    /// <summary>A line of /proc/self/status, in KiB.</summary>
    private static long Read(string name)
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
    }
}
