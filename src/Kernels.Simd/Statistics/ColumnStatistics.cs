using System.Numerics;

namespace VemKernels.Simd;

/// <summary>Column means, z-scores and the centring of kernels.</summary>
internal static unsafe class ColumnStatistics<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>means(0, j) = mean of column j of A, whose rows are contiguous.</summary>
    public static void Means(SimdContext context, MatrixView<T> A, MatrixView<T> means) =>
        Rows.ForStrips(context, A.Columns, (A, means), static (on, first, count) =>
        {
            (MatrixView<T> A, MatrixView<T> means) = on;
            double* sums = stackalloc double[Rows.StripColumns];
            ColumnSums<S, V, T>.Sum(new RowSet<T>(A.SliceColumns(first, count)), count, sums);
            for (int j = 0; j < count; j++)
            {
                means[0, first + j] = T.CreateTruncating(sums[j] / Math.Max(1, A.Rows));
            }
        });

    /// <summary>
    /// The root of the sum of squares of A, whose rows are contiguous; columns first, then their sums in order.
    /// </summary>
    public static double FrobeniusNorm(SimdContext context, MatrixView<T> A)
    {
        using Scratch<double> sums = context.Scratch.Rent<double>(A.Columns);
        Rows.ForStrips(context, A.Columns, (A, sums), static (on, first, count) => ColumnSums<S, V, T>.Squares(
            new RowSet<T>(on.A.SliceColumns(first, count)), count, on.sums.Pointer + first));
        double total = 0;
        for (nint j = 0; j < A.Columns; j++)
        {
            total += sums.Pointer[j];
        }

        return Math.Sqrt(total);
    }

    /// <summary>Each column minus its mean over its population standard deviation; A has contiguous rows.</summary>
    public static void ZScore(SimdContext context, MatrixView<T> A) =>
        Rows.ForStrips(context, A.Columns, A, static (A, first, count) =>
        {
            MatrixView<T> strip = A.SliceColumns(first, count);
            T* shift = stackalloc T[Rows.StripColumns];
            double* buffer = stackalloc double[3 * Rows.StripColumns];
            double* factors = stackalloc double[Rows.StripColumns];
            double* means = buffer;
            ColumnMoments<S, V, T> moments =
                new(
                    new RowSet<T>(strip), count, shift, means, buffer + Rows.StripColumns,
                    buffer + (2 * Rows.StripColumns));
            for (int j = 0; j < count; j++)
            {
                double deviation = Math.Sqrt(moments.SquaredDeviations(j) / strip.Rows);
                factors[j] = deviation == 0 ? 0 : 1 / deviation;
            }

            for (nint i = 0; i < strip.Rows; i++)
            {
                for (int j = 0; j < count; j++)
                {
                    strip[i, j] = T.CreateTruncating((double.CreateTruncating(strip[i, j]) - means[j]) * factors[j]);
                }
            }
        });

    /// <summary>K - row means - column means + overall mean, in place; K is n x n with contiguous rows.</summary>
    public static void CenterKernel(SimdContext context, MatrixView<T> K)
    {
        nint n = K.Rows;
        using Scratch<double> scratch = context.Scratch.Rent<double>(2 * n);
        double* rowMeans = scratch.Pointer + n;
        Rows.ForStrips(context, n, (K, scratch), static (on, first, count) =>
        {
            (MatrixView<T> K, Scratch<double> scratch) = on;
            nint n = K.Rows;
            double* sums = scratch.Pointer + first;
            ColumnSums<S, V, T>.Sum(new RowSet<T>(K.SliceColumns(first, count)), count, sums);
            for (int j = 0; j < count; j++)
            {
                sums[j] /= n;
            }
        });
        Rows.For(context, n, n, (K, scratch), static (on, first, count) =>
        {
            (MatrixView<T> K, Scratch<double> scratch) = on;
            nint n = K.Rows;
            double* rowMeans = scratch.Pointer + n;
            for (nint i = first; i < first + count; i++)
            {
                double sum = 0;
                for (nint j = 0; j < n; j++)
                {
                    sum += double.CreateTruncating(K[i, j]);
                }

                rowMeans[i] = sum / n;
            }
        });
        double overall = 0;
        for (nint i = 0; i < n; i++)
        {
            overall += rowMeans[i];
        }

        overall /= n;
        Rows.For(context, n, n, (K, scratch, overall), static (on, first, count) =>
        {
            (MatrixView<T> K, Scratch<double> scratch, double overall) = on;
            nint n = K.Rows;
            double* columnMeans = scratch.Pointer;
            double* rowMeans = columnMeans + n;
            for (nint i = first; i < first + count; i++)
            {
                for (nint j = 0; j < n; j++)
                {
                    K[i, j] = T.CreateTruncating(
                        double.CreateTruncating(K[i, j]) - (rowMeans[i] - overall) - columnMeans[j]);
                }
            }
        });
    }
}
