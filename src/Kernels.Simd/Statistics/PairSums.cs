using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// All sums that a score needs of truth and predictions, in one pass over both: what is read is read once, so that scores
/// run at the speed of memory. Four rows at a time, in pieces of some pages, each asked for some cache lines ahead: rows of
/// many targets are pages apart, and the processor's own prefetchers begin anew at every piece.
/// </summary>
/// <remarks>
/// Deviations are from the first row. Whatever it holds, the sum of squares about it is at most n times the sum about the mean (the
/// first row's own deviation is in both), so the correction in double (Chan, Golub and LeVeque 1983, equation 1.5 and section 3) loses
/// about 1.5 log10(n) of sixteen digits at most, and a constant column gives exactly 0.
/// </remarks>
internal static unsafe class PairSums<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// The most columns at a time: a row's piece is four pages of floats, five sums of each column take 160 KB of the
    /// second-level cache. Measured on Zen 4, one thread: 2 KB pieces of 300 rows, 400 KB apart, are read at 13 GB/s, 8 KB at
    /// 13 to 22, 32 KB at 20, whole rows at 31.
    /// </summary>
    private const nint MostColumns = 4096;

    /// <summary>Rows at a time: eight streams with both sides, read 1.6 times as fast as four.</summary>
    private const int RowsAtOnce = 4;

    /// <summary>The fewest: a multiple of any vector's width.</summary>
    private const nint LeastColumns = 512;

    /// <summary>Strips for each thread, where there are columns enough.</summary>
    private const nint StripsPerThread = 4;

    /// <summary>
    /// Elements from one row of sums to the next, over whole pages: three cache lines more, because a load waits for stores
    /// before it whose address is the same within its page.
    /// </summary>
    private const nint Stagger = 24;

    /// <summary>Bytes that each row is asked for ahead; 256 to 512 are alike, 1024 and more slower.</summary>
    private const int PrefetchBytes = 512;

    /// <summary>Columns at a time, of so many; the sums of a column do not depend on it.</summary>
    public static int StripColumns(nint columns, int threads) => (int)(
        Math.Clamp(columns / (threads * StripsPerThread), LeastColumns, MostColumns) / LeastColumns * LeastColumns);

    /// <summary>Elements from one row of sums to the next.</summary>
    public static nint Pitch(int stripColumns) => stripColumns + Stagger;

    /// <summary>
    /// sums(j) = sum of (y - s), squares(j) = sum of its squares, errors(j) = sum of (y - p)^2, where s is the first row of y.
    /// </summary>
    /// <param name="y">Truth, at least one row.</param>
    /// <param name="p">Predictions, as many rows.</param>
    /// <param name="columns">How many columns.</param>
    /// <param name="sums">Columns in whole vectors, as all of these.</param>
    /// <param name="squares">Sums of (y - s)^2.</param>
    /// <param name="errors">Sums of (y - p)^2.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Errors(RowSet<T> y, RowSet<T> p, int columns, double* sums, double* squares, double* errors)
    {
        Clear(columns, sums, squares, errors);
        T* shift = y.Row(0);
        nint ahead = PrefetchBytes / sizeof(T);
        for (nint i = 0; i < y.Count; i += RowsAtOnce)
        {
            T* y0 = y.Row(i), y1 = RowOr(y, i + 1, shift), y2 = RowOr(y, i + 2, shift), y3 = RowOr(y, i + 3, shift);
            T* p0 = p.Row(i), p1 = RowOr(p, i + 1, shift), p2 = RowOr(p, i + 2, shift), p3 = RowOr(p, i + 3, shift);
            int j = 0;
            for (; j + S.Width <= columns; j += S.Width)
            {
                Prefetch(y0 + j + ahead, y1 + j + ahead, y2 + j + ahead, y3 + j + ahead);
                Prefetch(p0 + j + ahead, p1 + j + ahead, p2 + j + ahead, p3 + j + ahead);
                V s = S.Load(shift + j);
                V a0 = S.Load(y0 + j), a1 = S.Load(y1 + j), a2 = S.Load(y2 + j), a3 = S.Load(y3 + j);
                V e0 = S.Subtract(a0, S.Load(p0 + j)), e1 = S.Subtract(a1, S.Load(p1 + j));
                V e2 = S.Subtract(a2, S.Load(p2 + j)), e3 = S.Subtract(a3, S.Load(p3 + j));
                AddErrors(S.Subtract(a0, s), S.Subtract(a1, s), e0, e1, sums + j, squares + j, errors + j);
                AddErrors(S.Subtract(a2, s), S.Subtract(a3, s), e2, e3, sums + j, squares + j, errors + j);
            }

            if (j < columns)
            {
                int rest = columns - j;
                V s = S.LoadPartial(shift + j, rest);
                V a0 = S.LoadPartial(y0 + j, rest), a1 = S.LoadPartial(y1 + j, rest);
                V a2 = S.LoadPartial(y2 + j, rest), a3 = S.LoadPartial(y3 + j, rest);
                V e0 = S.Subtract(a0, S.LoadPartial(p0 + j, rest)), e1 = S.Subtract(a1, S.LoadPartial(p1 + j, rest));
                V e2 = S.Subtract(a2, S.LoadPartial(p2 + j, rest)), e3 = S.Subtract(a3, S.LoadPartial(p3 + j, rest));
                AddErrors(S.Subtract(a0, s), S.Subtract(a1, s), e0, e1, sums + j, squares + j, errors + j);
                AddErrors(S.Subtract(a2, s), S.Subtract(a3, s), e2, e3, sums + j, squares + j, errors + j);
            }
        }
    }

    /// <summary>
    /// Sums of (y - s) and (p - t), of their squares and of their products, where s and t are the first rows of y and p.
    /// </summary>
    /// <param name="y">Truth, at least one row.</param>
    /// <param name="p">Predictions, as many rows.</param>
    /// <param name="columns">How many columns.</param>
    /// <param name="ySums">Columns in whole vectors, as all of these.</param>
    /// <param name="ySquares">Sums of (y - s)^2.</param>
    /// <param name="pSums">Sums of (p - t).</param>
    /// <param name="pSquares">Sums of (p - t)^2.</param>
    /// <param name="products">Sums of (y - s) (p - t).</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Products(
        RowSet<T> y, RowSet<T> p, int columns, double* ySums, double* ySquares, double* pSums, double* pSquares, double* products)
    {
        Clear(columns, ySums, ySquares, products);
        Clear(columns, pSums, pSquares, products);
        T* s = y.Row(0);
        T* t = p.Row(0);
        nint ahead = PrefetchBytes / sizeof(T);
        for (nint i = 0; i < y.Count; i += RowsAtOnce)
        {
            T* y0 = y.Row(i), y1 = RowOr(y, i + 1, s), y2 = RowOr(y, i + 2, s), y3 = RowOr(y, i + 3, s);
            T* p0 = p.Row(i), p1 = RowOr(p, i + 1, t), p2 = RowOr(p, i + 2, t), p3 = RowOr(p, i + 3, t);
            int j = 0;
            for (; j + S.Width <= columns; j += S.Width)
            {
                Prefetch(y0 + j + ahead, y1 + j + ahead, y2 + j + ahead, y3 + j + ahead);
                Prefetch(p0 + j + ahead, p1 + j + ahead, p2 + j + ahead, p3 + j + ahead);
                V a = S.Load(s + j), b = S.Load(t + j);
                V d0 = S.Subtract(S.Load(y0 + j), a), d1 = S.Subtract(S.Load(y1 + j), a);
                V e0 = S.Subtract(S.Load(p0 + j), b), e1 = S.Subtract(S.Load(p1 + j), b);
                AddProducts(d0, d1, e0, e1, ySums + j, ySquares + j, pSums + j, pSquares + j, products + j);
                d0 = S.Subtract(S.Load(y2 + j), a);
                d1 = S.Subtract(S.Load(y3 + j), a);
                e0 = S.Subtract(S.Load(p2 + j), b);
                e1 = S.Subtract(S.Load(p3 + j), b);
                AddProducts(d0, d1, e0, e1, ySums + j, ySquares + j, pSums + j, pSquares + j, products + j);
            }

            if (j < columns)
            {
                int rest = columns - j;
                V a = S.LoadPartial(s + j, rest), b = S.LoadPartial(t + j, rest);
                V d0 = S.Subtract(S.LoadPartial(y0 + j, rest), a), d1 = S.Subtract(S.LoadPartial(y1 + j, rest), a);
                V e0 = S.Subtract(S.LoadPartial(p0 + j, rest), b), e1 = S.Subtract(S.LoadPartial(p1 + j, rest), b);
                AddProducts(d0, d1, e0, e1, ySums + j, ySquares + j, pSums + j, pSquares + j, products + j);
                d0 = S.Subtract(S.LoadPartial(y2 + j, rest), a);
                d1 = S.Subtract(S.LoadPartial(y3 + j, rest), a);
                e0 = S.Subtract(S.LoadPartial(p2 + j, rest), b);
                e1 = S.Subtract(S.LoadPartial(p3 + j, rest), b);
                AddProducts(d0, d1, e0, e1, ySums + j, ySquares + j, pSums + j, pSquares + j, products + j);
            }
        }
    }

    /// <summary>
    /// Sum of squared deviations from the mean; exactly 0 where the column is constant: where the standard deviation is no larger than
    /// the rounding of the mean.
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

    /// <summary>Row i, or past the last row the shift, whose deviations and errors are zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T* RowOr(RowSet<T> x, nint i, T* shift) => i < x.Count ? x.Row(i) : shift;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(T* first, T* second, T* third, T* fourth)
    {
        S.Prefetch(first);
        S.Prefetch(second);
        S.Prefetch(third);
        S.Prefetch(fourth);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddErrors(V d0, V d1, V e0, V e1, double* sums, double* squares, double* errors)
    {
        S.AddToDoubles(d0, d1, sums);
        S.AddProductsToDoubles(d0, d0, d1, d1, squares);
        S.AddProductsToDoubles(e0, e0, e1, e1, errors);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddProducts(
        V d0, V d1, V e0, V e1, double* ySums, double* ySquares, double* pSums, double* pSquares, double* products)
    {
        S.AddToDoubles(d0, d1, ySums);
        S.AddToDoubles(e0, e1, pSums);
        S.AddProductsToDoubles(d0, d0, d1, d1, ySquares);
        S.AddProductsToDoubles(e0, e0, e1, e1, pSquares);
        S.AddProductsToDoubles(d0, e0, d1, e1, products);
    }

    private static void Clear(int columns, double* first, double* second, double* third)
    {
        // To a whole vector: the last one adds to all of its lanes.
        int whole = (columns + S.Width - 1) / S.Width * S.Width;
        new Span<double>(first, whole).Clear();
        new Span<double>(second, whole).Clear();
        new Span<double>(third, whole).Clear();
    }
}
