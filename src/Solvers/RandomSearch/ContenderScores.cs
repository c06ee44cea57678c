using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VemKernels.Solvers.CrossValidation;

namespace VemKernels.Solvers.RandomSearch;

/// <summary>
/// Cross-validation of one candidate where each target needs its best alpha only: a few skeleton alphas are evaluated
/// on all targets and
/// foretell the others (<see cref="AlphaForecast"/>); those that could win a target, its contenders, are evaluated on
/// it. Where an exact
/// score differs from its forecast by more than the margin, or skeleton scores are unlike any in the sample, a target
/// is evaluated at all
/// alphas.
/// </summary>
/// <param name="backend">Where to compute.</param>
/// <param name="problem">The search.</param>
/// <param name="plan">Its tiles and costs.</param>
/// <param name="tiles">The responses.</param>
/// <param name="evaluators">Of the candidate's usable alphas.</param>
/// <param name="buffer">For scores of a tile.</param>
/// <param name="alphas">The usable alphas.</param>
/// <param name="tolerance">Relative error up to which a foretold score counts as the score.</param>
/// <param name="meter">Told of the work.</param>
/// <param name="cancellation">Checked between alphas of a tile.</param>
internal sealed class ContenderScores<T>(
    IBackend backend, Problem<T> problem, WorkPlan plan, TargetTiles<T> tiles, EvaluatorSet<T> evaluators,
    ScoreBuffer<T> buffer, double[] alphas, double tolerance, ProgressMeter meter, CancellationToken cancellation)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The sample is this share of all targets, between bounds: its cost grows with all alphas.</summary>
    private const int TargetsPerSample = 24;

    private const int FewestSamples = 96;
    private const int MostSamples = 576;
    private const int SampleBlock = 16;

    /// <summary>
    /// A contender costs more than a target of the skeleton: it is gathered, and few targets at a time share a product.
    /// </summary>
    private const double ContenderPenalty = 1.5;

    private readonly bool _hasUnits = problem.Options.Score == ScoreKind.NegativeSquaredError;
    // Scores tend to -|y|^2 as alpha grows, which costs next to nothing and spares the skeleton its largest alpha; with
    // an intercept they tend to something else.
    private readonly bool _hasLimit = problem.SupportsTriangular && !problem.Options.FitIntercept;
    private readonly double[] _slopes = Array.ConvertAll(alphas, AlphaSelection.Slope);
    private readonly List<int>[] _wanted = Array.ConvertAll(alphas, _ => new List<int>());
    private readonly List<int> _doubtful = [];
    private AlphaForecast _forecast = null!;

    // A tile's, targets x columns: scores, foretold until they are known.
    private double[] _scores = [];
    private bool[] _known = [];
    private double[] _scales = [];

    /// <summary>Fewest targets for which a sample is worth it.</summary>
    public static int FewestTargets => 3 * FewestSamples;

    private int Count => alphas.Length;

    /// <summary>Alphas, and the limit after them.</summary>
    private int Columns => _hasLimit ? alphas.Length + 1 : alphas.Length;

    /// <summary>Finds each target's best score, and the alpha that has it.</summary>
    /// <param name="best">Scores, a target each.</param>
    /// <param name="chosen">Indices of usable alphas.</param>
    public void Run(double[] best, int[] chosen)
    {
        using LimitEvaluator<T>? limit = _hasLimit ? new(backend, problem.Folds) : null;
        _forecast = Forecast(limit);
        evaluators.PrepareFast([.. _forecast.Skeleton.Where(j => j < Count)]);
        AlphaEvaluator<T>[] skeleton = Array.ConvertAll(
            _forecast.Skeleton, j => j < Count ? evaluators.Fast(j) : limit!);
        TileData<T> data = new(backend);
        plan.Tiles.Run(problem.TargetCount, (first, count) =>
        {
            using TargetTiles<T>.Tile loaded = tiles.Load(first, count);
            using TileData<T> tile = data.Of(loaded.View);
            EvaluateSkeleton(tile, skeleton);
            FindContenders((int)count);
            EvaluateWanted(tile);
            WantDoubtful();
            EvaluateWanted(tile);
            Select((int)first, (int)count, best, chosen);
            meter.Add(plan.TargetWork * Count * count);
        }, cancellation);
    }

    /// <summary>All alphas on a sample, and what follows for the others.</summary>
    private AlphaForecast Forecast(LimitEvaluator<T>? limit)
    {
        int wanted = Math.Clamp(problem.TargetCount / TargetsPerSample, FewestSamples, MostSamples);
        SampleTargets sample = SampleTargets.Spread(problem.TargetCount, wanted, SampleBlock);
        double[,] scores = new double[sample.Targets.Length, Columns];
        evaluators.PrepareRough();
        TileData<T> data = new(backend);
        TileLoop loop = new(Math.Min(sample.Targets.Length, plan.Tiles.Width), backend);
        loop.Run(sample.Targets.Length, (first, count) =>
        {
            using TargetTiles<T>.Tile loaded = tiles.Load(sample.Targets.AsSpan((int)first, (int)count));
            using TileData<T> tile = data.Of(loaded.View);
            for (int j = 0; j < Columns; j++)
            {
                cancellation.ThrowIfCancellationRequested();
                ReadOnlySpan<double> means = buffer.Evaluate(j < Count ? evaluators.Rough(j) : limit!, tile);
                for (int i = 0; i < means.Length; i++)
                {
                    scores[first + i, j] = means[i];
                }
            }
        }, cancellation);

        double[] rounding = [.. Enumerable.Range(0, Columns).Select(j => j < Count ? evaluators.Rough(j).Rounding : 0)];
        int anchor = limit is null ? Array.IndexOf(alphas, alphas.Max()) : Count;
        return AlphaForecast.Choose(
            scores, sample.Judged, anchor, _hasUnits, rounding, tolerance,
            [.. Enumerable.Range(0, Columns).Select(j => j < Count ? SkeletonCost(j) : default)],
            [.. Enumerable.Range(0, Count).Select(ContenderCost)]);
    }

    /// <summary>
    /// What projecting a target takes, for the residual way alone: where the skeleton has no use for it, each gathered
    /// contender needs its own.
    /// </summary>
    private double Projections => plan.HasRoughWay && plan.Way != CrossValidationWay.Residual ? plan.ProjectionWork : 0;

    private ForecastCost SkeletonCost(int alpha) => evaluators.IsFastItself(alpha)
        ? new ForecastCost(0, plan.RoughCost.Target * problem.TargetCount, Projections * problem.TargetCount)
        : new ForecastCost(plan.SetupWork, plan.TargetWork * problem.TargetCount);

    private ForecastCost ContenderCost(int alpha)
    {
        double setup = evaluators.Rough(alpha).Rounding == 0 ? 0 : plan.SafeSetupWork;
        return new ForecastCost(
            setup, ((ContenderPenalty * plan.RoughCost.Target) + Projections) * problem.TargetCount);
    }

    private void EvaluateSkeleton(TileData<T> tile, AlphaEvaluator<T>[] skeleton)
    {
        int targets = (int)tile.Y.Columns;
        if (_scales.Length < targets)
        {
            _scores = new double[targets * Columns];
            _known = new bool[targets * Columns];
            _scales = new double[targets];
        }

        for (int s = 0; s < skeleton.Length; s++)
        {
            cancellation.ThrowIfCancellationRequested();
            ReadOnlySpan<double> means = buffer.Evaluate(skeleton[s], tile);
            for (int i = 0; i < means.Length; i++)
            {
                _scores[(i * Columns) + s] = means[i]; // Where FindContenders takes them from.
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FindContenders(int targets)
    {
        Span<double> skeletonScores = stackalloc double[_forecast.Skeleton.Length];
        _doubtful.Clear();
        foreach (List<int> wanted in _wanted)
        {
            wanted.Clear(); // A tile that is done again left some.
        }

        for (int i = 0; i < targets; i++)
        {
            Span<double> scores = _scores.AsSpan(i * Columns, Columns);
            Span<bool> known = _known.AsSpan(i * Columns, Columns);
            scores[..skeletonScores.Length].CopyTo(skeletonScores);
            double scale = _forecast.ScaleOf(skeletonScores, _hasUnits);
            _scales[i] = scale;
            _forecast.Predict(skeletonScores, scores);
            _forecast.Trusted.CopyTo(known);
            if (_forecast.IsStranger(skeletonScores, scale))
            {
                _doubtful.Add(i);
                continue;
            }

            double reach = _forecast.ToReach(scores, _slopes, scale);
            for (int j = 0; j < Count; j++)
            {
                if (!known[j] && scores[j] + _slopes[j] + _forecast.Margin(j, scale) >= reach)
                {
                    _wanted[j].Add(i);
                }
            }
        }
    }

    /// <summary>Evaluates the targets that each alpha is wanted for, and doubts those whose score was foretold
    /// wrong.</summary>
    private void EvaluateWanted(TileData<T> tile)
    {
        for (int j = 0; j < Count; j++)
        {
            List<int> wanted = _wanted[j];
            if (wanted.Count == 0)
            {
                continue;
            }

            cancellation.ThrowIfCancellationRequested();
            AlphaEvaluator<T> evaluator = evaluators.Exact(j);
            if (wanted.Count == tile.Y.Columns)
            {
                Take(j, buffer.Evaluate(evaluator, tile));
            }
            else
            {
                using TileData<T> some = tile.Gather(CollectionsMarshal.AsSpan(wanted));
                Take(j, buffer.Evaluate(evaluator, some));
            }

            wanted.Clear();
        }
    }

    private void Take(int alpha, ReadOnlySpan<double> means)
    {
        List<int> wanted = _wanted[alpha];
        for (int i = 0; i < means.Length; i++)
        {
            int target = wanted[i];
            int at = (target * Columns) + alpha;
            if (!(Math.Abs(means[i] - _scores[at]) <= _forecast.Margin(alpha, _scales[target])))
            {
                _doubtful.Add(target);
            }

            _scores[at] = means[i];
            _known[at] = true;
        }
    }

    /// <summary>Doubtful targets want all alphas that they have no exact score of.</summary>
    private void WantDoubtful()
    {
        _doubtful.Sort();
        for (int i = 0; i < _doubtful.Count; i++)
        {
            int target = _doubtful[i];
            if (i > 0 && target == _doubtful[i - 1])
            {
                continue;
            }

            for (int j = 0; j < Count; j++)
            {
                int at = (target * Columns) + j;
                if (!_known[at] || (_forecast.Trusted[j] && !_forecast.Skeleton.Contains(j)))
                {
                    _wanted[j].Add(target);
                }
            }
        }

        _doubtful.Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Select(int first, int targets, double[] best, int[] chosen)
    {
        for (int i = 0; i < targets; i++)
        {
            double highest = double.NegativeInfinity;
            for (int j = 0; j < Count; j++)
            {
                int at = (i * Columns) + j;
                double score = _scores[at] + _slopes[j];
                if (_known[at] && score > highest)
                {
                    highest = score;
                    chosen[first + i] = j;
                }
            }

            best[first + i] = highest;
        }
    }
}
