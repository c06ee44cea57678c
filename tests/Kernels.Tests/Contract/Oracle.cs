namespace VemKernels.Kernels.Tests.Contract;

/// <summary>
/// What operations should give, by plain loops in double, with a bound on what rounding to an epsilon may change.
/// Bounds are carried from step to step, so that composed operations have principled ones too.
/// </summary>
/// <remarks>
/// A sum of k terms in working precision, added in any order, may be off by <see cref="Safety"/> sqrt(k) epsilon times
/// the sum of the terms' sizes: rounding errors are independent enough to add like a random walk (Higham and Mary
/// 2019), and a wrong algorithm is off by far more. A sum "in double" must not grow with k in float.
/// </remarks>
/// <param name="epsilon">Relative spacing of the working precision.</param>
internal sealed class Oracle(double epsilon)
{
    /// <summary>Room for other orders of summation and for the oracle's own rounding.</summary>
    private const double Safety = 8;

    /// <summary>alpha A B + beta C; C is not looked at where beta is 0.</summary>
    public Estimate Gemm(double alpha, double[,] A, double[,] B, double beta, double[,] C)
    {
        Estimate product = Product(Estimate.Exact(A), Estimate.Exact(B));
        Estimate previous = Estimate.Exact(beta == 0 ? new double[product.Rows, product.Columns] : C);
        return Combination(alpha, product, beta, previous);
    }

    /// <summary>A B.</summary>
    public Estimate Product(Estimate A, Estimate B)
    {
        int terms = A.Columns;
        double rounding = Safety * Math.Sqrt(terms) * epsilon;
        return Estimate.Make(A.Rows, B.Columns, (i, j) =>
        {
            double sum = 0;
            double error = 0;
            for (int k = 0; k < terms; k++)
            {
                double a = Math.Abs(A.Value[i, k]);
                double b = Math.Abs(B.Value[k, j]);
                sum += A.Value[i, k] * B.Value[k, j];
                error += (rounding * a * b) + (A.Error[i, k] * b) + (a * B.Error[k, j]);
            }

            return (sum, error);
        });
    }

    /// <summary>alpha A + beta B.</summary>
    public Estimate Combination(double alpha, Estimate A, double beta, Estimate B) =>
        Estimate.Make(A.Rows, A.Columns, (i, j) =>
        {
            double a = alpha * A.Value[i, j];
            double b = beta * B.Value[i, j];
            double rounding = Safety * epsilon * (Math.Abs(a) + Math.Abs(b));
            return (a + b, rounding + (Math.Abs(alpha) * A.Error[i, j]) + (Math.Abs(beta) * B.Error[i, j]));
        });

    /// <summary>A value that comes of its operands by a few multiplications.</summary>
    public (double Value, double Error) Rounded(double value) => (value, Safety * epsilon * Math.Abs(value));

    /// <summary>f(i, j) for all elements, each by a few multiplications.</summary>
    public Estimate Elementwise(int rows, int columns, Func<int, int, double> f) =>
        Estimate.Make(rows, columns, (i, j) => Rounded(f(i, j)));

    /// <summary>A sum whose terms may be rounded to working precision, but which is accumulated in double.</summary>
    public (double Value, double Error) SumInDouble(IReadOnlyCollection<double> terms)
    {
        double rounding = (Safety * epsilon) + (Safety * Math.Sqrt(terms.Count) * Precision.DoubleEpsilon);
        return (terms.Sum(), rounding * terms.Sum(Math.Abs));
    }

    /// <summary>The mean, summed in double and rounded to working precision; of nothing, zero.</summary>
    public (double Value, double Error) Mean(double[] x)
    {
        (double mean, double error) = MeanInDouble(x);
        return (mean, error + (epsilon * Math.Abs(mean)));
    }

    /// <summary>The mean, summed and left in double; of nothing, zero.</summary>
    public static (double Value, double Error) MeanInDouble(double[] x) => x.Length == 0
        ? (0, 0)
        : (x.Average(), Safety * Math.Sqrt(x.Length) * Precision.DoubleEpsilon * x.Average(Math.Abs));

    /// <summary>|column j of V|^2, accumulated in double.</summary>
    public Estimate SquaredNorms(Estimate V) => Estimate.Make(1, V.Columns, (_, j) =>
    {
        double[] v = Column(V.Value, j);
        (double sum, double rounding) = SumInDouble([.. v.Select(x => x * x)]);
        return (sum, rounding + SquareErrors(v, Column(V.Error, j)));
    });

    /// <summary>The score of each column, as <see cref="ScoreKind"/> defines it.</summary>
    public Estimate Scores(ScoreKind kind, double[,] truth, Estimate predictions) =>
        Estimate.Make(1, predictions.Columns, (_, j) =>
        {
            double[] y = Column(truth, j);
            double[] p = Column(predictions.Value, j);
            double[] error = Column(predictions.Error, j);
            return kind switch
            {
                ScoreKind.NegativeSquaredError => NegativeSquaredError(y, p, error),
                ScoreKind.R2 => R2(y, p, error),
                _ => Correlation(y, p, error),
            };
        });

    public static double[] Column(double[,] A, int j) => [.. Enumerable.Range(0, A.GetLength(0)).Select(i => A[i, j])];

    private (double Value, double Error) NegativeSquaredError(double[] y, double[] p, double[] error)
    {
        (double sum, double bound) = SquaredError(y, p, error);
        return (-sum / y.Length, bound / y.Length);
    }

    private (double Value, double Error) R2(double[] y, double[] p, double[] error)
    {
        if (IsConstant(y))
        {
            return (0, 0);
        }

        (double residual, double residualError) = SquaredError(y, p, error);
        (double[] d, double[] dError) = Deviations(y, new double[y.Length]);
        double total = d.Sum(x => x * x);
        double share = residual / total;
        double shareError = (residualError + (share * SquareErrors(d, dError))) / total;
        return (1 - share, shareError + (Safety * epsilon * (1 + share)));
    }

    private (double Value, double Error) Correlation(double[] y, double[] p, double[] error)
    {
        if (IsConstant(y) || IsConstant(p))
        {
            return (0, 0);
        }

        (double[] dy, double[] dyError) = Deviations(y, new double[y.Length]);
        (double[] dp, double[] dpError) = Deviations(p, error);
        double covariance = dy.Zip(dp, (a, b) => a * b).Sum();
        double relative = (Length(dyError) / Length(dy)) + (Length(dpError) / Length(dp));

        // The inner product and the two lengths each carry the relative error of both vectors at most.
        return (
            covariance / (Length(dy) * Length(dp)),
            (2 * relative) + (Safety * Math.Sqrt(y.Length) * epsilon));
    }

    private (double Value, double Error) SquaredError(double[] y, double[] p, double[] error)
    {
        double[] residual = [.. y.Zip(p, (a, b) => a - b)];
        (double sum, double rounding) = SumInDouble([.. residual.Select(x => x * x)]);
        return (sum, rounding + SquareErrors(residual, error));
    }

    /// <summary>
    /// x - mean x and its error, where x has the error given and the mean may be rounded to working precision.
    /// </summary>
    private (double[] Value, double[] Error) Deviations(double[] x, double[] error)
    {
        (double mean, double meanError) = Mean(x);
        meanError += error.Average();
        double[] d = [.. x.Select(value => value - mean)];
        return (d, [.. d.Zip(error, (value, own) => own + meanError + (Safety * epsilon * Math.Abs(value)))]);
    }

    /// <summary>How much the sum of squares changes when each value does by its error.</summary>
    private static double SquareErrors(double[] values, double[] errors) =>
        values.Zip(errors, (x, e) => (2 * Math.Abs(x) * e) + (e * e)).Sum();

    private static double Length(double[] x) => Math.Sqrt(x.Sum(value => value * value));

    private static bool IsConstant(double[] x) => x.All(value => value == x[0]);
}
