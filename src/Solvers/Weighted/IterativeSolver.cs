using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.Weighted;

/// <summary>
/// Kernel ridge by iteration: prepares the kernels, then solves a tile of targets at a time within the memory budget.
/// </summary>
internal sealed class IterativeSolver<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Tolerance of gradient descent, and of kernel ridge with one kernel, in the field's reference.</summary>
    public const double LooseTolerance = 1e-3;

    /// <summary>Tolerance of conjugate gradient with several kernels in the field's reference.</summary>
    public const double TightTolerance = 1e-4;

    private const int DefaultIterations = 100;
    private const int DefaultTerms = 10;

    private readonly IBackend _backend;
    private readonly DualProblem<T> _problem;
    private readonly WeightedKernelRidgeSolver _solver;
    private readonly IReadOnlyList<double> _neumannFactors;
    private readonly int _iterations;
    private readonly double _tolerance;

    /// <param name="backend">Where to compute.</param>
    /// <param name="problem">What to solve.</param>
    /// <param name="solver">How.</param>
    /// <param name="defaultTolerance">Where the options name none.</param>
    /// <param name="neumannFactors">For the Neumann series.</param>
    public IterativeSolver(
        IBackend backend, DualProblem<T> problem, WeightedKernelRidgeSolver solver, double defaultTolerance,
        IReadOnlyList<double> neumannFactors)
    {
        _backend = backend;
        _problem = problem;
        _solver = solver;
        _neumannFactors = neumannFactors;
        _iterations = problem.Options.MaxIterations
            ?? (solver == WeightedKernelRidgeSolver.NeumannSeries ? DefaultTerms : DefaultIterations);
        _tolerance = problem.Options.Tolerance ?? defaultTolerance;
    }

    public DualWeightsResult<T> Run(IProgress<FitProgress>? progress, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        int width = DualMemory.Tile(_backend, _problem, _problem.SharesKernel ? 1 : _problem.Kernels.Count);
        DualSolverOptions options = _problem.Options;
        using SampleScaling scaling = new(_backend, _problem.Samples, options.FitIntercept, options.SampleWeights);
        using PreparedKernels<T> kernels = new(_backend, _problem, scaling, cancellation);
        double[]? lipschitz = LipschitzOfKernels(kernels);
        SolutionColumns<T> targets = new(
            _backend, _problem.Targets, scaling, _problem.Samples, isDual: true, _problem.Weights);
        try
        {
            int[] iterations = new int[_problem.TargetCount];
            new TileLoop(width).Run(_problem.TargetCount, (start, columns) =>
            {
                int first = (int)start;
                int count = (int)columns;
                using DeviceMatrix<T> Y = targets.Load(first, count);
                using DeviceMatrix<T> solution = LoadStart(scaling, first, count);
                int[] taken = SolveTile(kernels, lipschitz, first, Y.View, solution.View, progress, cancellation);
                taken.CopyTo(iterations, first);
                targets.Store(
                    first, solution.View, kernels.Rows,
                    (i, j) => _problem.SharesKernel ? 1 : _problem.KernelWeight(i, j));
                progress?.Report(new FitProgress("dual weights", (double)(first + count) / _problem.TargetCount));
            }, cancellation);

            return new DualWeightsResult<T>(targets.OwnedWeights, targets.Intercept, iterations);
        }
        catch
        {
            targets.Dispose();
            throw;
        }
    }

    /// <summary>Where the solution of these targets starts: the caller's dual weights, or zeros.</summary>
    private DeviceMatrix<T> LoadStart(SampleScaling scaling, int first, int count) =>
        Allocation.Filled<T>(_backend, _problem.Samples, count, start =>
        {
            if (_problem.Initial is { } initial)
            {
                _backend.Upload(initial.SliceColumns(first, count), start);
                scaling.ToScaled(start);
            }
            else
            {
                _backend.Fill(start, 0);
            }
        });

    private int[] SolveTile(
        PreparedKernels<T> kernels, double[]? lipschitz, int first, DeviceView<T> Y, DeviceView<T> solution,
        IProgress<FitProgress>? progress, CancellationToken cancellation)
    {
        using DualTile<T> tile = new(_backend, _problem, kernels, first, solution);
        IDualIteration iteration = _solver switch
        {
            WeightedKernelRidgeSolver.ConjugateGradient =>
                new ConjugateGradient<T>(_backend, tile, Y, _problem.Initial is not null, _tolerance),
            WeightedKernelRidgeSolver.GradientDescent => new GradientDescent<T>(
                _backend, tile, Y, _problem.Options,
                lipschitz is null ? null : j => LipschitzOfTarget(tile, lipschitz, j), _tolerance),
            _ => new NeumannSeries<T>(_backend, tile, Y, _neumannFactors),
        };
        for (int step = 1; step <= _iterations && !tile.IsDone; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            iteration.Step();
            double targetsDone = first + ((double)Y.Columns * step / _iterations);
            progress?.Report(new FitProgress("dual weights", targetsDone / _problem.TargetCount));
        }

        tile.WriteSolution();
        return tile.Iterations;
    }

    /// <summary>
    /// Largest eigenvalue of each kernel; of their one sum where they are summed up and no constants are given.
    /// </summary>
    private double[]? LipschitzOfKernels(PreparedKernels<T> kernels)
    {
        if (_solver != WeightedKernelRidgeSolver.GradientDescent || _problem.Options.StepSizes is not null)
        {
            return null;
        }

        if (_problem.Options.LipschitzConstants is { } given)
        {
            return [.. given];
        }

        RandomState random = RandomState.FromSeed(_problem.Options.Seed);
        double[] largest = new double[kernels.Count];
        for (int i = 0; i < largest.Length; i++)
        {
            largest[i] = Math.Sqrt(
                LipschitzConstants.Estimate(_backend, kernels.Kernel(i), LipschitzProduct.XTX, random));
        }

        return largest;
    }

    private double LipschitzOfTarget(DualTile<T> tile, double[] ofKernels, int column)
    {
        bool ofSum = _problem.SharesKernel && _problem.Options.LipschitzConstants is null;
        return ofSum ? ofKernels[0] : ofKernels.Select((constant, i) => constant * tile.KernelWeight(i, column)).Sum();
    }
}
