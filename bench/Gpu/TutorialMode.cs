using System.Diagnostics;
using VemKernels.Solvers;

namespace VemKernels.Gpu;

/// <summary>
/// Multiple-kernel ridge at the size of the field's tutorial: 3,600 samples, 84,000 targets, 2 kernels, 20 alphas, 12
/// folds, from kernels and responses in host memory to dual weights in host memory. Prints a line of JSON.
/// </summary>
internal static class TutorialMode
{
    private const int Samples = 3600;
    private const int Targets = 84_000;
    private const int Kernels = 2;
    private const int Alphas = 20;
    private const int Folds = 12;

    /// <summary>Features of each space: fewer than samples, as the tutorial's smaller space has.</summary>
    private const int Features = 1200;

    /// <summary>Runs the mode.</summary>
    public static void Run(Settings settings)
    {
        int n = settings.Size(Samples);
        int t = settings.Size(Targets);
        int p = settings.Size(Features);
        using IBackend backend = settings.Start();
        using Matrix<float> Y = HostNumbers.Fill<float>(n, t, 99);
        Matrix<float>[] kernels = [.. Enumerable.Range(0, Kernels).Select(i => Kernel(backend, n, p, (uint)i + 1, Y))];
        double[] alphas = [.. Enumerable.Range(0, Alphas).Select(i => Math.Pow(10, -5 + (10.0 * i / (Alphas - 1))))];
        Fold[] folds = CrossValidationSplits.KFold(n, settings.IsSmall ? 4 : Folds);
        Fit(backend, kernels, Y, alphas, folds, candidates: 1, "warm-up");
        Fit(backend, kernels, Y, alphas, folds, candidates: 1, "again");
        if (settings.Candidates > 1)
        {
            Fit(backend, kernels, Y, alphas, folds, settings.Candidates, "search");
        }

        Array.ForEach(kernels, kernel => kernel.Dispose());
    }

    private static void Fit(
        IBackend backend, Matrix<float>[] kernels, Matrix<float> Y, double[] alphas, Fold[] folds, int candidates,
        string run)
    {
        using Matrix<double> gammas = DirichletSamples.Generate(candidates, Kernels, DirichletSamples.DefaultConcentrations, seed: 0);
        long start = Stopwatch.GetTimestamp();
        using RandomSearchResult<float> result = MultipleKernelRidge.Solve(
            backend, [.. kernels.Select(kernel => kernel.View)], new MatrixTargetSource<float>(Y.View), gammas.View, folds,
            new RandomSearchOptions { Alphas = alphas, Memory = new MemoryBudget(long.MaxValue) });
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double mean = Enumerable.Range(0, (int)Y.Columns).Average(j => (double)result.CvScores[0, j]);
        JsonLine.Print(new
        {
            name = $"tutorial, {candidates} candidates", run, seconds, samples = (long)Y.Rows, targets = (long)Y.Columns,
            folds = folds.Length, meanScore = mean, stages = result.Timings.ToDictionary(stage => stage.Key, stage => stage.Value),
        });
    }

    /// <summary>
    /// X X' / p of random features, which also drive a part of the responses: Y += X B for few columns of B.
    /// </summary>
    private static Matrix<float> Kernel(IBackend backend, int n, int p, uint seed, Matrix<float> Y)
    {
        using Matrix<float> X = HostNumbers.Fill<float>(n, p, seed);
        using Matrix<float> B = HostNumbers.Fill<float>(p, Y.Columns, seed + 10);
        using DeviceMatrix<float> x = backend.Allocate<float>(n, p);
        using DeviceMatrix<float> b = backend.Allocate<float>(p, Y.Columns);
        using DeviceMatrix<float> y = backend.Allocate<float>(n, Y.Columns);
        using DeviceMatrix<double> wide = backend.Allocate<double>(n, p);
        using DeviceMatrix<double> gram = backend.Allocate<double>(n, n);
        backend.Upload(X.View, x.View);
        backend.Upload(B.View, b.View);
        backend.Upload(Y.View, y.View);
        backend.Gemm(1 / Math.Sqrt(p), x.View, b.View, 1, y.View);
        backend.Download(y.View, Y.View);
        backend.Copy(x.View, wide.View);
        backend.Syrk(1.0 / p, wide.View, 0, gram.View);
        using DeviceMatrix<float> rounded = backend.Allocate<float>(n, n);
        backend.Copy(gram.View, rounded.View);
        Matrix<float> kernel = new(n, n);
        backend.Download(rounded.View, kernel.View);
        return kernel;
    }
}
