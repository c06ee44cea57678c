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
            using DualTile<T> tile = new(_backend, _problem, kernels);
            IDualIteration<T> iteration = Iteration(tile, lipschitz);
            Func<int, int, double> rowWeight = _problem.SharesKernel ? static (_, _) => 1 : _problem.KernelWeight;
            new TileLoop(width, _backend).Run(_problem.TargetCount, (start, columns) =>
            {
                int first = (int)start;
                int count = (int)columns;
                using DeviceLease<T> Y = targets.Load(first, count);
                using DeviceLease<T> solution = LoadStart(scaling, first, count);
                try
                {
                    tile.Begin(first, solution.View);
                    iteration.Begin(Y.View);
                    SolveTile(tile, iteration, first, progress, cancellation);
                    tile.Iterations.CopyTo(iterations.AsSpan(first));
                }
                finally
                {
                    tile.End();
                }

                targets.Store(first, solution.View, kernels.Rows, rowWeight);
                progress?.Report(new FitProgress("dual weights", (double)(first + count) / _problem.TargetCount));
            }, cancellation);

            return new DualWeightsResult<T>(targets.OwnedWeights, targets.Intercept, iterations);
        }
        catch
        {
            targets.Dispose();
            throw;
        }
        finally
        {
            targets.EndTiles();
        }
    }

    /// <summary>Where the solution of these targets starts: the caller's dual weights, or zeros. Dispose it.</summary>
    private DeviceLease<T> LoadStart(SampleScaling scaling, int first, int count)
    {
        DeviceLease<T> start = _backend.Rent<T>(_problem.Samples, count);
        try
        {
            if (_problem.Initial is { } initial)
            {
                _backend.Upload(initial.SliceColumns(first, count), start.View);
                scaling.ToScaled(start.View);
            }
            else
            {
                _backend.Fill(start.View, 0);
            }

            return start;
        }
        catch
        {
            start.Dispose();
            throw;
        }
    }

    private IDualIteration<T> Iteration(DualTile<T> tile, double[]? lipschitz) => _solver switch
    {
        WeightedKernelRidgeSolver.ConjugateGradient =>
            new ConjugateGradient<T>(_backend, tile, _problem.Initial is not null, _tolerance),
        WeightedKernelRidgeSolver.GradientDescent => new GradientDescent<T>(
            _backend, tile, _problem.Options, lipschitz is null ? null : j => LipschitzOfTarget(tile, lipschitz, j),
            _tolerance),
        _ => new NeumannSeries<T>(_backend, tile, _neumannFactors),
    };

    private void SolveTile(
        DualTile<T> tile, IDualIteration<T> iteration, int first, IProgress<FitProgress>? progress,
        CancellationToken cancellation)
    {
        for (int step = 1; step <= _iterations && !tile.IsDone; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            iteration.Step();
            double targetsDone = first + ((double)tile.Count * step / _iterations);
            progress?.Report(new FitProgress("dual weights", targetsDone / _problem.TargetCount));
        }

        tile.WriteSolution();
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
        if (ofSum)
        {
            return ofKernels[0];
        }

        double sum = 0;
        for (int i = 0; i < ofKernels.Length; i++)
        {
            sum += ofKernels[i] * tile.KernelWeight(i, column);
        }

        return sum;
    }
}
