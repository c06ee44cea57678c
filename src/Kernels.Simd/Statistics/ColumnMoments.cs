using System.Numerics;

namespace VemKernels.Simd;

/// <summary>Mean and spread of the columns of a strip: what r2, correlation and z-scores share.</summary>
internal readonly unsafe ref struct ColumnMoments<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _columns;
    private readonly double _count;
    private readonly double* _means;
    private readonly double* _sums;
    private readonly double* _squares;

    /// <summary>Computes the moments; the buffers hold columns elements each and keep the results.</summary>
    public ColumnMoments(RowSet<T> x, int columns, T* shift, double* means, double* sums, double* squares)
    {
        _columns = columns;
        _count = x.Count;
        _means = means;
        _sums = sums;
        _squares = squares;
        ColumnSums<S, V, T>.Sum(x, columns, means);
        for (int j = 0; j < columns; j++)
        {
            means[j] /= _count;
            shift[j] = T.CreateTruncating(means[j]);
        }

        ColumnSums<S, V, T>.Shifted(x, shift, columns, sums, squares);
    }

    /// <summary>
    /// Sum of squared deviations from the mean; exactly 0 where the column is constant: where the standard deviation is
    /// no larger than the rounding of the mean.
    /// </summary>
    public double SquaredDeviations(int column)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(column, _columns);
        double sum = Math.Max(0, _squares[column] - (_sums[column] * _sums[column] / _count));
        double rounding = Precision.Epsilon<T>() * Math.Abs(_means[column]);
        return sum <= _count * rounding * rounding ? 0 : sum;
    }
}
