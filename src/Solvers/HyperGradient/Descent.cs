using System.Numerics;
using VemKernels.Solvers.Designs;
using VemKernels.Solvers.RandomSearch;

namespace VemKernels.Solvers.HyperGradient;

/// <summary>
/// The descent, a tile of targets at a time: dual weights follow the log weights, log weights follow the
/// hyper-gradient; then the refit.
/// </summary>
internal sealed class Descent<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Decades of the alphas from which ridge with cross-validation takes the first log weights, and how many alphas.
    /// </summary>
    private const double LowestDecade = -10;
    private const double HighestDecade = 20;
    private const int RidgeAlphas = 30;

    /// <summary>
    /// A target leaves the descent when it moves by less than this share of the tolerance. The reference stops when all
    /// targets of a batch move less than the tolerance, so most of its targets go on for a while below it: alone, at
    /// the full tolerance, a target would stop earlier than there and end with a slightly worse score.
    /// </summary>
    internal const double RetirementShare = 0.1;

    private readonly IBackend _backend;
    private readonly DescentProblem<T> _problem;
    private readonly HyperGradientOptions _options;
    private readonly DescentPlan _plan;
    private readonly IProgress<FitProgress>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly KernelStack<T> _kernels;
    private readonly List<FoldSystem<T>> _systems = [];
    private readonly List<double[]> _eigenvalues = [];
    private readonly InnerProblem<T> _inner;
    private readonly FoldGradient<T> _fold;
    private readonly HostBuffer<double> _gradient = new();
    private readonly HostBuffer<double> _steps = new();
    private readonly HostBuffer<double> _scores = new();
    private readonly HostBuffer<double> _before = new();
    private int[] _moving = [];

    private Descent(
        IBackend backend, DescentProblem<T> problem, DescentPlan plan, IProgress<FitProgress>? progress,
        CancellationToken cancellation)
    {
        _backend = backend;
        _problem = problem;
        _options = problem.Options;
        _plan = plan;
        _progress = progress;
        _cancellation = cancellation;
        _inner = new InnerProblem<T>(backend, problem.Options, cancellation);
        _fold = new FoldGradient<T>(backend, _inner, problem.Options, problem.Kernels);
        _kernels = new KernelStack<T>(backend, problem.Inputs, problem.Options.FitIntercept);
    }

    public static HyperGradientResult<T> Run(
        IBackend backend, DescentProblem<T> problem, IProgress<FitProgress>? progress, CancellationToken cancellation)
    {
        DescentPlan plan = DescentPlan.Make(problem, backend);
        cancellation.ThrowIfCancellationRequested();
        problem.CheckFinite(backend);
        using Matrix<T> initial = InitialDeltas(backend, problem, cancellation);
        using Descent<T> descent = new(backend, problem, plan, progress, cancellation);
        HyperGradientResult<T> result = new(problem.Kernels, problem.TargetCount, problem.ScoreRows);
        try
        {
            descent.Run(initial, result);
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _systems.ForEach(system => system.Dispose());
        _kernels.Dispose();
        _fold.Dispose();
        _inner.Dispose();
        _gradient.Dispose();
        _steps.Dispose();
        _scores.Dispose();
        _before.Dispose();
    }

    private static Matrix<T> InitialDeltas(IBackend backend, DescentProblem<T> problem, CancellationToken cancellation)
    {
        if (problem.Initial.FromRidgeCV)
        {
            using Matrix<double> gammas = new(1, problem.Kernels);
            gammas.View.Fill(1.0 / problem.Kernels);
            RandomSearchOptions search = new()
            {
                Alphas =
                [
                    .. Enumerable.Range(0, RidgeAlphas).Select(i =>
                        Math.Pow(10, LowestDecade + ((HighestDecade - LowestDecade) * i / (RidgeAlphas - 1)))),
                ],
                FitIntercept = problem.Options.FitIntercept,
                Weights = WeightKind.None,
                Memory = problem.Options.Memory,
                CheckFinite = false,
            };
            using RandomSearchResult<T> ridge = MultipleKernelRidge.Solve(
                backend, problem.Inputs.KernelViews!, problem.Targets, gammas.View, problem.Folds, search,
                features: null, cancellation: cancellation);
            return Matrix<T>.From(ridge.Deltas.View);
        }

        if (problem.Initial.Deltas is { } given)
        {
            return Matrix<T>.From(given);
        }

        Matrix<T> constant = new(problem.Kernels, problem.TargetCount);
        constant.View.Fill(T.CreateTruncating(problem.Initial.Value));
        return constant;
    }

    private void Run(Matrix<T> initial, HyperGradientResult<T> result)
    {
        foreach (Fold fold in _problem.Folds)
        {
            FoldSystem<T> system = new(_backend, _kernels.View, fold.Train, fold.Validation, _options.FitIntercept);
            _systems.Add(system);
            _eigenvalues.Add(system.LargestEigenvalues(_problem.Seed));
        }

        using TargetTiles<T> tiles = new(
            _backend, _problem.Targets, _options.FitIntercept, keep: false, _plan.Tile, _cancellation);
        using ClusteredKernels<T> clustered = new(
            _backend, _kernels.View, Largest(), _plan.MostClusters, _cancellation);
        using Refit<T>? refit = _options.Weights == WeightKind.None
            ? null
            : new Refit<T>(_backend, _problem, _kernels, clustered, _inner, _cancellation);
        RandomState random = new(_problem.Seed);
        double[] starts = new double[(long)_problem.TargetCount * _problem.Kernels];
        random.Randn(starts);
        using DescentTile<T> tile = new(
            _backend, _problem.Samples, _systems, _options.Method != HyperGradientMethod.Direct, starts);
        new TileLoop(_plan.Tile, _backend).Run(_problem.TargetCount, (first, count) =>
        {
            using TargetTiles<T>.Tile responses = tiles.Load(first, count);
            try
            {
                tile.Begin(first, responses.View, initial.View.SliceColumns(first, count));
                BeginDual(tile);
                Descend(tile, clustered, first, count, result);
            }
            finally
            {
                tile.End();
            }

            refit?.Run(first, responses.View, result, tiles.Means);
        }, _cancellation);

        _progress?.Report(new FitProgress("hyper-gradient", 1));
    }

    /// <summary>All iterations of a tile.</summary>
    private void Descend(
        DescentTile<T> tile, ClusteredKernels<T> clustered, nint first, nint count, HyperGradientResult<T> result)
    {
        int row = 0;
        if (_moving.Length < count)
        {
            _moving = new int[count];
        }

        for (int iteration = 0; iteration < _options.MaxIterations && tile.Count > 0; iteration++)
        {
            MatrixView<double> before = _before.View(tile.Kernels, tile.Count);
            tile.Deltas.CopyTo(before);
            for (int step = 0; step < _options.MaxInnerHyperIterations; step++)
            {
                double done = iteration + ((double)step / _options.MaxInnerHyperIterations);
                Step(tile, clustered, iteration, first: step == 0, row, result, new Share(first, count, done));
                row++;
            }

            Record(tile, iteration + 1, row - 1, result);
            int moving = 0;
            for (int j = 0; j < tile.Count; j++)
            {
                if (Moves(before, tile.Deltas, j))
                {
                    _moving[moving++] = j;
                }
            }

            if (moving < tile.Count)
            {
                tile.Keep(_moving.AsSpan(0, moving));
            }
        }
    }

    /// <summary>A start for the dual weights: the caller's, or zero.</summary>
    private void BeginDual(DescentTile<T> tile)
    {
        using DeviceLease<T> given = GivenDual(tile.Targets[0], tile.Count);
        for (int f = 0; f < _systems.Count; f++)
        {
            DeviceView<T> dual = tile.Dual(f);
            if (given.IsHeld)
            {
                _backend.GatherRows(given.View, _systems[f].Train, dual);
                _systems[f].Centre(dual);
            }
            else
            {
                _backend.Fill(dual, 0);
            }
        }
    }

    private DeviceLease<T> GivenDual(nint first, nint count) => _problem.Initial.Dual is { } dual
        ? Rented.Of(_backend, dual.SliceColumns(first, count))
        : default;

    /// <summary>
    /// One step of the log weights; before the first of an iteration, the dual weights are brought up to date.
    /// </summary>
    private void Step(
        DescentTile<T> tile, ClusteredKernels<T> clustered, int iteration, bool first, int row,
        HyperGradientResult<T> result, Share share)
    {
        double tolerance = _problem.CgTolerance(iteration);
        bool firstDual = first && iteration == 0;
        MatrixView<double> gradient = _gradient.View(tile.Kernels, tile.Count);
        MatrixView<double> steps = _steps.View(1, tile.Count);
        MatrixView<double> scores = _scores.View(1, tile.Count);
        gradient.Fill(0);
        scores.Fill(0);
        steps.Fill(double.PositiveInfinity);
        using DeviceLease<T> expDeltas = tile.ExpDeltas();
        bool preconditions = firstDual || _options.Method == HyperGradientMethod.ConjugateGradient;
        using ClusteredKernels<T>? kernels = preconditions ? clustered.Of(tile.Deltas) : null;
        for (int f = 0; f < _systems.Count; f++)
        {
            _cancellation.ThrowIfCancellationRequested();
            FoldSystem<T> system = _systems[f];
            using Preconditioner<T>? preconditioner = kernels?.Preconditioner(system);
            if (first)
            {
                using DeviceLease<T> Y = system.TrainTargets(tile.Y);
                DeviceView<T> dual = tile.Dual(f);
                if (firstDual)
                {
                    _inner.FirstDual(system, expDeltas.View, Y.View, dual, preconditioner!, tolerance);
                }
                else
                {
                    _inner.NextDual(system, expDeltas.View, tile.Deltas, _eigenvalues[f], Y.View, dual, tolerance);
                }
            }

            _fold.Compute(system, tile, f, expDeltas.View, preconditioner, tolerance);
            double weight = (double)system.ValidationCount / _problem.Samples;
            for (int j = 0; j < tile.Count; j++)
            {
                steps[0, j] = Math.Min(steps[0, j], _fold.Steps[0, j]);
                scores[0, j] += _fold.Scores[0, j] / _systems.Count;
                for (int i = 0; i < tile.Kernels; i++)
                {
                    gradient[i, j] += weight * _fold.Gradient[i, j];
                }
            }

            Report(share, (f + 1.0) / _systems.Count);
        }

        Move(tile, gradient, steps, scores, row, result);
    }

    /// <summary>Tells how far the work is.</summary>
    /// <param name="share">The step.</param>
    /// <param name="done">How much of it.</param>
    private void Report(Share share, double done)
    {
        if (_progress is not null)
        {
            double iterations = share.Iterations + (done / _options.MaxInnerHyperIterations);
            double targets = share.First + (share.Count * iterations / _options.MaxIterations);
            _progress.Report(new FitProgress("hyper-gradient", targets / _problem.TargetCount));
        }
    }

    /// <summary>Moves the log weights down the gradient, and writes the scores where they were.</summary>
    private static void Move(
        DescentTile<T> tile, MatrixView<double> gradient, MatrixView<double> steps, MatrixView<double> scores, int row,
        HyperGradientResult<T> result)
    {
        MatrixView<double> deltas = tile.Deltas;
        for (int j = 0; j < tile.Count; j++)
        {
            result.CvScores.View[row, tile.Targets[j]] = T.CreateTruncating(scores[0, j]);
            for (int i = 0; i < tile.Kernels; i++)
            {
                deltas[i, j] -= steps[0, j] * gradient[i, j];
                if (!T.IsFinite(T.CreateTruncating(Math.Exp(deltas[i, j]))))
                {
                    throw new ArithmeticException(
                        $"The log weight of kernel {i} and target {tile.Targets[j]} became "
                            + $"{deltas[i, j]:G6}: the descent diverged.");
                }
            }
        }
    }

    /// <summary>Writes where the targets of a tile are now, as if they stopped here.</summary>
    private void Record(DescentTile<T> tile, int iterations, int row, HyperGradientResult<T> result)
    {
        for (int j = 0; j < tile.Count; j++)
        {
            int target = tile.Targets[j];
            result.Iterations[target] = iterations;
            for (int i = 0; i < tile.Kernels; i++)
            {
                result.Deltas.View[i, target] = T.CreateTruncating(tile.Deltas[i, j]);
            }

            for (int r = row + 1; r < _problem.ScoreRows; r++)
            {
                result.CvScores.View[r, target] = result.CvScores.View[row, target];
            }
        }
    }

    private bool Moves(MatrixView<double> before, MatrixView<double> after, int j)
    {
        if (_options.Tolerance is not { } tolerance)
        {
            return true;
        }

        for (int i = 0; i < before.Rows; i++)
        {
            // Minus infinity stays: its difference is NaN, which is not a move.
            if (Math.Abs(after[i, j] - before[i, j]) >= RetirementShare * tolerance)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The largest eigenvalue of each kernel over the folds.</summary>
    private double[] Largest() =>
        [.. Enumerable.Range(0, _problem.Kernels).Select(i => _eigenvalues.Max(values => values[i]))];

    /// <summary>Where a step begins: the tile, and iterations before it.</summary>
    private readonly record struct Share(nint First, nint Count, double Iterations);
}
