using System.Runtime.CompilerServices;

namespace VemKernels.Solvers.RandomSearch;

/// <summary>Predicted cost of an alpha.</summary>
/// <param name="Setup">Once, if some target needs it.</param>
/// <param name="AllTargets">If all targets do.</param>
/// <param name="Shared">Once, however many members of a skeleton have it: projections, of which the others have no
/// use.</param>
internal readonly record struct ForecastCost(double Setup, double AllTargets, double Shared = 0);

/// <summary>
/// Foretells the scores of a grid of alphas from those of a few, closely enough to know which alphas can win. Unlike
/// <see
/// cref="AlphaSkeleton"/>, which interpolates every alpha to the last digit, an alpha is foretold no better than it
/// must be: one that
/// loses by far need only be known to lose. Judged on a sample of targets whose scores are all known.
/// </summary>
/// <remarks>
/// Scores of a target are divided by its scale: for squared errors that of the largest alpha, which is nearly the
/// model that predicts
/// nothing; 1 for scores that have no unit. The skeleton is chosen by pivoted QR, columns weighted by the accuracy
/// they need (the sample's
/// least gap to the best score), and as long as makes the whole work least. docs/algorithms.md, "Contenders".
/// </remarks>
internal sealed class AlphaForecast
{
    /// <summary>Margins over the largest error on the sample.</summary>
    private const double Safety = 4;

    /// <summary>Share of its least gap to the best score within which an alpha should be foretold.</summary>
    private const double GapShare = 1.0 / 8;

    /// <summary>How far outside the sample's range, over its width, a skeleton score may lie before the target counts
    /// as a stranger.</summary>
    private const double RangeSlack = 0.25;

    private readonly double[,] _coefficients;
    private readonly double[] _margins;
    private readonly double[] _low;
    private readonly double[] _high;
    private readonly double _tolerance;
    private readonly int _anchor;

    private AlphaForecast(
        int[] skeleton, double[,] coefficients, double[] margins, bool[] trusted, double[] low, double[] high,
        double tolerance, int anchor)
    {
        Skeleton = skeleton;
        _coefficients = coefficients;
        _margins = margins;
        Trusted = trusted;
        _low = low;
        _high = high;
        _tolerance = tolerance;
        _anchor = anchor;
    }

    /// <summary>Alphas that are evaluated on all targets.</summary>
    public int[] Skeleton { get; }

    /// <summary>For each alpha, whether what is foretold counts as its score.</summary>
    public bool[] Trusted { get; }

    /// <summary>Chooses skeleton, coefficients and margins.</summary>
    /// <param name="scores">
    /// Sample: targets x alphas, and perhaps one column more: what scores tend to as alpha grows, which may be in the
    /// skeleton, but is no target's choice.
    /// </param>
    /// <param name="fitted">So many first targets give the coefficients; all of them the margins.</param>
    /// <param name="anchor">The largest alpha, or that limit.</param>
    /// <param name="hasUnits">Whether scores are in squared units of the target.</param>
    /// <param name="rounding">For each alpha, the relative error of its evaluation where that is rough; else 0.</param>
    /// <param name="tolerance">Relative error up to which a foretold score is trusted.</param>
    /// <param name="skeletonCost">Of each alpha as a member of the skeleton.</param>
    /// <param name="contenderCost">Of each alpha as a contender.</param>
    public static AlphaForecast Choose(
        double[,] scores, int fitted, int anchor, bool hasUnits, double[] rounding, double tolerance,
        ForecastCost[] skeletonCost, ForecastCost[] contenderCost)
    {
        int columns = scores.GetLength(1);
        double[,] sample = Normalised(scores, anchor, hasUnits);
        double[] weights = Weights(sample, contenderCost.Length, rounding, tolerance);

        // The alphas at which rounding grows are dear in a skeleton, and are all but foretold by their neighbours: it
        // is tried without them, too.
        bool[] accurate = Array.ConvertAll(rounding, error => error == 0);
        AlphaForecast? best = null;
        double least = double.PositiveInfinity;
        foreach (bool[]? eligible in accurate.Contains(false) ? [null, accurate] : new bool[]?[] { null })
        {
            PivotedColumns pivots = new(sample, fitted, weights, anchor, eligible);
            for (int count = 1; count <= columns && pivots.Advance(); count++)
            {
                AlphaForecast forecast = new(
                    pivots.Chosen, pivots.Coefficients(), new double[columns], new bool[columns], new double[count],
                    new double[count], tolerance, anchor);
                forecast.Judge(sample, rounding);
                double cost = forecast.Cost(sample, skeletonCost, contenderCost);
                if (cost < least)
                {
                    (best, least) = (forecast, cost);
                }

                if (forecast.Trusted.All(value => value))
                {
                    break;
                }
            }
        }

        return best!;
    }

    /// <summary>The scale of a target, from its skeleton scores.</summary>
    public double ScaleOf(ReadOnlySpan<double> skeletonScores, bool hasUnits) =>
        hasUnits ? Math.Abs(skeletonScores[Array.IndexOf(Skeleton, _anchor)]) : 1;

    /// <summary>Foretells the scores of all alphas.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Predict(ReadOnlySpan<double> skeletonScores, Span<double> scores)
    {
        scores.Clear();
        for (int s = 0; s < skeletonScores.Length; s++)
        {
            double value = skeletonScores[s];
            for (int j = 0; j < scores.Length; j++)
            {
                scores[j] += _coefficients[s, j] * value;
            }
        }
    }

    /// <summary>Whether skeleton scores lie outside what the sample has shown: nothing is known of such a
    /// target.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool IsStranger(ReadOnlySpan<double> skeletonScores, double scale)
    {
        for (int s = 0; s < skeletonScores.Length; s++)
        {
            double value = scale > 0 ? skeletonScores[s] / scale : skeletonScores[s];
            double slack = (RangeSlack * (_high[s] - _low[s])) + _tolerance;
            if (scale > 0 ? !(value >= _low[s] - slack && value <= _high[s] + slack) : value != 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>How far a foretold score may be off.</summary>
    public double Margin(int alpha, double scale) => _margins[alpha] * scale;

    /// <summary>What a contender must reach: the best score that some alpha has at least. A slope each alpha.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double ToReach(ReadOnlySpan<double> predicted, ReadOnlySpan<double> slopes, double scale)
    {
        double reach = double.NegativeInfinity;
        for (int j = 0; j < slopes.Length; j++)
        {
            reach = Math.Max(reach, predicted[j] + slopes[j] - (_margins[j] * scale));
        }

        return reach;
    }

    private static double[,] Normalised(double[,] scores, int anchor, bool hasUnits)
    {
        double[,] sample = (double[,])scores.Clone();
        for (int i = 0; i < sample.GetLength(0) && hasUnits; i++)
        {
            double scale = Math.Abs(scores[i, anchor]);
            for (int j = 0; j < sample.GetLength(1); j++)
            {
                sample[i, j] = scale > 0 ? sample[i, j] / scale : 0;
            }
        }

        return sample;
    }

    private static double[] Weights(double[,] sample, int alphas, double[] rounding, double tolerance)
    {
        int columns = sample.GetLength(1);
        double[] gaps = new double[columns];
        Array.Fill(gaps, double.PositiveInfinity);
        for (int i = 0; i < sample.GetLength(0); i++)
        {
            double best = double.NegativeInfinity;
            for (int j = 0; j < alphas; j++)
            {
                best = Math.Max(best, sample[i, j]);
            }

            for (int j = 0; j < columns; j++)
            {
                gaps[j] = Math.Min(gaps[j], Math.Abs(best - sample[i, j]));
            }
        }

        double[] weights = new double[columns];
        for (int j = 0; j < columns; j++)
        {
            weights[j] = 1 / (tolerance + rounding[j] + (GapShare * gaps[j]));
        }

        return weights;
    }

    /// <summary>Margins, trust and ranges from the sample.</summary>
    private void Judge(double[,] sample, double[] rounding)
    {
        int columns = _margins.Length;
        double[] row = new double[columns];
        double[] known = new double[Skeleton.Length];
        Array.Fill(_low, double.PositiveInfinity);
        Array.Fill(_high, double.NegativeInfinity);
        for (int i = 0; i < sample.GetLength(0); i++)
        {
            Take(sample, i, known);
            Predict(known, row);
            for (int j = 0; j < columns; j++)
            {
                _margins[j] = Math.Max(_margins[j], Math.Abs(row[j] - sample[i, j]));
            }

            for (int s = 0; s < known.Length; s++)
            {
                _low[s] = Math.Min(_low[s], known[s]);
                _high[s] = Math.Max(_high[s], known[s]);
            }
        }

        for (int j = 0; j < columns; j++)
        {
            Trusted[j] = rounding[j] == 0 && _margins[j] <= _tolerance;
            _margins[j] = Trusted[j] ? _tolerance : (Safety * _margins[j]) + _tolerance + rounding[j];
        }

        foreach (int j in Skeleton)
        {
            Trusted[j] = rounding[j] == 0;
            _margins[j] = rounding[j];
        }
    }

    /// <summary>Of the skeleton, and of the contenders that the sample would have.</summary>
    private double Cost(double[,] sample, ForecastCost[] skeletonCost, ForecastCost[] contenderCost)
    {
        double cost = Skeleton.Sum(j => skeletonCost[j].Setup + skeletonCost[j].AllTargets)
            + Skeleton.Max(j => skeletonCost[j].Shared);
        int[] contenders = Contenders(sample, contenderCost.Length);
        for (int j = 0; j < contenders.Length; j++)
        {
            cost += contenders[j] == 0
                ? 0
                : contenderCost[j].Setup + (contenderCost[j].AllTargets * contenders[j] / sample.GetLength(0));
        }

        return cost;
    }

    /// <summary>For how many targets of the sample each alpha would be a contender.</summary>
    private int[] Contenders(double[,] sample, int alphas)
    {
        double[] row = new double[_margins.Length];
        double[] known = new double[Skeleton.Length];
        double[] slopes = new double[alphas];
        int[] contenders = new int[alphas];
        for (int i = 0; i < sample.GetLength(0); i++)
        {
            Take(sample, i, known);
            Predict(known, row);
            double reach = ToReach(row, slopes, 1);
            for (int j = 0; j < alphas; j++)
            {
                contenders[j] += !Trusted[j] && row[j] + _margins[j] > reach ? 1 : 0;
            }
        }

        return contenders;
    }

    private void Take(double[,] sample, int row, double[] known)
    {
        for (int s = 0; s < known.Length; s++)
        {
            known[s] = sample[row, Skeleton[s]];
        }
    }
}
