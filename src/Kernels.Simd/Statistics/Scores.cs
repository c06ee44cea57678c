using System.Numerics;

namespace VemKernels.Simd;

/// <summary>Scores of predictions, column by column; see <see cref="ScoreKind"/>.</summary>
internal static unsafe class Scores<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>scores[j] from rows of predictions.</summary>
    public static void FromPredictions(
        SimdContext context, ScoreKind kind, RowSet<T> truth, RowSet<T> predictions, nint columns,
        MatrixView<double> scores) =>
        Rows.ForStrips(context, columns, (first, count) =>
        {
            RowSet<T> y = truth.FromColumn(first);
            RowSet<T> p = predictions.FromColumn(first);
            MatrixView<double> result = scores.SliceColumns(first, count);
            if (kind == ScoreKind.Correlation)
            {
                Correlation(y, p, count, result);
                return;
            }

            double* errors = stackalloc double[Rows.StripColumns];
            ColumnSums<S, V, T>.SquaredDifferences(y, p, count, errors);
            FromErrors(kind, y, count, errors, result);
        });

    /// <summary>scores[j] from rows of residuals: squared error and r2 need no predictions.</summary>
    public static void FromResiduals(
        SimdContext context, ScoreKind kind, RowSet<T> truth, RowSet<T> residuals, nint columns,
        MatrixView<double> scores) =>
        Rows.ForStrips(context, columns, (first, count) =>
        {
            double* errors = stackalloc double[Rows.StripColumns];
            ColumnSums<S, V, T>.Squares(residuals.FromColumn(first), count, errors);
            FromErrors(kind, truth.FromColumn(first), count, errors, scores.SliceColumns(first, count));
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

    private static void Correlation(RowSet<T> y, RowSet<T> p, int columns, MatrixView<double> scores)
    {
        const int Strip = Rows.StripColumns;
        T* shifts = stackalloc T[2 * Strip];
        double* buffer = stackalloc double[7 * Strip];
        ColumnMoments<S, V, T> ofY = new(y, columns, shifts, buffer, buffer + Strip, buffer + (2 * Strip));
        ColumnMoments<S, V, T> ofP = new(
            p, columns, shifts + Strip, buffer + (3 * Strip), buffer + (4 * Strip), buffer + (5 * Strip));
        double* products = buffer + (6 * Strip);
        ColumnSums<S, V, T>.ShiftedProducts(y, shifts, p, shifts + Strip, columns, products);
        for (int j = 0; j < columns; j++)
        {
            double scale = Math.Sqrt(ofY.SquaredDeviations(j)) * Math.Sqrt(ofP.SquaredDeviations(j));
            double product = products[j] - (ofY.Remainder(j) * ofP.Remainder(j) / y.Count);
            scores[0, j] = scale == 0 ? 0 : product / scale;
        }
    }
}
