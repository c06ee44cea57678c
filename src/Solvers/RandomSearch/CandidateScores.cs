using System.Numerics;
using VemKernels.Solvers.CrossValidation;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.RandomSearch;

/// <summary>
/// Cross-validation of one candidate over all targets. Where each target needs its best alpha only, by contenders;
/// where all alphas matter
/// (one for all targets, a conservative choice, a caller's own score, little memory), finds which alphas are redundant
/// on a sample of
/// targets, where that is allowed, then evaluates the others tile by tile.
/// </summary>
internal sealed class CandidateScores<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Targets that redundancy is judged on and then checked on, at most: in blocks spread over all targets.
    /// </summary>
    private const int MostSamples = 768;

    /// <summary>The same at least; the judgement still has many times more targets than alphas.</summary>
    private const int FewestSamples = 384;

    private const int BlockTargets = 64;

    /// <summary>Under this many targets a sample, sampling costs more than it saves.</summary>
    private const int FewestTargetsPerSample = 2;

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

    /// <summary>Evaluates a candidate: the best score of each target, and the alpha that has it.</summary>
    /// <param name="factory">Sets up its evaluators.</param>
    /// <param name="factors">Its factorisation.</param>
    /// <param name="alphas">The grid, jittered or not.</param>
    public (double[] Scores, double[] Alphas) Evaluate(
        EvaluatorFactory<T> factory, Factorisation factors, double[] alphas)
    {
        int[] usable = [.. Enumerable.Range(0, alphas.Length).Where(j => alphas[j] >= factors.UnusableBelow)];
        bool interpolates = Tolerance > 0 && usable.Length >= FewestAlphas && !_problem.Options.Conservative
            && _problem.Options.CustomScore is null;
        return interpolates && !_problem.NeedsAllAlphas && usable.Length == alphas.Length && _plan.HoldsAllAlphas
            && Targets >= ContenderScores<T>.FewestTargets
            ? EvaluateContenders(factory, alphas)
            : EvaluateGrid(factory, factors, alphas, usable, interpolates);
    }

    private (double[] Scores, double[] Alphas) EvaluateContenders(EvaluatorFactory<T> factory, double[] alphas)
    {
        using EvaluatorSet<T> evaluators = new(_backend, _plan, factory, alphas, _meter);
        using ScoreBuffer<T> buffer = new(_backend);
        ContenderScores<T> contenders = new(
            _backend, _problem, _plan, _tiles, evaluators, buffer, alphas, CheckSlack * Tolerance, _meter,
            _cancellation);
        double[] scores = new double[Targets];
        int[] chosen = new int[Targets];
        contenders.Run(scores, chosen);
        return (scores, Array.ConvertAll(chosen, j => alphas[j]));
    }

    private (double[] Scores, double[] Alphas) EvaluateGrid(
        EvaluatorFactory<T> factory, Factorisation factors, double[] alphas, int[] usable, bool interpolates)
    {
        bool keepAll = _plan.AlphaBatch >= usable.Length;
        AlphaEvaluator<T>?[] ready = new AlphaEvaluator<T>?[alphas.Length];
        using ScoreBuffer<T> buffer = new(_backend);
        try
        {
            AlphaSkeleton skeleton = AlphaSkeleton.Full(usable.Length);
            double predicted = _plan.TargetWork * Targets * usable.Length;
            if (interpolates && Targets >= FewestTargetsPerSample * FewestSamples)
            {
                skeleton = ChooseSkeleton(factory, alphas, usable, keepAll ? ready : null, buffer);
            }

            skeleton = skeleton.Among(usable, alphas.Length);
            int[] members = skeleton.Skeleton;
            using ScoreTable table = new(members.Length, Targets, _problem.Options.Conservative);
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
                    table, workPerTarget, buffer);
            }

            return new AlphaSelection(alphas, skeleton).Select(table, Targets, _problem.Options);
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
        AlphaEvaluator<T>?[] ready, ScoreTable table, double workPerTarget, ScoreBuffer<T> buffer)
    {
        List<int> missing = [];
        for (int s = start; s < end; s++)
        {
            int j = members[s];
            if (alphas[j] < factors.UnusableBelow)
            {
                table.SetAll(s, ScoreTable.Unusable);
            }
            else if (ready[j] is null)
            {
                missing.Add(j);
            }
        }

        Create(factory, alphas, missing, ready);
        TileData<T> data = new(_backend);
        _plan.Tiles.Run(Targets, (first, count) =>
        {
            using TargetTiles<T>.Tile loaded = _tiles.Load(first, count);
            using TileData<T> tile = data.Of(loaded.View);
            for (int s = start; s < end; s++)
            {
                if (ready[members[s]] is { } evaluator)
                {
                    _cancellation.ThrowIfCancellationRequested();
                    table.Set(s, first, buffer.EvaluateFolds(evaluator, tile), evaluator.Sign);
                    _meter.Add(workPerTarget * count);
                }
            }
        }, _cancellation);

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
        EvaluatorFactory<T> factory, double[] alphas, int[] usable, AlphaEvaluator<T>?[]? keep, ScoreBuffer<T> buffer)
    {
        int samples = Math.Clamp(Targets / (2 * FewestTargetsPerSample), FewestSamples, MostSamples);
        SampleTargets spread = SampleTargets.Spread(Targets, samples, BlockTargets);
        int[] sample = spread.Targets;
        int judged = spread.Judged;
        double[,] scores = new double[sample.Length, usable.Length];
        AlphaEvaluator<T>?[] made = keep ?? new AlphaEvaluator<T>?[alphas.Length];
        try
        {
            TileData<T> data = new(_backend);
            new TileLoop(sample.Length, _backend).Run(sample.Length, (first, count) =>
            {
                using TargetTiles<T>.Tile loaded = _tiles.Load(sample.AsSpan((int)first, (int)count));
                using TileData<T> tile = data.Of(loaded.View);
                int step = keep is null ? _plan.SetupsAtOnce : usable.Length;
                for (int start = 0; start < usable.Length; start += step)
                {
                    int end = Math.Min(usable.Length, start + step);
                    Create(factory, alphas, usable[start..end], made);
                    for (int u = start; u < end; u++)
                    {
                        ReadOnlySpan<double> means = buffer.Evaluate(made[usable[u]]!, tile);
                        for (int i = 0; i < means.Length; i++)
                        {
                            scores[first + i, u] = means[i];
                        }

                        if (keep is null)
                        {
                            Release(made, usable[u]);
                        }
                    }
                }
            }, _cancellation);
        }
        finally
        {
            for (int j = 0; j < made.Length && keep is null; j++)
            {
                Release(made, j);
            }
        }

        AlphaSkeleton skeleton = AlphaSkeleton.Choose(Part(scores, 0, judged), Tolerance);
        double[,] checks = Part(scores, judged, sample.Length - judged);
        if (skeleton.Error(checks) <= CheckSlack * Tolerance)
        {
            return skeleton;
        }

        skeleton = AlphaSkeleton.Choose(scores, Tolerance / CheckSlack);
        return skeleton.Error(scores) <= CheckSlack * Tolerance ? skeleton : AlphaSkeleton.Full(usable.Length);
    }

    /// <summary>Sets up the alphas of some indices, into made, where they are not set up yet.</summary>
    private void Create(
        EvaluatorFactory<T> factory, double[] alphas, IReadOnlyList<int> wanted, AlphaEvaluator<T>?[] made)
    {
        int[] indices = [.. wanted.Where(j => made[j] is null)];
        _meter.Enter("set-up of folds");
        for (int start = 0; start < indices.Length; start += _plan.SetupsAtOnce)
        {
            int first = start;
            int count = Math.Min(_plan.SetupsAtOnce, indices.Length - start);
            _backend.ForEach(count, i =>
            {
                int j = indices[first + i];
                made[j] = factory.Create(alphas[j]);
                _meter.Add(_plan.SetupWork);
            });
        }

        _meter.Enter("cross-validation");
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
