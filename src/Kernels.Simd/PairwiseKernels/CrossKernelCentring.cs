using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// K(i, j) += trainingMean - trainingColumnMeans(j) - mean of row i: centres kernels between new and training samples
/// as if the features had been centred by the training samples (Schoelkopf, Smola and Mueller 1998, appendix B). A row
/// is read for its mean, then again, from cache, to be centred.
/// </summary>
internal static unsafe class CrossKernelCentring<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>K has contiguous rows.</summary>
    public static void Run(SimdContext context, MatrixView<T> K, double* trainingColumnMeans, double trainingMean) =>
        Rows.For(context, K.Rows, K.Columns, (first, count) =>
        {
            for (nint i = first; i < first + count; i++)
            {
                T* row = K.Pointer + (i * K.RowStride);
                double shift = trainingMean - (Sum(K.Columns, row) / K.Columns);
                for (nint j = 0; j < K.Columns; j++)
                {
                    row[j] = T.CreateTruncating(double.CreateTruncating(row[j]) + shift - trainingColumnMeans[j]);
                }
            }
        });

    /// <summary>means(0, j) = mean of column j of A, in double; A has contiguous rows.</summary>
    public static void ColumnMeans(SimdContext context, MatrixView<T> A, MatrixView<double> means) =>
        Rows.ForStrips(context, A.Columns, (first, count) =>
        {
            double* sums = stackalloc double[Rows.StripColumns];
            ColumnSums<S, V, T>.Sum(new RowSet<T>(A.SliceColumns(first, count)), count, sums);
            for (int j = 0; j < count; j++)
            {
                means[0, first + j] = sums[j] / Math.Max(1, A.Rows);
            }
        });

    /// <summary>The sum of a row in double, a lane for each element of a vector, the lanes in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Sum(nint count, T* row)
    {
        double* lanes = stackalloc double[S.Width];
        new Span<double>(lanes, S.Width).Clear();
        nint j = 0;
        for (; j + S.Width <= count; j += S.Width)
        {
            S.AddToDoubles(S.Load(row + j), lanes);
        }

        double sum = 0;
        for (int lane = 0; lane < S.Width; lane++)
        {
            sum += lanes[lane];
        }

        for (; j < count; j++)
        {
            sum += double.CreateTruncating(row[j]);
        }

        return sum;
    }
}
