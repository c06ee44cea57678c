using System.Numerics;
using VemKernels.Solvers.CrossValidation;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.RandomSearch;

/// <summary>
/// The random search: for each candidate one factorisation, cross-validation from it, selection; at the end a refit
/// grouped by candidate and alpha.
/// </summary>
internal static class RandomSearch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static RandomSearchResult<T> Run(
        IBackend backend, Problem<T> problem, IProgress<FitProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(backend);
        WorkPlan plan = WorkPlan.Make(problem, backend);
        ProgressMeter meter = new(progress, TotalWork(problem, plan), cancellation);
        if (problem.Options.CheckFinite)
        {
            meter.Enter("checks");
            CheckFinite(backend, problem);
        }

        meter.Enter(plan.UseFeatures ? "Gram matrix" : "kernels");
        cancellation.ThrowIfCancellationRequested();
        bool intercept = problem.Options.FitIntercept;
        using Design<T> design = plan.UseFeatures
            ? new FeatureDesign<T>(backend, problem.Inputs, intercept, cancellation)
            : new KernelDesign<T>(backend, problem.Inputs, intercept, plan.KeepKernels, cancellation)
            {
                Diagonalization = problem.Options.Diagonalization, Factoring = problem.Options.Factoring,
            };
        using TargetTiles<T> tiles = new(
            backend, problem.Targets, intercept, plan.KeepTargets, plan.Tile, cancellation);
        using FactorCache<T> cache = new(problem.Options.Weights == WeightKind.None ? 0 : plan.CachedFactors);

        RandomSearchResult<T> result = new(problem.Inputs.Spaces, problem.TargetCount, problem.Gammas.Rows)
        {
            HasDualWeights = problem.Options.Weights == WeightKind.Dual,
        };
        try
        {
            SearchState state = Search(backend, problem, plan, design, tiles, cache, meter, result, cancellation);
            WriteChoices(problem, state, result);
            if (problem.Options.Weights != WeightKind.None)
            {
                using Refit<T> refit = new(backend, problem, plan, design, tiles, cache, meter, cancellation);
                refit.Run(state, result);
            }

            meter.Finish();
            result.Timings = meter.Timings;
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    private static SearchState Search(
        IBackend backend, Problem<T> problem, WorkPlan plan, Design<T> design, TargetTiles<T> tiles,
        FactorCache<T> cache,
        ProgressMeter meter, RandomSearchResult<T> result, CancellationToken cancellation)
    {
        RandomSearchOptions options = problem.Options;
        SearchState state = new(problem.TargetCount);
        RandomState? jitter = options.JitterAlphas ? RandomState.FromSeed(options.Seed) : null;
        CandidateSearch<T> search = new(backend, problem, plan, design, tiles, cancellation);
        int candidates = (int)problem.Gammas.Rows;
        for (int first = 0; first < candidates;)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = candidates - first >= plan.CandidatesAtOnce ? plan.CandidatesAtOnce : 1;
            double[] factors = [..
                Enumerable.Range(0, count).Select(_ => jitter is null ? 1 : Math.Pow(10, jitter.Rand() - 0.5))];
            CandidateOutcome<T>[] outcomes = search.Evaluate(first, factors, meter);
            for (int i = 0; i < count; i++)
            {
                // In the order of the candidates, however they were evaluated: the first of two equal ones is kept.
                (double[] scores, double[] chosen, RoundedFactors<T>? rounded) = outcomes[i];
                if (rounded is not null)
                {
                    cache.Offer(first + i, rounded);
                }

                for (int j = 0; j < scores.Length; j++)
                {
                    T value = T.CreateTruncating(scores[j]);
                    result.CvScores.View[first + i, j] = value;
                    scores[j] = double.CreateTruncating(value);
                }

                state.Update(first + i, scores, chosen, Precision.Epsilon<T>(), problem.ShareCandidate);
            }

            first += count;
        }

        return state;
    }

    private static void WriteChoices(Problem<T> problem, SearchState state, RandomSearchResult<T> result)
    {
        for (int j = 0; j < problem.TargetCount; j++)
        {
            result.BestCandidates[j] = state.Candidates[j];
            result.BestAlphas.View[0, j] = T.CreateTruncating(state.Alphas[j]);
            for (int i = 0; i < problem.Inputs.Spaces; i++)
            {
                result.Deltas.View[i, j] = T.CreateTruncating(
                    Math.Log(problem.Gammas[state.Candidates[j], i] / state.Alphas[j]));
            }
        }
    }

    private static double TotalWork(Problem<T> problem, WorkPlan plan)
    {
        double alphas = problem.Options.Alphas.Count;
        double targets = problem.TargetCount;
        return (problem.Gammas.Rows * (plan.FactorWork + (alphas * (plan.SetupWork + (plan.TargetWork * targets)))))
            + (plan.RefitWork * targets);
    }

    private static void CheckFinite(IBackend backend, Problem<T> problem)
    {
        for (int i = 0; i < problem.Inputs.Spaces; i++)
        {
            if (problem.Inputs.KernelViews is { } kernels)
            {
                kernels[i].RequireFinite($"kernels[{i}]");
            }

            if (problem.Inputs.FeatureViews is { } features)
            {
                features[i].RequireFinite($"features[{i}]");
            }
        }

        FiniteCheck.Require(backend, problem.Targets, "targets");
    }
}
