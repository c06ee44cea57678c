namespace VemKernels.Solvers;

/// <summary>
/// Candidates of a random search over the weights of spaces or kernels, drawn as himalaya draws them.
/// </summary>
public static class RandomCandidates
{
    /// <summary>
    /// Draws from Dirichlet distributions; the first candidate is equal weights instead of what was drawn.
    /// </summary>
    /// <param name="candidates">How many, at least 1.</param>
    /// <param name="spaces">How many spaces or kernels, at least 1.</param>
    /// <param name="seed">Seed, 0 to 2^32 - 1; null for one from the operating system.</param>
    /// <param name="concentrations">
    /// Used in turn, see <see cref="DirichletSamples.Generate"/>; empty: <see
    /// cref="DirichletSamples.DefaultConcentrations"/>.
    /// </param>
    /// <returns>candidates x spaces; each row is non-negative and sums to 1.</returns>
    /// <exception cref="ArgumentException">As of <see cref="DirichletSamples.Generate"/>.</exception>
    public static Matrix<double> Draw(
        int candidates, int spaces, long? seed, ReadOnlySpan<double> concentrations = default)
    {
        Matrix<double> gammas = DirichletSamples.Generate(
            candidates, spaces, concentrations.IsEmpty ? DirichletSamples.DefaultConcentrations : concentrations, seed);
        gammas.View.SliceRows(0, 1).Fill(1.0 / spaces);
        return gammas;
    }
}
