namespace VemKernels.Solvers.RandomSearch;

/// <summary>The best that the search has found so far, for each target.</summary>
internal sealed class SearchState
{
    public SearchState(int targets)
    {
        Scores = new double[targets];
        Candidates = new int[targets];
        Alphas = new double[targets];
        Array.Fill(Scores, double.NegativeInfinity);
        Array.Fill(Alphas, 1.0);
    }

    /// <summary>Best cross-validation score.</summary>
    public double[] Scores { get; }

    /// <summary>Its candidate.</summary>
    public int[] Candidates { get; }

    /// <summary>Its alpha.</summary>
    public double[] Alphas { get; }

    /// <summary>Which candidates some target chose.</summary>
    public IReadOnlySet<int> Chosen => new HashSet<int>(Candidates);

    /// <summary>
    /// Takes over a candidate where it is better by more than epsilon; with share, for all targets or none, by their
    /// mean.
    /// </summary>
    /// <param name="candidate">Its index.</param>
    /// <param name="scores">Its best score for each target.</param>
    /// <param name="alphas">The alpha that has it.</param>
    /// <param name="epsilon">The rounding of the data's type.</param>
    /// <param name="share">Whether all targets share one candidate.</param>
    public void Update(int candidate, double[] scores, double[] alphas, double epsilon, bool share)
    {
        bool all = share && scores.Average() > Scores.Average() + epsilon;
        for (int j = 0; j < scores.Length; j++)
        {
            if (share ? all : scores[j] > Scores[j] + epsilon)
            {
                Scores[j] = scores[j];
                Candidates[j] = candidate;
                Alphas[j] = alphas[j];
            }
        }
    }
}
