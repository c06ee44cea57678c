using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>Options of estimators that search for the weights of spaces or kernels too.</summary>
public record RandomSearchCVOptions : CrossValidatedOptions
{
    /// <summary>How many candidates are drawn, at least 1. The first is equal weights.</summary>
    public int Iterations { get; init; } = 100;

    /// <summary>
    /// Concentrations of the Dirichlet distributions that candidates are drawn from in turn; see
    /// <see cref="DirichletSamples.Generate"/>.
    /// </summary>
    public IReadOnlyList<double> Concentrations { get; init; } = DirichletSamples.DefaultConcentrations.ToArray();

    /// <summary>Seed of the candidates, 0 to 2^32 - 1; null for one from the operating system.</summary>
    public long? Seed { get; init; }

    /// <summary>Candidates to use instead of drawn ones: rows of weights, one a space.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? Gammas { get; init; }

    /// <summary>The candidates, candidates x spaces.</summary>
    internal Matrix<double> Candidates(int spaces)
    {
        if (Gammas is null)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(Iterations, 1);
            return Concentrations.Count > 0 ? RandomCandidates.Draw(Iterations, spaces, Seed, [.. Concentrations])
                : throw new ArgumentException(
                    "There is no concentration; expected at least one.", nameof(Concentrations));
        }

        foreach (IReadOnlyList<double> candidate in Gammas)
        {
            if (candidate.Count != spaces)
            {
                throw new ArgumentException(
                    $"A candidate has {candidate.Count} weights; there are {spaces} spaces.", nameof(Gammas));
            }
        }

        return Matrix<double>.From(Gammas.Count, spaces, [.. Gammas.SelectMany(candidate => candidate)]);
    }
}
