using System.Numerics;
using System.Runtime.Intrinsics;

namespace VemKernels.Simd;

/// <summary>
/// All sums that a score needs of truth and predictions, in one pass over both: what is read is read once, so that
/// scores run at the speed of memory.
/// <code>
///   y   ----------+=========+----------      rows of many targets are pages apart, and the processor's own prefetchers
///       ----------+=========+----------      begin anew at every piece. So while four rows of both sides are added up,
///       ----------+. . . . .+----------      a vector of columns at a time with its sums in registers,
///   p   ----------+=========+----------      the same columns of the four rows below are asked for,
///       ----------+. . . . .+----------      which are then in the second-level cache
/// </code>
/// </summary>
/// <remarks>
/// Deviations are from the first row. Whatever it holds, the sum of squares about it is at most n times the sum about
/// the mean (the first row's own deviation is in both), so the correction in double (Chan, Golub and LeVeque 1983,
/// equation 1.5 and section 3) loses about 1.5 log10(n) of sixteen digits at most, and a constant column gives exactly
/// 0.
/// </remarks>
internal static unsafe class PairSums<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// The most columns at a time: a row's piece is four pages of floats, eight pieces here and eight below 256 KB,
    /// five sums of each column 160 KB of the second-level cache. Measured on Zen 4, two threads: with 2048 columns r2
    /// and correlation took 1.07 and 1.03 times as long, with 8192 1.05 and 1.03 times.
    /// </summary>
    private const nint MostColumns = 4096;

    /// <summary>The fewest: a multiple of any vector's width.</summary>
    private const nint LeastColumns = 512;

    /// <summary>Strips for each thread, where there are columns enough.</summary>
    private const nint StripsPerThread = 4;

    /// <summary>
    /// Elements from one row of sums to the next, over whole pages: three cache lines more, because a load waits for
    /// stores before it whose address is the same within its page.
    /// </summary>
    private const nint Stagger = 24;

    /// <summary>Columns at a time, of so many; the sums of a column do not depend on it.</summary>
    public static int StripColumns(nint columns, int threads) => (int)(
        Math.Clamp(columns / (threads * StripsPerThread), LeastColumns, MostColumns) / LeastColumns * LeastColumns);

    /// <summary>Elements from one row of sums to the next.</summary>
    public static nint Pitch(int stripColumns) => stripColumns + Stagger;

    /// <summary>
    /// sums(j) = sum of (y - s), squares(j) = sum of its squares, errors(j) = sum of (y - p)^2, where s is the first
    /// row of y.
    /// </summary>
    /// <param name="y">Truth, at least one row.</param>
    /// <param name="p">Predictions, as many rows.</param>
    /// <param name="columns">How many columns.</param>
    /// <param name="sums">As many sums as columns, as all of these.</param>
    /// <param name="squares">Sums of (y - s)^2.</param>
    /// <param name="errors">Sums of (y - p)^2.</param>
    public static void Errors(RowSet<T> y, RowSet<T> p, int columns, double* sums, double* squares, double* errors)
    {
        Clear(columns, sums, squares, errors);
        switch (S.Width * sizeof(T))
        {
            case 64:
                RowPairSums<Simd512<double>, Vector512<double>, T>.Errors(y, p, columns, sums, squares, errors);
                break;
            case 32:
                RowPairSums<Simd256<double>, Vector256<double>, T>.Errors(y, p, columns, sums, squares, errors);
                break;
            default:
                RowPairSums<Simd128<double>, Vector128<double>, T>.Errors(y, p, columns, sums, squares, errors);
                break;
        }
    }

    /// <summary>
    /// Sums of (y - s) and (p - t), of their squares and of their products, where s and t are the first rows of y and
    /// p.
    /// </summary>
    /// <param name="y">Truth, at least one row.</param>
    /// <param name="p">Predictions, as many rows.</param>
    /// <param name="columns">How many columns.</param>
    /// <param name="ySums">As many sums as columns, as all of these.</param>
    /// <param name="ySquares">Sums of (y - s)^2.</param>
    /// <param name="pSums">Sums of (p - t).</param>
    /// <param name="pSquares">Sums of (p - t)^2.</param>
    /// <param name="products">Sums of (y - s) (p - t).</param>
    public static void Products(
        RowSet<T> y, RowSet<T> p, int columns, double* ySums, double* ySquares, double* pSums, double* pSquares,
        double* products)
    {
        Clear(columns, ySums, ySquares, products);
        Clear(columns, pSums, pSquares, products);
        switch (S.Width * sizeof(T))
        {
            case 64:
                RowPairSums<Simd512<double>, Vector512<double>, T>.Products(
                    y, p, columns, ySums, ySquares, pSums, pSquares, products);
                break;
            case 32:
                RowPairSums<Simd256<double>, Vector256<double>, T>.Products(
                    y, p, columns, ySums, ySquares, pSums, pSquares, products);
                break;
            default:
                RowPairSums<Simd128<double>, Vector128<double>, T>.Products(
                    y, p, columns, ySums, ySquares, pSums, pSquares, products);
                break;
        }
    }

    /// <summary>
    /// Sum of squared deviations from the mean; exactly 0 where the column is constant: where the standard deviation is
    /// no larger than the rounding of the mean.
    /// </summary>
    /// <param name="shift">What was subtracted.</param>
    /// <param name="sum">Sum of what was left.</param>
    /// <param name="squares">Sum of its squares.</param>
    /// <param name="count">How many rows.</param>
    public static double SquaredDeviations(T shift, double sum, double squares, double count)
    {
        double deviations = Math.Max(0, squares - (sum * sum / count));
        double rounding = Precision.Epsilon<T>() * Math.Abs(double.CreateTruncating(shift) + (sum / count));
        return deviations <= count * rounding * rounding ? 0 : deviations;
    }

    private static void Clear(int columns, double* first, double* second, double* third)
    {
        new Span<double>(first, columns).Clear();
        new Span<double>(second, columns).Clear();
        new Span<double>(third, columns).Clear();
    }
}
