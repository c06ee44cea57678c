using VemKernels.Simd;
using VemKernels.Solvers;

namespace VemKernels.Estimators.Tests;

/// <summary>A search of more candidates than anybody waits for begins at once, and costs memory as it goes.</summary>
public sealed class ManyIterationsTests
{
    private const int Iterations = 1_000_000;

    private const int Targets = 500;

    private const long ScoresBytes = (long)Iterations * Targets * sizeof(float);

    [TestCase(MultipleKernelSolver.RandomSearch)]
    [TestCase(MultipleKernelSolver.HyperGradient)]
    public void Scores_of_iterations_to_come_take_no_memory(MultipleKernelSolver solver)
    {
        using SimdBackend backend = new(threads: 1);
        RandomState random = new(3);
        using Matrix<float> first = Gaussian(random, 20, 3), second = Gaussian(random, 20, 2);
        using Matrix<float> Y = Gaussian(random, 20, Targets);
        using CancellationTokenSource cancellation = new();
        using MultipleKernelRidgeCV<float> model = new(
            backend,
            new()
            {
                Solver = solver,
                Search = new() { Alphas = [1] },
                Iterations = Iterations,
                Seed = 0,
                HyperGradient = new() { MaxIterations = Iterations, Seed = 0 },
            });
        CancelOnWork stop = new(cancellation);
        long before = Environment.WorkingSet;
        Assert.That(
            () => model.Fit(
                [first.View, second.View], new MatrixTargetSource<float>(Y.View), stop, cancellation.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(stop.WorkingSet - before, Is.LessThan(ScoresBytes / 2));
    }

    private static Matrix<float> Gaussian(RandomState random, int rows, int columns)
    {
        Matrix<float> matrix = new(rows, columns);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                matrix[i, j] = (float)random.Randn();
            }
        }

        return matrix;
    }

    /// <summary>Stops once candidates are being evaluated, and says how much memory was resident then.</summary>
    private sealed class CancelOnWork(CancellationTokenSource cancellation) : IProgress<FitProgress>
    {
        public long WorkingSet { get; private set; }

        public void Report(FitProgress value)
        {
            if (value.Fraction > 0)
            {
                WorkingSet = Environment.WorkingSet;
                cancellation.Cancel();
            }
        }
    }
}
