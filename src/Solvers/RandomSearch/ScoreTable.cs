namespace VemKernels.Solvers.RandomSearch;

/// <summary>
/// Scores of one candidate: mean over folds, and where a conservative choice needs it the standard deviation, for each
/// evaluated alpha and each target.
/// </summary>
internal sealed class ScoreTable : IDisposable
{
    /// <summary>
    /// The score of an alpha that the kernel's negative eigenvalues forbid, as in the field's reference; and of one
    /// whose scores are not finite.
    /// </summary>
    public const double Unusable = -1e5;

    private readonly Matrix<double> _means;
    private readonly Matrix<double>? _deviations;

    public ScoreTable(int alphas, int targets, bool withDeviations)
    {
        _means = Matrix<double>.Uninitialized(alphas, targets);
        _deviations = withDeviations ? Matrix<double>.Uninitialized(alphas, targets) : null;
    }

    public MatrixView<double> Means => _means.View;

    public MatrixView<double>? Deviations => _deviations?.View;

    /// <summary>Averages scores of a tile, rows x tile, into row alpha from column first on.</summary>
    public void Set(int alpha, nint first, MatrixView<double> scores, double sign)
    {
        for (nint j = 0; j < scores.Columns; j++)
        {
            double sum = 0;
            for (nint f = 0; f < scores.Rows; f++)
            {
                sum += scores[f, j];
            }

            double mean = sign * sum / scores.Rows;
            bool usable = double.IsFinite(mean);
            Means[alpha, first + j] = usable ? mean : Unusable;
            if (_deviations is null)
            {
                continue;
            }

            double squares = 0;
            for (nint f = 0; f < scores.Rows; f++)
            {
                double difference = (sign * scores[f, j]) - mean;
                squares += difference * difference;
            }

            _deviations[alpha, first + j] = usable ? Math.Sqrt(squares / scores.Rows) : 0;
        }
    }

    /// <summary>One score for all targets: an alpha that is not to be used.</summary>
    public void SetAll(int alpha, double score)
    {
        Means.SliceRows(alpha, 1).Fill(score);
        _deviations?.View.SliceRows(alpha, 1).Fill(0);
    }

    public void Dispose()
    {
        _means.Dispose();
        _deviations?.Dispose();
    }
}
