using VemKernels.Solvers.Weighted;

namespace VemKernels.Solvers;

/// <summary>Weights of the samples' squared errors, a number a sample.</summary>
public static class SampleWeights
{
    /// <summary>Requires a finite weight of at least 0 a sample, not all of them 0; null passes.</summary>
    /// <param name="sampleWeights">The weights, or null for none.</param>
    /// <param name="samples">How many there must be.</param>
    /// <exception cref="ArgumentException">Another count, a weight that is not so, or nothing but zeros.</exception>
    public static void Require(IReadOnlyList<double>? sampleWeights, int samples)
    {
        if (sampleWeights is null)
        {
            return;
        }

        SolverArguments.RequireCount(sampleWeights.Count, samples, nameof(sampleWeights), "samples");
        for (int i = 0; i < samples; i++)
        {
            if (!(sampleWeights[i] >= 0) || !double.IsFinite(sampleWeights[i]))
            {
                throw new ArgumentException(
                    $"sampleWeights[{i}] is {sampleWeights[i]:G6}; expected a finite number, at least 0.",
                    nameof(sampleWeights));
            }
        }

        if (sampleWeights.All(weight => weight == 0))
        {
            throw new ArgumentException(
                $"All {samples} sampleWeights are 0; expected one over 0.", nameof(sampleWeights));
        }
    }
}
