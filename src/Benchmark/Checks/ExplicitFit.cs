namespace VemKernels.Benchmark.Checks;

/// <summary>
/// The textbook's way of what the solvers do fast: every fold's system is formed and solved by itself, for one target,
/// in double, from the features.
/// </summary>
internal sealed class ExplicitFit
{
    private readonly double[][][] _kernels;
    private readonly IReadOnlyList<Fold> _folds;

    /// <summary>Forms the linear kernels of all spaces.</summary>
    /// <param name="spaces">Features, samples x features each.</param>
    /// <param name="folds">Splits of cross-validation.</param>
    public ExplicitFit(IReadOnlyList<MatrixView<float>> spaces, IReadOnlyList<Fold> folds)
    {
        _folds = folds;
        _kernels = [.. spaces.Select(Kernel)];
    }

    /// <summary>How many samples there are.</summary>
    public int Samples => _kernels[0].Length;

    /// <summary>sum over spaces i of exp(delta_i) K_i.</summary>
    /// <param name="deltas">Log weights of the kernels; minus infinity leaves one out.</param>
    public double[][] Combine(IReadOnlyList<double> deltas)
    {
        double[][] result = [.. Enumerable.Range(0, Samples).Select(_ => new double[Samples])];
        for (int space = 0; space < _kernels.Length; space++)
        {
            double weight = Math.Exp(deltas[space]);
            for (int i = 0; i < Samples; i++)
            {
                for (int j = 0; j < Samples; j++)
                {
                    result[i][j] += weight * _kernels[space][i][j];
                }
            }
        }

        return result;
    }

    /// <summary>Minus the squared error of kernel ridge, averaged over validation rows and then over folds.</summary>
    /// <param name="kernel">Of all samples.</param>
    /// <param name="alpha">What is added to the diagonal.</param>
    /// <param name="y">One target.</param>
    public double Score(double[][] kernel, double alpha, double[] y)
    {
        double[] scores = new double[_folds.Count];
        Parallel.For(0, _folds.Count, f => scores[f] = FoldScore(kernel, alpha, y, _folds[f]));
        return scores.Average();
    }

    /// <summary>|(K + I) w - y| / |y|: how well dual weights solve their system.</summary>
    public static double DualResidual(double[][] kernel, double[] w, double[] y)
    {
        double[] left = [.. kernel.Select((row, i) => PlainProducts.Dot<double>(row, w) + w[i])];
        return ProbeVectors.Distance(left, y) / ProbeVectors.Norm(y);
    }

    private static double FoldScore(double[][] kernel, double alpha, double[] y, Fold fold)
    {
        int[] train = fold.Train.ToArray();
        int[] validation = fold.Validation.ToArray();
        double[][] system = [.. train.Select(i => new double[train.Length])];
        for (int i = 0; i < train.Length; i++)
        {
            double[] row = kernel[train[i]];
            for (int j = 0; j <= i; j++)
            {
                system[i][j] = row[train[j]];
            }

            system[i][i] += alpha;
        }

        double[] w = new PlainCholesky(system).Solve([.. train.Select(i => y[i])]);
        return -validation.Average(row =>
        {
            double error = y[row];
            for (int i = 0; i < train.Length; i++)
            {
                error -= kernel[row][train[i]] * w[i];
            }

            return error * error;
        });
    }

    private static double[][] Kernel(MatrixView<float> space)
    {
        int samples = (int)space.Rows;
        double[][] rows = [.. Enumerable.Range(0, samples).Select(
            i => Array.ConvertAll(space.RowSpan(i).ToArray(), value => (double)value))];
        double[][] kernel = [.. rows.Select(_ => new double[samples])];
        Parallel.For(0, (samples + PlainProducts.LeftRows - 1) / PlainProducts.LeftRows, block =>
        {
            Span<double> sums = stackalloc double[PlainProducts.LeftRows * PlainProducts.RightRows];
            int top = block * PlainProducts.LeftRows;
            int bottom = Math.Min(top + PlainProducts.LeftRows, samples);
            for (int left = 0; left < bottom; left += PlainProducts.RightRows)
            {
                PlainProducts.Block(rows, top, rows, left, (int)space.Columns, sums);
                for (int i = top; i < bottom; i++)
                {
                    for (int j = left; j < Math.Min(left + PlainProducts.RightRows, i + 1); j++)
                    {
                        double product = sums[((i - top) * PlainProducts.RightRows) + j - left];
                        kernel[i][j] = product;
                        kernel[j][i] = product;
                    }
                }
            }
        });
        return kernel;
    }
}
