namespace VemKernels.Solvers.RandomSearch;

/// <summary>
/// Interpolative decomposition of the scores of a grid of alphas (Cheng, Gimbutas, Martinsson and Rokhlin, SIAM J. Sci.
/// Comput. 26(4), 2005): a few skeleton alphas, and coefficients that give the scores of all others. Scores are, per
/// target, smooth functions of alpha, so the columns of a targets x alphas matrix are numerically dependent.
/// </summary>
internal sealed class AlphaSkeleton
{
    private AlphaSkeleton(int[] skeleton, double[,] coefficients)
    {
        Skeleton = skeleton;
        Coefficients = coefficients;
    }

    /// <summary>Indices of the alphas that are evaluated.</summary>
    public int[] Skeleton { get; }

    /// <summary>Skeleton x alphas: score(j) = sum_s Coefficients(s, j) score(Skeleton(s)).</summary>
    public double[,] Coefficients { get; }

    /// <summary>All alphas evaluated, none interpolated.</summary>
    public static AlphaSkeleton Full(int alphas)
    {
        double[,] identity = new double[alphas, alphas];
        for (int j = 0; j < alphas; j++)
        {
            identity[j, j] = 1;
        }

        return new AlphaSkeleton([.. Enumerable.Range(0, alphas)], identity);
    }

    /// <summary>
    /// Pivoted QR of the scores, targets x alphas, columns scaled to unit norm, down to the tolerance.
    /// </summary>
    public static AlphaSkeleton Choose(double[,] scores, double tolerance)
    {
        PivotedColumns pivots = new(scores, scores.GetLength(0), PivotedColumns.UnitNorms(scores), first: -1);
        while (pivots.Largest > tolerance && pivots.Advance())
        {
        }

        return new AlphaSkeleton(pivots.Chosen, pivots.Coefficients());
    }

    /// <summary>
    /// The same skeleton when only some alphas of a longer grid took part: the others are skeleton members that stand
    /// for themselves.
    /// </summary>
    public AlphaSkeleton Among(ReadOnlySpan<int> members, int alphas)
    {
        int[] position = new int[alphas];
        Array.Fill(position, -1);
        for (int i = 0; i < members.Length; i++)
        {
            position[members[i]] = i;
        }

        int[] others = [.. Enumerable.Range(0, alphas).Where(j => position[j] < 0)];
        int[] skeleton = new int[Skeleton.Length + others.Length];
        double[,] coefficients = new double[skeleton.Length, alphas];
        for (int s = 0; s < Skeleton.Length; s++)
        {
            skeleton[s] = members[Skeleton[s]];
            for (int i = 0; i < members.Length; i++)
            {
                coefficients[s, members[i]] = Coefficients[s, i];
            }
        }

        for (int i = 0; i < others.Length; i++)
        {
            skeleton[Skeleton.Length + i] = others[i];
            coefficients[Skeleton.Length + i, others[i]] = 1;
        }

        return new AlphaSkeleton(skeleton, coefficients);
    }

    /// <summary>The largest error of interpolation over targets and alphas, relative to the largest score.</summary>
    public double Error(double[,] scores)
    {
        double worst = 0;
        double largest = 0;
        double[] row = new double[scores.GetLength(1)];
        for (int i = 0; i < scores.GetLength(0); i++)
        {
            for (int j = 0; j < row.Length; j++)
            {
                double value = 0;
                for (int s = 0; s < Skeleton.Length; s++)
                {
                    value += Coefficients[s, j] * scores[i, Skeleton[s]];
                }

                worst = Math.Max(worst, Math.Abs(value - scores[i, j]));
                largest = Math.Max(largest, Math.Abs(scores[i, j]));
            }
        }

        return largest > 0 ? worst / largest : 0;
    }
}
