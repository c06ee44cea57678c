using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// Products of truth and of predictions split over spaces; the rows of the result are in the contract's order.
/// </summary>
internal static unsafe class SplitMoments<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void Run(
        SimdContext context, MatrixView<T> truth, MatrixView<T> predictions, int spaces, MatrixView<double> moments) =>
        Rows.ForStrips(context, truth.Columns, (first, count) =>
        {
            RowSet<T> y = new(truth.SliceColumns(first, count));
            MatrixView<double> result = moments.SliceColumns(first, count);
            double* sums = stackalloc double[Rows.StripColumns];
            Write(y, y, count, sums, result.SliceRows(0, 1));
            for (int i = 0; i < spaces; i++)
            {
                RowSet<T> p = new(predictions.Block(i * truth.Rows, first, truth.Rows, count));
                Write(y, p, count, sums, result.SliceRows(1 + i, 1));
                for (int k = 0; k <= i; k++)
                {
                    RowSet<T> q = new(predictions.Block(k * truth.Rows, first, truth.Rows, count));
                    Write(p, q, count, sums, result.SliceRows(1 + spaces + (i * spaces) + k, 1));
                    if (i != k)
                    {
                        result.SliceRows(1 + spaces + (i * spaces) + k, 1).CopyTo(
                            result.SliceRows(1 + spaces + (k * spaces) + i, 1));
                    }
                }
            }
        });

    private static void Write(RowSet<T> x, RowSet<T> y, int columns, double* sums, MatrixView<double> row)
    {
        new Span<double>(sums, columns).Clear();
        ColumnSums<S, V, T>.AddProducts(x, y, columns, sums);
        for (int j = 0; j < columns; j++)
        {
            row[0, j] = sums[j];
        }
    }
}
