namespace VemKernels.Reference;

/// <summary>Means, deviations and scores of one column.</summary>
internal static class ColumnScore
{
    /// <summary>Relative spacing of double: 2^-52.</summary>
    private const double Epsilon = 2.220446049250313e-16;

    /// <summary>The mean; of nothing, zero.</summary>
    public static double Mean(double[] x) => x.Length == 0 ? 0 : x.Sum() / x.Length;

    /// <summary>Sum of (x - mean)^2.</summary>
    public static double SquaredDeviations(double[] x)
    {
        double mean = Mean(x);
        return x.Sum(value => (value - mean) * (value - mean));
    }

    /// <summary>
    /// Whether the standard deviation is no larger than the rounding that a sum of so many terms leaves in the mean.
    /// </summary>
    public static bool IsConstant(double[] x) =>
        Math.Sqrt(SquaredDeviations(x) / x.Length) <= x.Length * Epsilon * Math.Abs(Mean(x));

    /// <summary>Scores predictions as <see cref="ScoreKind"/> says.</summary>
    public static double Of(ScoreKind kind, double[] truth, double[] predictions) => kind switch
    {
        ScoreKind.NegativeSquaredError => -SquaredError(truth, predictions) / truth.Length,
        ScoreKind.R2 => IsConstant(truth) ? 0 : 1 - (SquaredError(truth, predictions) / SquaredDeviations(truth)),
        ScoreKind.Correlation => Correlation(truth, predictions),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a score."),
    };

    private static double SquaredError(double[] truth, double[] predictions)
    {
        double sum = 0;
        for (int i = 0; i < truth.Length; i++)
        {
            double error = truth[i] - predictions[i];
            sum += error * error;
        }

        return sum;
    }

    private static double Correlation(double[] truth, double[] predictions)
    {
        if (IsConstant(truth) || IsConstant(predictions))
        {
            return 0;
        }

        double truthMean = Mean(truth);
        double predictionMean = Mean(predictions);
        double covariance = 0;
        for (int i = 0; i < truth.Length; i++)
        {
            covariance += (truth[i] - truthMean) * (predictions[i] - predictionMean);
        }

        return covariance / Math.Sqrt(SquaredDeviations(truth)) / Math.Sqrt(SquaredDeviations(predictions));
    }
}
