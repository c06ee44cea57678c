using System.Numerics;

namespace VemKernels.Solvers.Tests.Golden;

/// <summary>
/// Compares a fit with golden results: scores everywhere; choices, weights and intercepts where the choice is the same.
/// In float32 a choice may differ where the scores tie, which the comparison of scores then shows.
/// </summary>
internal static class GoldenFit
{
    /// <summary>
    /// How many targets must choose as the reference did, in float32, for the comparison to mean something.
    /// </summary>
    private const double ShareOfSameChoices = 0.75;

    /// <summary>Choices are of a grid: this tells neighbours apart.</summary>
    private const double SameChoice = 1e-3;

    public static void Check<T>(
        RandomSearchResult<T> fit, MatrixView<double> deltas, MatrixView<double> cvScores, MatrixView<double>? weights,
        MatrixView<double>? intercept)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double tolerance = GoldenCase.Tolerance<T>();
        Close(fit.CvScores.View, cvScores, tolerance, "cv_scores");
        List<nint> same = [];
        for (nint j = 0; j < deltas.Columns; j++)
        {
            bool equal = true;
            for (nint i = 0; i < deltas.Rows; i++)
            {
                double expected = deltas[i, j];
                double actual = double.CreateTruncating(fit.Deltas.View[i, j]);
                equal &= actual.Equals(expected)
                    || Math.Abs(actual - expected) <= SameChoice * (1 + Math.Abs(expected));
            }

            if (equal)
            {
                same.Add(j);
            }
        }

        double share = typeof(T) == typeof(double) ? 1 : ShareOfSameChoices;
        Assert.That(
            same, Has.Count.GreaterThanOrEqualTo(share * deltas.Columns), "targets that choose as the reference did");
        Close(Columns(fit.Deltas.View, same), Columns(deltas, same), tolerance, "deltas");
        if (weights is { } expectedWeights)
        {
            Close(Columns(fit.Weights!.View, same), Columns(expectedWeights, same), tolerance, "weights");
        }

        if (intercept is { } expectedIntercept)
        {
            // Of responses that are zero-mean but for rounding: an intercept is judged on the scale of the responses,
            // about 1.
            Close(
                Columns(fit.Intercept!.View, same), Columns(expectedIntercept, same), tolerance, "intercept",
                scale: 1);
        }
    }

    /// <summary>max |a - b| under tolerance max |b|, or tolerance times a larger scale; infinities equal.</summary>
    public static void Close<T>(
        MatrixView<T> actual, MatrixView<double> expected, double tolerance, string name, double scale = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Assert.That((actual.Rows, actual.Columns), Is.EqualTo((expected.Rows, expected.Columns)), $"shape of {name}");
        double worst = 0;
        double largest = scale;
        for (nint i = 0; i < expected.Rows; i++)
        {
            for (nint j = 0; j < expected.Columns; j++)
            {
                double a = double.CreateTruncating(actual[i, j]);
                double b = expected[i, j];
                if (double.IsInfinity(b))
                {
                    Assert.That(a, Is.EqualTo(b), $"{name}({i}, {j})");
                    continue;
                }

                largest = Math.Max(largest, Math.Abs(b));
                double error = Math.Abs(a - b);
                worst = double.IsNaN(error) ? double.PositiveInfinity : Math.Max(worst, error);
            }
        }

        Assert.That(
            worst, Is.LessThanOrEqualTo(tolerance * largest),
            $"largest error of {name}, whose largest entry is {largest:G4}");
    }

    private static MatrixView<T> Columns<T>(MatrixView<T> view, List<nint> columns)
        where T : unmanaged
    {
        Matrix<T> copy = new(view.Rows, columns.Count);
        for (int j = 0; j < columns.Count; j++)
        {
            view.SliceColumns(columns[j], 1).CopyTo(copy.View.SliceColumns(j, 1));
        }

        Kept.Add(copy);
        return copy.View;
    }

    /// <summary>Copies live as long as the tests: a view does not keep its matrix.</summary>
    private static System.Collections.Concurrent.ConcurrentBag<object> Kept { get; } = [];
}
