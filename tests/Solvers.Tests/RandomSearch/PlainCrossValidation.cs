namespace VemKernels.Solvers.Tests.RandomSearch;

/// <summary>
/// Cross-validation of kernel ridge with nothing shared and nothing clever: each fold's system solved by Gaussian
/// elimination in double, for each alpha and target. The oracle of the solvers.
/// </summary>
internal static class PlainCrossValidation
{
    /// <summary>
    /// Scores folds x alphas x targets of kernel ridge on K, with the training means taken off where there is an
    /// intercept.
    /// </summary>
    public static double[,,] Scores(
        double[,] K, double[,] Y, IReadOnlyList<Fold> folds, IReadOnlyList<double> alphas, ScoreKind kind,
        bool intercept)
    {
        int targets = Y.GetLength(1);
        double[,,] scores = new double[folds.Count, alphas.Count, targets];
        for (int f = 0; f < folds.Count; f++)
        {
            int[] train = folds[f].Train.ToArray();
            int[] validation = folds[f].Validation.ToArray();
            (double[,] kernel, double[,] cross) = Part(K, train, validation, intercept);
            for (int a = 0; a < alphas.Count; a++)
            {
                double[,] system = (double[,])kernel.Clone();
                for (int i = 0; i < train.Length; i++)
                {
                    system[i, i] += alphas[a];
                }

                for (int t = 0; t < targets; t++)
                {
                    double mean = intercept ? train.Average(i => Y[i, t]) : 0;
                    double[] weights = Solve(system, [.. train.Select(i => Y[i, t] - mean)]);
                    double[] truth = [.. validation.Select(i => Y[i, t] - mean)];
                    double[] predicted = new double[validation.Length];
                    for (int v = 0; v < validation.Length; v++)
                    {
                        for (int i = 0; i < train.Length; i++)
                        {
                            predicted[v] += cross[v, i] * weights[i];
                        }
                    }

                    scores[f, a, t] = Score(kind, truth, predicted);
                }
            }
        }

        return scores;
    }

    /// <summary>x with A x = b, by elimination with row exchanges.</summary>
    public static double[] Solve(double[,] A, double[] b)
    {
        int n = b.Length;
        double[,] m = (double[,])A.Clone();
        double[] x = (double[])b.Clone();
        for (int k = 0; k < n; k++)
        {
            int pivot = k;
            for (int i = k + 1; i < n; i++)
            {
                pivot = Math.Abs(m[i, k]) > Math.Abs(m[pivot, k]) ? i : pivot;
            }

            for (int j = 0; j < n; j++)
            {
                (m[k, j], m[pivot, j]) = (m[pivot, j], m[k, j]);
            }

            (x[k], x[pivot]) = (x[pivot], x[k]);
            for (int i = k + 1; i < n; i++)
            {
                double factor = m[i, k] / m[k, k];
                for (int j = k; j < n; j++)
                {
                    m[i, j] -= factor * m[k, j];
                }

                x[i] -= factor * x[k];
            }
        }

        for (int k = n - 1; k >= 0; k--)
        {
            for (int j = k + 1; j < n; j++)
            {
                x[k] -= m[k, j] * x[j];
            }

            x[k] /= m[k, k];
        }

        return x;
    }

    public static double Score(ScoreKind kind, double[] y, double[] p)
    {
        double error = y.Zip(p, (a, b) => (a - b) * (a - b)).Sum();
        double ym = y.Average();
        double pm = p.Average();
        double yy = y.Sum(a => (a - ym) * (a - ym));
        double pp = p.Sum(a => (a - pm) * (a - pm));
        return kind switch
        {
            ScoreKind.NegativeSquaredError => -error / y.Length,
            ScoreKind.R2 => yy == 0 ? 0 : 1 - (error / yy),
            _ => yy == 0 || pp == 0 ? 0 : y.Zip(p, (a, b) => (a - ym) * (b - pm)).Sum() / Math.Sqrt(yy * pp),
        };
    }

    private static (double[,] Kernel, double[,] Cross) Part(double[,] K, int[] train, int[] validation, bool intercept)
    {
        double[,] kernel = new double[train.Length, train.Length];
        double[,] cross = new double[validation.Length, train.Length];
        double Mean(int row) => intercept ? train.Average(j => K[row, j]) : 0;
        double[] means = [.. train.Select(Mean)];
        double overall = intercept ? means.Average() : 0;
        for (int j = 0; j < train.Length; j++)
        {
            for (int i = 0; i < train.Length; i++)
            {
                kernel[i, j] = K[train[i], train[j]] - means[i] - means[j] + overall;
            }

            for (int v = 0; v < validation.Length; v++)
            {
                cross[v, j] = K[validation[v], train[j]] - Mean(validation[v]) - means[j] + overall;
            }
        }

        return (kernel, cross);
    }
}
