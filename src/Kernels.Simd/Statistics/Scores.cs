using System.Numerics;

namespace VemKernels.Simd;

/// <summary>Scores of predictions, column by column; see <see cref="ScoreKind"/>.</summary>
internal static unsafe class Scores<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The most sums of a column: of both sides, of their squares, and of their products.</summary>
    private const int SumsOfAColumn = 5;

    /// <summary>scores[j] from rows of predictions; NaN where there is no row.</summary>
    public static void FromPredictions(
        SimdContext context, ScoreKind kind, RowSet<T> truth, RowSet<T> predictions, nint columns,
        MatrixView<double> scores)
    {
        if (truth.Count == 0)
        {
            scores.Fill(double.NaN);
            return;
        }

        int strip = PairSums<S, V, T>.StripColumns(columns, context.Pool.Threads);
        nint pitch = PairSums<S, V, T>.Pitch(strip);
        (SimdContext, ScoreKind, RowSet<T>, RowSet<T>, nint, MatrixView<double>) state =
            (context, kind, truth, predictions, pitch, scores);
        Rows.ForStrips(context, strip, columns, state, static (on, first, count) =>
        {
            (SimdContext context, ScoreKind kind, RowSet<T> truth, RowSet<T> predictions, nint pitch,
                MatrixView<double> scores) = on;
            using Scratch<double> sums = context.Scratch.Rent<double>(SumsOfAColumn * pitch);
            RowSet<T> y = truth.FromColumn(first);
            RowSet<T> p = predictions.FromColumn(first);
            MatrixView<double> result = scores.SliceColumns(first, count);
            if (kind == ScoreKind.Correlation)
            {
                Correlation(y, p, count, sums.Pointer, pitch, result);
                return;
            }

            OfErrors(kind, y, p, count, sums.Pointer, pitch, result);
        });
    }

    /// <summary>scores[j] from rows of residuals: squared error and r2 need no predictions.</summary>
    public static void FromResiduals(
        SimdContext context, ScoreKind kind, RowSet<T> truth, RowSet<T> residuals, nint columns,
        MatrixView<double> scores) =>
        Rows.ForStrips(context, columns, (kind, truth, residuals, scores), static (on, first, count) =>
        {
            double* errors = stackalloc double[Rows.StripColumns];
            ColumnSums<S, V, T>.Squares(on.residuals.FromColumn(first), count, errors);
            FromErrors(on.kind, on.truth.FromColumn(first), count, errors, on.scores.SliceColumns(first, count));
        });

    private static void FromErrors(ScoreKind kind, RowSet<T> y, int columns, double* errors, MatrixView<double> scores)
    {
        if (kind == ScoreKind.NegativeSquaredError)
        {
            for (int j = 0; j < columns; j++)
            {
                scores[0, j] = -errors[j] / y.Count;
            }

            return;
        }

        T* shift = stackalloc T[Rows.StripColumns];
        double* buffer = stackalloc double[3 * Rows.StripColumns];
        ColumnMoments<S, V, T> moments = new(
            y, columns, shift, buffer, buffer + Rows.StripColumns, buffer + (2 * Rows.StripColumns));
        for (int j = 0; j < columns; j++)
        {
            double variance = moments.SquaredDeviations(j);
            scores[0, j] = variance == 0 ? 0 : 1 - (errors[j] / variance);
        }
    }

    private static void OfErrors(
        ScoreKind kind, RowSet<T> y, RowSet<T> p, int columns, double* sums, nint pitch, MatrixView<double> scores)
    {
        double* squares = sums + pitch;
        double* errors = squares + pitch;
        PairSums<S, V, T>.Errors(y, p, columns, sums, squares, errors);
        T* shift = y.Row(0);
        for (int j = 0; j < columns; j++)
        {
            if (kind == ScoreKind.NegativeSquaredError)
            {
                scores[0, j] = -errors[j] / y.Count;
                continue;
            }

            double variance = PairSums<S, V, T>.SquaredDeviations(shift[j], sums[j], squares[j], y.Count);
            scores[0, j] = variance == 0 ? 0 : 1 - (errors[j] / variance);
        }
    }

    private static void Correlation(
        RowSet<T> y, RowSet<T> p, int columns, double* ySums, nint pitch, MatrixView<double> scores)
    {
        double* ySquares = ySums + pitch;
        double* pSums = ySquares + pitch;
        double* pSquares = pSums + pitch;
        double* products = pSquares + pitch;
        PairSums<S, V, T>.Products(y, p, columns, ySums, ySquares, pSums, pSquares, products);
        T* yShift = y.Row(0);
        T* pShift = p.Row(0);
        double n = y.Count;
        for (int j = 0; j < columns; j++)
        {
            double ofY = PairSums<S, V, T>.SquaredDeviations(yShift[j], ySums[j], ySquares[j], n);
            double ofP = PairSums<S, V, T>.SquaredDeviations(pShift[j], pSums[j], pSquares[j], n);
            double scale = Math.Sqrt(ofY) * Math.Sqrt(ofP);
            scores[0, j] = scale == 0 ? 0 : (products[j] - (ySums[j] * pSums[j] / n)) / scale;
        }
    }
}
