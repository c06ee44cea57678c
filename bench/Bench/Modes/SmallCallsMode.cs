using System.Diagnostics;
using System.Globalization;
using VemKernels.Simd;
using VemKernels.Solvers;

namespace VemKernels.Bench.Modes;

/// <summary>
/// Times small calls: what a call costs beyond its arithmetic. For each line read from standard input ("score",
/// "kernel_ridge", "kernel_ridge_cv", "random_search") answers with a line: the first decile of the call's time in
/// microseconds. bench/python_call.py starts it and times the same calls from Python.
/// </summary>
internal static class SmallCallsMode
{
    private const int Samples = 30;
    private const int Targets = 4;
    private const int Kernels = 2;
    private const int Features = 6;

    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(300);

    /// <summary>Until standard input ends.</summary>
    public static void Run()
    {
        Random random = new(0);
        using SimdBackend backend = new();
        using Matrix<double> responses = Fill(random, Samples, Targets);
        using Matrix<double> predictions = Fill(random, Samples, Targets);
        using Matrix<double> one = Matrix<double>.From(1, 1, [1.0]);
        using Matrix<double> candidates = DirichletSamples.Generate(3, Kernels, [0.1, 1.0], seed: 0);
        Matrix<double>[] stack = [.. Enumerable.Range(0, Kernels).Select(_ => Gram(Fill(random, Samples, Features)))];
        MatrixView<double>[] views = [.. stack.Select(kernel => kernel.View)];
        Fold[] folds = CrossValidationSplits.KFold(Samples, 5);

        Dictionary<string, Action> calls = new()
        {
            ["score"] = () => Scores.Of(backend, ScoreKind.R2, responses.View, predictions.View).Dispose(),
            ["kernel_ridge"] = () => KernelRidge.Solve(
                backend, views[0], new MatrixTargetSource<double>(responses.View), new KernelRidgeOptions()).Dispose(),
            ["kernel_ridge_cv"] = () => MultipleKernelRidge.Solve(
                backend, [views[0]], new MatrixTargetSource<double>(responses.View), one.View, folds,
                new RandomSearchOptions { Alphas = [1, 10], Weights = WeightKind.Dual }).Dispose(),
            ["random_search"] = () => MultipleKernelRidge.Solve(
                backend, views, new MatrixTargetSource<double>(responses.View), candidates.View, folds,
                new RandomSearchOptions { Alphas = [1, 10], Weights = WeightKind.Dual }).Dispose(),
        };

        while (Console.ReadLine() is { } name)
        {
            Action call = calls[name];
            for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Window; call())
            {
                // Compiled by the best tier before it counts.
            }

            List<double> times = [];
            for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Window;)
            {
                long before = Stopwatch.GetTimestamp();
                call();
                times.Add(Stopwatch.GetElapsedTime(before).TotalMicroseconds);
            }

            times.Sort();
            Console.WriteLine(times[times.Count / 10].ToString(CultureInfo.InvariantCulture));
        }

        Array.ForEach(stack, kernel => kernel.Dispose());
    }

    private static Matrix<double> Fill(Random random, int rows, int columns)
    {
        Matrix<double> matrix = new(rows, columns);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                matrix[i, j] = random.NextDouble() - 0.5;
            }
        }

        return matrix;
    }

    private static Matrix<double> Gram(Matrix<double> X)
    {
        Matrix<double> gram = new(X.Rows, X.Rows);
        for (nint i = 0; i < X.Rows; i++)
        {
            for (nint j = 0; j < X.Rows; j++)
            {
                for (nint k = 0; k < X.Columns; k++)
                {
                    gram[i, j] += X[i, k] * X[j, k];
                }
            }
        }

        X.Dispose();
        return gram;
    }
}
