using System.Diagnostics;
using System.Numerics;
using VemKernels.Solvers.CrossValidation;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.RandomSearch;

/// <summary>What cross-validation found of a candidate.</summary>
/// <param name="Scores">The best score of each target.</param>
/// <param name="Alphas">The alpha that has it.</param>
/// <param name="Factors">
/// The candidate's factorisation, for the refit; whoever takes the outcome disposes it. Null where each alpha has a
/// Cholesky factor of its own.
/// </param>
internal readonly record struct CandidateOutcome<T>(double[] Scores, double[] Alphas, RoundedFactors<T>? Factors)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>
/// Evaluates candidates: one after another with every operation on all threads, or, where they are small and memory
/// allows, a candidate a thread. Which it is changes no bit of the results.
/// </summary>
internal sealed class CandidateSearch<T>(
    IBackend backend, Problem<T> problem, WorkPlan plan, Design<T> design, TargetTiles<T> tiles,
    CancellationToken cancellation)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Evaluates candidates first, first + 1, ...</summary>
    /// <param name="first">The first.</param>
    /// <param name="alphaFactors">For each of them, what its alphas are multiplied by.</param>
    /// <param name="meter">Told of the work.</param>
    public CandidateOutcome<T>[] Evaluate(int first, double[] alphaFactors, ProgressMeter meter)
    {
        int count = alphaFactors.Length;
        if (count == 1)
        {
            return [EvaluateOne(first, alphaFactors[0], meter)];
        }

        CandidateOutcome<T>?[] outcomes = new CandidateOutcome<T>?[count];
        ProgressMeter[] meters = meter.Fork(count);
        Stopwatch watch = Stopwatch.StartNew();
        try
        {
            backend.ForEach(count, i => outcomes[i] = EvaluateOne(first + i, alphaFactors[i], meters[i]));
        }
        catch
        {
            foreach (CandidateOutcome<T>? outcome in outcomes)
            {
                outcome?.Factors?.Dispose();
            }

            throw;
        }

        meter.Join(meters, watch.Elapsed);
        return [.. outcomes.Select(outcome => outcome!.Value)];
    }

    private CandidateOutcome<T> EvaluateOne(int candidate, double alphaFactor, ProgressMeter meter)
    {
        cancellation.ThrowIfCancellationRequested();
        double[] gamma = problem.Candidate(candidate);
        double[] alphas = [.. problem.Options.Alphas.Select(alpha => alpha * alphaFactor)];

        meter.Enter("factorisation");
        using Factorisation factors = design.Factor(gamma, alphas.Min(), cancellation);
        RoundedFactors<T>? rounded =
            factors is SpectralFactorisation spectrum ? RoundedFactors<T>.From(backend, spectrum) : null;
        try
        {
            meter.Add(plan.FactorWork);
            CandidateScores<T> scorer = new(backend, problem, plan, tiles, meter, cancellation);
            using EvaluatorFactory<T> factory = new(
                problem, design, factors, rounded?.Q.View, gamma, plan.Way, cancellation);
            (double[] scores, double[] chosen) = scorer.Evaluate(factory, factors, alphas);
            return new CandidateOutcome<T>(scores, chosen, rounded);
        }
        catch
        {
            rounded?.Dispose();
            throw;
        }
    }
}
