namespace VemKernels.Solvers.RandomSearch;

/// <summary>
/// Which alpha wins, for each target or for all: the best mean score over folds plus 1e-10 log(alpha), so that of equal
/// scores the larger alpha wins; or, conservatively, the largest alpha whose score beats the best one minus its
/// standard deviation over folds.
/// </summary>
internal sealed class AlphaSelection
{
    private const double TieSlope = 1e-10;

    private readonly double[] _alphas;
    private readonly double[] _slopes;
    private readonly double[] _scores;
    private readonly AlphaSkeleton _skeleton;

    public AlphaSelection(double[] alphas, AlphaSkeleton skeleton)
    {
        _alphas = alphas;
        _skeleton = skeleton;
        _slopes = Array.ConvertAll(alphas, Slope);
        _scores = new double[alphas.Length];
    }

    /// <summary>What is added to the score of an alpha.</summary>
    public static double Slope(double alpha) => TieSlope * Math.Log(alpha);

    /// <summary>The choice for all targets: scores and alphas.</summary>
    public (double[] Scores, double[] Alphas) Select(ScoreTable table, int targets, RandomSearchOptions options)
    {
        double[] scores = new double[targets];
        double[] chosen = new double[targets];
        int shared = options.LocalAlpha ? -1 : BestForAll(table, targets);
        for (int j = 0; j < targets; j++)
        {
            (int alpha, scores[j]) = options.LocalAlpha
                ? Best(table, j, options.Conservative)
                : (shared, Score(table, j, shared));
            chosen[j] = _alphas[alpha];
        }

        return (scores, chosen);
    }

    /// <summary>The best alpha of one target, and its score.</summary>
    public (int Alpha, double Score) Best(ScoreTable table, nint target, bool conservative)
    {
        Expand(table, target);
        int best = 0;
        for (int j = 1; j < _scores.Length; j++)
        {
            if (_scores[j] > _scores[best])
            {
                best = j;
            }
        }

        if (conservative)
        {
            // Rows of the table are those of the skeleton: alphas that are not to be used come last there.
            int row = Array.IndexOf(_skeleton.Skeleton, best);
            best = LargestWithin(_scores[best] - table.Deviations!.Value[row, target]);
        }

        return (best, _scores[best]);
    }

    /// <summary>The alpha with the best score averaged over targets.</summary>
    public int BestForAll(ScoreTable table, nint targets)
    {
        double[] sums = new double[_alphas.Length];
        for (nint target = 0; target < targets; target++)
        {
            Expand(table, target);
            for (int j = 0; j < sums.Length; j++)
            {
                sums[j] += _scores[j];
            }
        }

        return Array.IndexOf(sums, sums.Max());
    }

    /// <summary>The score of one alpha and target.</summary>
    public double Score(ScoreTable table, nint target, int alpha)
    {
        Expand(table, target);
        return _scores[alpha];
    }

    private void Expand(ScoreTable table, nint target)
    {
        MatrixView<double> means = table.Means;
        int[] skeleton = _skeleton.Skeleton;
        for (int j = 0; j < _scores.Length; j++)
        {
            double score = 0;
            for (int s = 0; s < skeleton.Length; s++)
            {
                score += _skeleton.Coefficients[s, j] * means[s, target];
            }

            _scores[j] = score + _slopes[j];
        }
    }

    private int LargestWithin(double toBeat)
    {
        int largest = -1;
        for (int j = 0; j < _scores.Length; j++)
        {
            if (_scores[j] > toBeat && (largest < 0 || _alphas[j] > _alphas[largest]))
            {
                largest = j;
            }
        }

        // A best score with no spread beats nothing, itself included: then, as in the reference, the largest alpha is
        // taken.
        return largest >= 0 ? largest : Array.IndexOf(_alphas, _alphas.Max());
    }
}
