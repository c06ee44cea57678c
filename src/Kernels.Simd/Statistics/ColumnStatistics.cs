using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// Column means and dot products, z-scores and the centring of kernels: all bound by memory. Each element is summed in
/// double and rounded once.
/// </summary>
internal static unsafe class ColumnStatistics<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The most columns at a time of what reads each row once: pieces of some pages of it.</summary>
    private const int MostColumns = 4096;

    /// <summary>
    /// The most of what passes over a strip three times. Measured on Zen 4, 300 rows: 256 and 512 columns alike, 1024
    /// and 2048 by a fifth faster, 4096 slower than any: a strip is then larger than the second-level cache.
    /// </summary>
    private const int MostColumnsOfPasses = 1024;

    /// <summary>means(0, j) = mean of column j of A, whose rows are contiguous.</summary>
    public static void RoundedMeans(SimdContext context, MatrixView<T> A, MatrixView<T> means) =>
        Rows.ForBalancedStrips(context, MostColumns, A.Columns, (A, means), static (on, first, count) =>
        {
            (MatrixView<T> A, MatrixView<T> means) = on;
            double* sums = stackalloc double[count];
            ColumnSums<S, V, T>.Sum(new RowSet<T>(A.SliceColumns(first, count)), count, sums);
            for (int j = 0; j < count; j++)
            {
                means[0, first + j] = T.CreateTruncating(sums[j] / Math.Max(1, A.Rows));
            }
        });

    /// <summary>The same, left in double.</summary>
    public static void Means(SimdContext context, MatrixView<T> A, MatrixView<double> means) =>
        Rows.ForBalancedStrips(context, MostColumns, A.Columns, (A, means), static (on, first, count) =>
        {
            (MatrixView<T> A, MatrixView<double> means) = on;
            double* sums = stackalloc double[count];
            ColumnSums<S, V, T>.Sum(new RowSet<T>(A.SliceColumns(first, count)), count, sums);
            for (int j = 0; j < count; j++)
            {
                means[0, first + j] = sums[j] / Math.Max(1, A.Rows);
            }
        });

    /// <summary>dots(0, j) = sum over i of A(i, j) B(i, j), in double; rows are contiguous.</summary>
    public static void Dots(SimdContext context, MatrixView<T> A, MatrixView<T> B, MatrixView<double> dots) =>
        Rows.ForBalancedStrips(context, MostColumns, A.Columns, (A, B, dots), static (on, first, count) =>
        {
            (MatrixView<T> A, MatrixView<T> B, MatrixView<double> dots) = on;
            double* sums = stackalloc double[count];
            new Span<double>(sums, count).Clear();
            ColumnSums<S, V, T>.AddProducts(
                new RowSet<T>(A.SliceColumns(first, count)), new RowSet<T>(B.SliceColumns(first, count)), count, sums);
            for (int j = 0; j < count; j++)
            {
                dots[0, first + j] = sums[j];
            }
        });

    /// <summary>
    /// The root of the sum of squares of A, whose rows are contiguous; columns first, then their sums in order.
    /// </summary>
    public static double FrobeniusNorm(SimdContext context, MatrixView<T> A)
    {
        using Scratch<double> sums = context.Scratch.Rent<double>(A.Columns);
        Rows.ForBalancedStrips(context, MostColumns, A.Columns, (A, sums), static (on, first, count) =>
            ColumnSums<S, V, T>.Squares(
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
        Rows.ForBalancedStrips(context, MostColumnsOfPasses, A.Columns, A, static (A, first, count) =>
        {
            MatrixView<T> strip = A.SliceColumns(first, count);
            T* shift = stackalloc T[count];
            double* buffer = stackalloc double[4 * count];
            double* means = buffer;
            double* factors = buffer + (3 * count);
            ColumnMoments<S, V, T> moments = new(
                new RowSet<T>(strip), count, shift, means, buffer + count, buffer + (2 * count));
            for (int j = 0; j < count; j++)
            {
                double deviation = Math.Sqrt(moments.SquaredDeviations(j) / strip.Rows);
                factors[j] = deviation == 0 ? 0 : 1 / deviation;
            }

            Standardise(strip, means, factors);
        });

    /// <summary>K - row means - column means + overall mean, in place; K is n x n with contiguous rows.</summary>
    public static void CenterKernel(SimdContext context, MatrixView<T> K)
    {
        nint n = K.Rows;
        using Scratch<double> scratch = context.Scratch.Rent<double>(2 * n);
        double* rowMeans = scratch.Pointer + n;
        Means(context, K, scratch.View(2, n).SliceRows(0, 1));
        Rows.For(context, n, n, (K, (nint)rowMeans), static (on, first, count) =>
        {
            double* rowMeans = (double*)on.Item2;
            for (nint i = first; i < first + count; i++)
            {
                rowMeans[i] = ColumnSums<S, V, T>.OfRow(on.K.Columns, on.K.Pointer + (i * on.K.RowStride)) / on.K.Rows;
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
            double* columnMeans = scratch.Pointer;
            double* rowMeans = columnMeans + K.Rows;
            for (nint i = first; i < first + count; i++)
            {
                Centre(K.Columns, K.Pointer + (i * K.RowStride), rowMeans[i] - overall, columnMeans);
            }
        });
    }

    /// <summary>
    /// K(i, j) += trainingMean - trainingColumnMeans(j) - mean of row i: centres kernels between new and training
    /// samples as if the features had been centred by the training samples (Schoelkopf, Smola and Mueller 1998,
    /// appendix B). A row is read for its mean, then again, from cache, to be centred. K has contiguous rows.
    /// </summary>
    public static void CenterKernel(
        SimdContext context, MatrixView<T> K, double* trainingColumnMeans, double trainingMean) =>
        Rows.For(context, K.Rows, K.Columns, (K, (nint)trainingColumnMeans, trainingMean), static (on, first, count) =>
        {
            (MatrixView<T> K, nint columnMeans, double trainingMean) = on;
            for (nint i = first; i < first + count; i++)
            {
                T* row = K.Pointer + (i * K.RowStride);
                double mean = ColumnSums<S, V, T>.OfRow(K.Columns, row) / K.Columns;
                Centre(K.Columns, row, mean - trainingMean, (double*)columnMeans);
            }
        });

    /// <summary>row(j) -= shift + offsets(j), in double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Centre(nint count, T* row, double shift, double* offsets)
    {
        nint j = 0;
        for (; j + S.Width <= count; j += S.Width)
        {
            S.Store(row + j, S.CentreInDouble(S.Load(row + j), shift, offsets + j));
        }

        for (; j < count; j++)
        {
            row[j] = T.CreateTruncating(double.CreateTruncating(row[j]) - shift - offsets[j]);
        }
    }

    /// <summary>A(i, j) = (A(i, j) - means(j)) factors(j), in double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Standardise(MatrixView<T> A, double* means, double* factors)
    {
        for (nint i = 0; i < A.Rows; i++)
        {
            T* row = A.Pointer + (i * A.RowStride);
            nint j = 0;
            for (; j + S.Width <= A.Columns; j += S.Width)
            {
                S.Store(row + j, S.StandardiseInDouble(S.Load(row + j), means + j, factors + j));
            }

            for (; j < A.Columns; j++)
            {
                row[j] = T.CreateTruncating((double.CreateTruncating(row[j]) - means[j]) * factors[j]);
            }
        }
    }
}
