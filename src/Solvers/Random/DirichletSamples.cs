namespace VemKernels.Solvers;

/// <summary>
/// Random candidates for the relative weights of kernels: points of the simplex, drawn from Dirichlet distributions.
/// </summary>
/// <remarks>
/// Random search for banded ridge: Dupre la Tour, Eickenberg, Nunez-Elizalde and Gallant, "Feature-space selection with
/// banded ridge regression", NeuroImage 264 (2022). A seed gives the candidates that himalaya draws from
/// it.
/// </remarks>
public static class DirichletSamples
{
    /// <summary>
    /// The concentrations that are used where none are named: one that favours single kernels, and the uniform one.
    /// </summary>
    public static ReadOnlySpan<double> DefaultConcentrations => [0.1, 1.0];

    /// <summary>Draws candidates that cycle through the concentrations.</summary>
    /// <param name="samples">How many candidates, at least 1.</param>
    /// <param name="kernels">How many kernels, at least 1.</param>
    /// <param name="concentrations">
    /// Concentration parameters over 0, the same for all kernels: 1 is uniform over the simplex, less favours few
    /// kernels, infinity is equal weights. Candidate i uses number i modulo the number of concentrations.
    /// </param>
    /// <param name="seed">Seed, 0 to 2^32 - 1; null for one from the operating system.</param>
    /// <returns>samples x kernels; each row is non-negative and sums to 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No samples, no kernels, or a seed out of range.</exception>
    /// <exception cref="ArgumentException">
    /// No concentration, or one that is not over 0 or too small to draw from.
    /// </exception>
    public static Matrix<double> Generate(int samples, int kernels, ReadOnlySpan<double> concentrations, long? seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(kernels, 1);
        if (concentrations.IsEmpty)
        {
            throw new ArgumentException("No concentration; expected at least one.", nameof(concentrations));
        }

        foreach (double concentration in concentrations)
        {
            if (!(concentration > 0.0))
            {
                throw new ArgumentException($"Concentration {concentration}; expected over 0.", nameof(concentrations));
            }
        }

        // Each concentration draws its candidates at once, the last ones even where they are not used: so does
        // himalaya.
        RandomState random = RandomState.FromSeed(seed);
        int perConcentration = 1 + ((samples - 1) / concentrations.Length);
        Matrix<double> gammas = Matrix<double>.Uninitialized(samples, kernels);
        for (int c = 0; c < concentrations.Length; c++)
        {
            using Matrix<double> drawn = Draw(random, concentrations[c], perConcentration, kernels);
            for (int i = 0; i < perConcentration; i++)
            {
                long candidate = ((long)i * concentrations.Length) + c;
                if (candidate < samples)
                {
                    drawn.View.RowSpan(i).CopyTo(gammas.View.RowSpan((nint)candidate));
                }
            }
        }

        return gammas;
    }

    private static Matrix<double> Draw(RandomState random, double concentration, int samples, int kernels)
    {
        if (double.IsPositiveInfinity(concentration))
        {
            Matrix<double> equal = Matrix<double>.Uninitialized(samples, kernels);
            equal.View.Fill(1.0 / kernels);
            return equal;
        }

        double[] alpha = new double[kernels];
        Array.Fill(alpha, concentration);
        Matrix<double> drawn = random.Dirichlet(alpha, samples);
        for (int i = 0; i < samples; i++)
        {
            foreach (double weight in drawn.View.RowSpan(i))
            {
                if (!double.IsFinite(weight))
                {
                    drawn.Dispose();
                    throw new ArgumentException(
                        $"Concentration {concentration} is too small for {kernels} kernels: a candidate underflows.",
                        
                        nameof(concentration));
                }
            }
        }

        return drawn;
    }
}
