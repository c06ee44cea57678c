using System.Numerics;
using VemKernels.Solvers.CrossValidation;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.RandomSearch;

/// <summary>
/// Cross-validation of one candidate over all targets: finds which alphas are redundant on a sample of targets, then
/// evaluates the others tile by tile.
/// </summary>
internal sealed class CandidateScores<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Targets that redundancy is judged on, in blocks spread over all targets.</summary>
    private const int SampleTargets = 512;

    /// <summary>Targets, between those, that the judgement is checked on.</summary>
    private const int CheckTargets = 256;

    private const int BlockTargets = 64;

    /// <summary>Under this many targets, sampling costs more than it saves.</summary>
    private const int FewestTargets = 4 * (SampleTargets + CheckTargets);

    private const int FewestAlphas = 5;

    /// <summary>
    /// How much larger than the tolerance the error may be on targets that the skeleton was not chosen on.
    /// </summary>
    private const double CheckSlack = 10;

    private readonly IBackend _backend;
    private readonly Problem<T> _problem;
    private readonly WorkPlan _plan;
    private readonly TargetTiles<T> _tiles;
    private readonly ProgressMeter _meter;
    private readonly CancellationToken _cancellation;

    public CandidateScores(
        IBackend backend, Problem<T> problem, WorkPlan plan, TargetTiles<T> tiles, ProgressMeter meter,
        CancellationToken cancellation)
    {
        _backend = backend;
        _problem = problem;
        _plan = plan;
        _tiles = tiles;
        _meter = meter;
        _cancellation = cancellation;
    }

    private int Targets => _problem.TargetCount;

    private double Tolerance =>
        _problem.Options.RedundantAlphaTolerance ?? (typeof(T) == typeof(float) ? 1e-7 : 1e-11);

    /// <summary>Evaluates a candidate.</summary>
    /// <param name="factory">Sets up its evaluators.</param>
    /// <param name="factors">Its factorisation.</param>
    /// <param name="alphas">The grid, jittered or not.</param>
    /// <returns>The table of evaluated alphas, and how to expand it to all.</returns>
    public (ScoreTable Table, AlphaSkeleton Skeleton) Evaluate(
        EvaluatorFactory<T> factory, Factorisation factors, double[] alphas)
    {
        int[] usable = [.. Enumerable.Range(0, alphas.Length).Where(j => alphas[j] >= factors.UnusableBelow)];
        bool keepAll = _plan.AlphaBatch >= usable.Length;
        AlphaEvaluator<T>?[] ready = new AlphaEvaluator<T>?[alphas.Length];
        ScoreTable? table = null;
        try
        {
            AlphaSkeleton skeleton = AlphaSkeleton.Full(usable.Length);
            double predicted = _plan.TargetWork * Targets * usable.Length;
            if (Tolerance > 0 && Targets >= FewestTargets && usable.Length >= FewestAlphas && !_problem.Options.Conservative
                && _problem.Options.CustomScore is null)
            {
                skeleton = ChooseSkeleton(factory, alphas, usable, keepAll ? ready : null);
            }

            skeleton = skeleton.Among(usable, alphas.Length);
            int[] members = skeleton.Skeleton;
            table = new ScoreTable(members.Length, Targets, _problem.Options.Conservative);
            for (int j = 0; j < alphas.Length; j++)
            {
                if (!members.Contains(j))
                {
                    Release(ready, j);
                }
            }

            int evaluated = members.Count(j => alphas[j] >= factors.UnusableBelow);
            double workPerTarget = evaluated == 0 ? 0 : predicted / Targets / evaluated;
            for (int start = 0; start < members.Length; start += _plan.AlphaBatch)
            {
                EvaluateBatch(
                    factory, factors, alphas, members, start, Math.Min(members.Length, start + _plan.AlphaBatch), ready,
                    table, workPerTarget);
            }

            return (table, skeleton);
        }
        catch
        {
            table?.Dispose();
            throw;
        }
        finally
        {
            for (int j = 0; j < ready.Length; j++)
            {
                Release(ready, j);
            }
        }
    }

    private void EvaluateBatch(
        EvaluatorFactory<T> factory, Factorisation factors, double[] alphas, int[] members, int start, int end,
        AlphaEvaluator<T>?[] ready, ScoreTable table, double workPerTarget)
    {
        for (int s = start; s < end; s++)
        {
            int j = members[s];
            if (alphas[j] < factors.UnusableBelow)
            {
                table.SetAll(s, ScoreTable.Unusable);
                continue;
            }

            if (ready[j] is null)
            {
                ready[j] = Create(factory, alphas[j]);
            }
        }

        _meter.Enter("cross-validation");
        for (nint first = 0; first < Targets; first += _plan.Tile)
        {
            _cancellation.ThrowIfCancellationRequested();
            nint count = Math.Min(_plan.Tile, Targets - first);
            using TargetTiles<T>.Tile loaded = _tiles.Load(first, count);
            using TileData<T> tile = new(_backend, loaded.View);
            for (int s = start; s < end; s++)
            {
                if (ready[members[s]] is { } evaluator)
                {
                    _cancellation.ThrowIfCancellationRequested();
                    using Matrix<double> scores = Evaluate(evaluator, tile);
                    table.Set(s, first, scores.View, evaluator.Sign);
                    _meter.Add(workPerTarget * count);
                }
            }
        }

        for (int s = start; s < end; s++)
        {
            Release(ready, members[s]);
        }
    }

    /// <summary>
    /// Evaluates all usable alphas on a sample, picks the skeleton there and checks it on other targets; where the
    /// check fails, chooses again on both with a finer tolerance, and gives up interpolating if that fails too.
    /// </summary>
    private AlphaSkeleton ChooseSkeleton(
        EvaluatorFactory<T> factory, double[] alphas, int[] usable, AlphaEvaluator<T>?[]? keep)
    {
        int blocks = (SampleTargets + CheckTargets) / BlockTargets;
        int checkEvery = blocks * BlockTargets / CheckTargets;
        List<int> chosen = [];
        List<int> check = [];
        for (int b = 0; b < blocks; b++)
        {
            int first = (int)((long)b * (Targets - BlockTargets) / (blocks - 1));
            (b % checkEvery == checkEvery - 1 ? check : chosen).AddRange(Enumerable.Range(first, BlockTargets));
        }

        int[] sample = [.. chosen, .. check];
        double[,] scores = new double[sample.Length, usable.Length];
        using (TargetTiles<T>.Tile loaded = _tiles.Load(sample))
        {
            using TileData<T> tile = new(_backend, loaded.View);
            using ScoreTable table = new(usable.Length, sample.Length, withDeviations: false);
            for (int u = 0; u < usable.Length; u++)
            {
                AlphaEvaluator<T> evaluator = Create(factory, alphas[usable[u]]);
                if (keep is not null)
                {
                    keep[usable[u]] = evaluator;
                }

                using (Matrix<double> values = Evaluate(evaluator, tile))
                {
                    table.Set(u, 0, values.View, evaluator.Sign);
                }

                if (keep is null)
                {
                    evaluator.Dispose();
                }

                for (int i = 0; i < sample.Length; i++)
                {
                    scores[i, u] = table.Means[u, i];
                }
            }
        }

        AlphaSkeleton skeleton = AlphaSkeleton.Choose(Part(scores, 0, chosen.Count), Tolerance);
        double[,] checks = Part(scores, chosen.Count, check.Count);
        if (skeleton.Error(checks) <= CheckSlack * Tolerance)
        {
            return skeleton;
        }

        skeleton = AlphaSkeleton.Choose(scores, Tolerance / CheckSlack);
        return skeleton.Error(scores) <= CheckSlack * Tolerance ? skeleton : AlphaSkeleton.Full(usable.Length);
    }

    private AlphaEvaluator<T> Create(EvaluatorFactory<T> factory, double alpha)
    {
        _meter.Enter("set-up of folds");
        AlphaEvaluator<T> evaluator = factory.Create(alpha);
        try
        {
            _meter.Add(_plan.SetupWork);
            _meter.Enter("cross-validation");
            return evaluator;
        }
        catch (OperationCanceledException)
        {
            evaluator.Dispose();
            throw;
        }
    }

    private Matrix<double> Evaluate(AlphaEvaluator<T> evaluator, TileData<T> tile)
    {
        nint count = tile.Y.Columns;
        using DeviceMatrix<double> scores = _backend.Allocate<double>(evaluator.ScoreRows, count);
        evaluator.Evaluate(tile, scores.View);
        Matrix<double> host = Matrix<double>.Uninitialized(evaluator.ScoreRows, count);
        _backend.Download(scores.View, host.View);
        return host;
    }

    private static void Release(AlphaEvaluator<T>?[] ready, int j)
    {
        ready[j]?.Dispose();
        ready[j] = null;
    }

    private static double[,] Part(double[,] scores, int first, int count)
    {
        double[,] part = new double[count, scores.GetLength(1)];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < part.GetLength(1); j++)
            {
                part[i, j] = scores[first + i, j];
            }
        }

        return part;
    }
}
