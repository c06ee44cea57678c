using System.Diagnostics;
using System.Globalization;
using VemKernels;
using VemKernels.Data;
using VemKernels.Simd;
using VemKernels.Solvers;

// Fits hyper-gradient descent with himalaya's defaults to kernels and responses from .npy files, once for each line read from
// standard input, and answers with a line: seconds, mean final score. bench/hyper_gradient.py starts it.
if (args.Length != 3)
{
    Console.Error.WriteLine("usage: HyperGradient KERNELS.npy RESPONSES.npy ITERATIONS");
    return 2;
}

int iterations = int.Parse(args[2], CultureInfo.InvariantCulture);
using Matrix<float> Y = NpyFile.Read<float>(args[1]);
using NpyArray stack = NpyFile.Open(args[0]);
Matrix<float>[] kernels = [.. Enumerable.Range(0, (int)stack.Shape[0]).Select(i => stack.ToMatrix<float>(i))];
Fold[] folds = CrossValidationSplits.KFold((int)Y.Rows, 5);
HyperGradientOptions options = new() { MaxIterations = iterations, Seed = 0 };
using SimdBackend backend = new();
while (Console.ReadLine() is not null)
{
    long start = Stopwatch.GetTimestamp();
    using HyperGradientResult<float> fit = HyperGradientDescent.Solve(
        backend, [.. kernels.Select(kernel => kernel.View)], new MatrixTargetSource<float>(Y.View), folds, options);
    double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
    double score = Enumerable.Range(0, (int)Y.Columns).Average(j => fit.CvScores[iterations - 1, j]);
    Console.WriteLine(FormattableString.Invariant($"{seconds} {score}"));
}

foreach (Matrix<float> kernel in kernels)
{
    kernel.Dispose();
}

return 0;
