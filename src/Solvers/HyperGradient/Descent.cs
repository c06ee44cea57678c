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
        using Refit<T>? refit = _options.Weights == WeightKind.None
            ? null
            : new Refit<T>(_backend, _problem, _plan, _kernels, Largest(), _inner, _cancellation);
        RandomState random = new(_problem.Seed);
        double[] starts = new double[(long)_problem.TargetCount * _problem.Kernels];
        random.Randn(starts);
        new TileLoop(_plan.Tile, _backend).Run(_problem.TargetCount, (first, count) =>
        {
            using TargetTiles<T>.Tile responses = tiles.Load(first, count);
            double[] ofTile = starts.AsSpan((int)first * _problem.Kernels, (int)count * _problem.Kernels).ToArray();
            using DescentTile<T> tile = new(
                _backend, first, responses.View, Doubles(initial.View.SliceColumns(first, count)), ofTile);
            Descend(tile, first, count, result);
            refit?.Run(first, responses.View, result, tiles.Means);
        }, _cancellation);

        _progress?.Report(new FitProgress("hyper-gradient", 1));
    }

    /// <summary>All iterations of a tile.</summary>
    private void Descend(DescentTile<T> tile, nint first, nint count, HyperGradientResult<T> result)
    {
        Begin(tile);
        int row = 0;
        for (int iteration = 0; iteration < _options.MaxIterations && tile.Count > 0; iteration++)
        {
            double[,] before = (double[,])tile.Deltas.Clone();
            for (int step = 0; step < _options.MaxInnerHyperIterations; step++)
            {
                Step(tile, iteration, first: step == 0, row, result, done =>
                {
                    double iterations = iteration + ((step + done) / _options.MaxInnerHyperIterations);
                    double share = (first + (count * iterations / _options.MaxIterations)) / _problem.TargetCount;
                    _progress?.Report(new FitProgress("hyper-gradient", share));
                });
                row++;
            }

            Record(tile, iteration + 1, row - 1, result);
            int[] moving = [.. Enumerable.Range(0, tile.Count).Where(j => Moves(before, tile.Deltas, j))];
            if (moving.Length < tile.Count)
            {
                tile.Keep(moving);
            }
        }
    }

    /// <summary>
    /// Memory for what is kept between iterations, and a start for the dual weights: the caller's, or zero.
    /// </summary>
    private void Begin(DescentTile<T> tile)
    {
        using DeviceMatrix<T>? given = GivenDual(tile.Targets[0], tile.Count);
        foreach (FoldSystem<T> system in _systems)
        {
            DeviceMatrix<T> dual = _backend.Allocate<T>(system.TrainCount, tile.Count);
            tile.Dual.Add(dual);
            if (given is null)
            {
                _backend.Fill(dual.View, 0);
            }
            else
            {
                _backend.GatherRows(given.View, system.Train, dual.View);
                system.Centre(dual.View);
            }

            if (_options.Method != HyperGradientMethod.Direct)
            {
                DeviceMatrix<T> solution = _backend.Allocate<T>(system.TrainCount, tile.Count);
                tile.Solutions.Add(solution);
                _backend.Fill(solution.View, 0);
            }
        }
    }

    private DeviceMatrix<T>? GivenDual(nint first, nint count)
    {
        if (_problem.Initial.Dual is not { } dual)
        {
            return null;
        }

        return Allocation.Of(_backend, dual.SliceColumns(first, count));
    }

    /// <summary>
    /// One step of the log weights; before the first of an iteration, the dual weights are brought up to date.
    /// </summary>
    private void Step(
        DescentTile<T> tile, int iteration, bool first, int row, HyperGradientResult<T> result, Action<double> report)
    {
        double tolerance = _problem.CgTolerance(iteration);
        bool firstDual = first && iteration == 0;
        double[,] gradient = new double[tile.Kernels, tile.Count];
        double[] steps = new double[tile.Count];
        double[] scores = new double[tile.Count];
        Array.Fill(steps, double.PositiveInfinity);
        using DeviceMatrix<T> expDeltas = tile.ExpDeltas();
        bool preconditions = firstDual || _options.Method == HyperGradientMethod.ConjugateGradient;
        TargetClusters? clusters = preconditions
            ? new(tile.Deltas, Largest(), _problem.Samples, _plan.MostClusters)
            : null;
        using CentreKernels<T>? centres = clusters is null ? null : new(_backend, _kernels.View, clusters.Centres);
        for (int f = 0; f < _systems.Count; f++)
        {
            _cancellation.ThrowIfCancellationRequested();
            FoldSystem<T> system = _systems[f];
            using Preconditioner<T>? preconditioner =
                clusters is null ? null : new(_backend, clusters, centres!, system, _cancellation);
            if (first)
            {
                using DeviceMatrix<T> Y = system.TrainTargets(tile.Y);
                DeviceView<T> dual = tile.Dual[f].View;
                if (firstDual)
                {
                    _inner.FirstDual(system, expDeltas.View, Y.View, dual, preconditioner!, tolerance);
                }
                else
                {
                    _inner.NextDual(system, expDeltas.View, tile.Deltas, _eigenvalues[f], Y.View, dual, tolerance);
                }
            }

            FoldGradient fold = FoldGradient.Compute(
                _backend, _inner, system, _options, tile, f, expDeltas.View, preconditioner, tolerance);
            double share = (double)system.ValidationCount / _problem.Samples;
            for (int j = 0; j < tile.Count; j++)
            {
                steps[j] = Math.Min(steps[j], fold.Steps[j]);
                scores[j] += fold.Scores[j] / _systems.Count;
                for (int i = 0; i < tile.Kernels; i++)
                {
                    gradient[i, j] += share * fold.Gradient[i, j];
                }
            }

            report((f + 1.0) / _systems.Count);
        }

        for (int j = 0; j < tile.Count; j++)
        {
            result.CvScores.View[row, tile.Targets[j]] = T.CreateTruncating(scores[j]);
            for (int i = 0; i < tile.Kernels; i++)
            {
                tile.Deltas[i, j] -= steps[j] * gradient[i, j];
                if (!T.IsFinite(T.CreateTruncating(Math.Exp(tile.Deltas[i, j]))))
                {
                    throw new ArithmeticException(
                        $"The log weight of kernel {i} and target {tile.Targets[j]} became"
                            + $"{tile.Deltas[i, j]:G6}: the descent diverged.");
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

    private bool Moves(double[,] before, double[,] after, int j)
    {
        if (_options.Tolerance is not { } tolerance)
        {
            return true;
        }

        for (int i = 0; i < before.GetLength(0); i++)
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

    private static double[,] Doubles(MatrixView<T> view)
    {
        double[,] values = new double[view.Rows, view.Columns];
        for (int i = 0; i < view.Rows; i++)
        {
            for (int j = 0; j < view.Columns; j++)
            {
                values[i, j] = double.CreateTruncating(view[i, j]);
            }
        }

        return values;
    }
}
