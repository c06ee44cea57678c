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
        int rows = scores.GetLength(0);
        int columns = scores.GetLength(1);
        double[][] q = new double[columns][];
        double[] norms = new double[columns];
        for (int j = 0; j < columns; j++)
        {
            q[j] = new double[rows];
            for (int i = 0; i < rows; i++)
            {
                q[j][i] = scores[i, j];
            }

            norms[j] = Norm(q[j]);
            Scale(q[j], norms[j] > 0 ? 1 / norms[j] : 0);
        }

        // Modified Gram-Schmidt, twice over: the columns left are orthogonal to those chosen to the last digit.
        double[,] r = new double[columns, columns];
        List<int> chosen = [];
        bool[] isChosen = new bool[columns];
        while (chosen.Count < Math.Min(rows, columns))
        {
            int pivot = -1;
            double largest = tolerance;
            for (int j = 0; j < columns; j++)
            {
                double left = isChosen[j] ? 0 : Norm(q[j]);
                if (left > largest)
                {
                    (pivot, largest) = (j, left);
                }
            }

            if (pivot < 0)
            {
                break;
            }

            int s = chosen.Count;
            r[s, pivot] = largest;
            Scale(q[pivot], 1 / largest);
            chosen.Add(pivot);
            isChosen[pivot] = true;
            for (int pass = 0; pass < 2; pass++)
            {
                for (int j = 0; j < columns; j++)
                {
                    if (isChosen[j])
                    {
                        continue;
                    }

                    double product = Dot(q[pivot], q[j]);
                    r[s, j] += product;
                    for (int i = 0; i < rows; i++)
                    {
                        q[j][i] -= product * q[pivot][i];
                    }
                }
            }
        }

        return new AlphaSkeleton([.. chosen], Interpolate(r, chosen, norms));
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

    /// <summary>Coefficients R11^-1 R12, undoing the scaling of the columns.</summary>
    private static double[,] Interpolate(double[,] r, List<int> chosen, double[] norms)
    {
        int columns = norms.Length;
        double[,] coefficients = new double[chosen.Count, columns];
        double[] x = new double[chosen.Count];
        for (int j = 0; j < columns; j++)
        {
            int position = chosen.IndexOf(j);
            if (position >= 0)
            {
                coefficients[position, j] = 1;
                continue;
            }

            for (int s = chosen.Count - 1; s >= 0; s--)
            {
                double sum = r[s, j];
                for (int u = s + 1; u < chosen.Count; u++)
                {
                    sum -= r[s, chosen[u]] * x[u];
                }

                x[s] = sum / r[s, chosen[s]];
                coefficients[s, j] = x[s] * norms[j] / norms[chosen[s]];
            }
        }

        return coefficients;
    }

    private static double Norm(double[] x) => Math.Sqrt(Dot(x, x));

    private static double Dot(double[] x, double[] y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }

    private static void Scale(double[] x, double factor)
    {
        for (int i = 0; i < x.Length; i++)
        {
            x[i] *= factor;
        }
    }
}
