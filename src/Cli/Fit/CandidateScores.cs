using System.Numerics;

namespace VemKernels.Cli.Fit;

/// <summary>How scores of cross-validation went over candidates or iterations.</summary>
/// <param name="Medians">The median over targets of each row's scores.</param>
/// <param name="BestSoFar">
/// The median over targets of each target's best score up to a row; null where rows are no candidates to choose from.
/// </param>
/// <param name="Targets">Over how many targets these are: all, or some evenly spaced.</param>
internal sealed record CandidateScores(IReadOnlyList<double> Medians, IReadOnlyList<double>? BestSoFar, int Targets)
{
    /// <summary>A picture needs no more targets than these.</summary>
    private const int MostTargets = 20_000;

    /// <summary>Summarises scores.</summary>
    /// <param name="scores">Rows x targets.</param>
    /// <param name="areCandidates">Whether a target may choose any row, so that there is a best so far.</param>
    public static CandidateScores Of<T>(MatrixView<T> scores, bool areCandidates)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint step = Math.Max(1, (scores.Columns + MostTargets - 1) / MostTargets);
        int targets = (int)((scores.Columns + step - 1) / step);
        double[] medians = new double[scores.Rows], bests = new double[scores.Rows];
        double[] row = new double[targets], best = new double[targets];
        Array.Fill(best, double.NegativeInfinity);
        for (int i = 0; i < scores.Rows; i++)
        {
            for (int j = 0; j < targets; j++)
            {
                row[j] = double.CreateTruncating(scores[i, j * step]);
                best[j] = row[j] > best[j] ? row[j] : best[j];
            }

            medians[i] = ScoreSummary.Of(row).Median;
            bests[i] = ScoreSummary.Of(best).Median;
        }

        return new(medians, areCandidates ? bests : null, targets);
    }
}
