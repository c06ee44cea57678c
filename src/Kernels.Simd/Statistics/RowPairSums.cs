using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>The sums of <see cref="PairSums{S, V, T}"/>, on vectors of doubles.</summary>
internal static unsafe class RowPairSums<D, W, T>
    where D : struct, ISimd<W, double>
    where W : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Rows that the sums of a vector of columns stay in registers for. Eight took 1.07 times as long for r2, 1.14 for
    /// correlation (Zen 4, two threads), and more in what the caches hold.
    /// </summary>
    private const int RowsAtOnce = 4;

    /// <summary>Elements of a cache line.</summary>
    private static int Line
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => CacheSizes.Line / sizeof(T);
    }

    /// <summary>See <see cref="PairSums{S, V, T}.Errors"/>.</summary>
    public static void Errors(RowSet<T> y, RowSet<T> p, int columns, double* sums, double* squares, double* errors)
    {
        T* shift = y.Row(0);
        T** rows = stackalloc T*[4 * RowsAtOnce];
        for (nint i = 0; i < y.Count; i += RowsAtOnce)
        {
            Find(y, p, i, rows);
            AddErrors((int)Math.Min(RowsAtOnce, y.Count - i), rows, shift, columns, sums, squares, errors);
        }
    }

    /// <summary>See <see cref="PairSums{S, V, T}.Products"/>.</summary>
    public static void Products(
        RowSet<T> y, RowSet<T> p, int columns, double* ySums, double* ySquares, double* pSums, double* pSquares,
        double* products)
    {
        T* yShift = y.Row(0);
        T* pShift = p.Row(0);
        T** rows = stackalloc T*[4 * RowsAtOnce];
        for (nint i = 0; i < y.Count; i += RowsAtOnce)
        {
            Find(y, p, i, rows);
            AddProducts(
                (int)Math.Min(RowsAtOnce, y.Count - i), rows, yShift, pShift, columns, ySums, ySquares, pSums, pSquares,
                products);
        }
    }

    /// <summary>
    /// Where rows of both sides begin, y, p, y, p: those to be added and those below; past the end the last.
    /// </summary>
    private static void Find(RowSet<T> y, RowSet<T> p, nint first, T** rows)
    {
        for (int r = 0; r < 2 * RowsAtOnce; r++)
        {
            nint i = Math.Min(first + r, y.Count - 1);
            rows[2 * r] = y.Row(i);
            rows[(2 * r) + 1] = p.Row(i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddErrors(
        int count, T** rows, T* shift, int columns, double* sums, double* squares, double* errors)
    {
        int j = 0;
        for (; j + D.Width <= columns; j += D.Width)
        {
            if (j % Line == 0)
            {
                Prefetch(rows, j);
            }

            W s = WideVector<D, W, T>.Load(shift + j);
            W sum = D.Load(sums + j), square = D.Load(squares + j), error = D.Load(errors + j);
            if (count == RowsAtOnce)
            {
                AddErrors(rows[0] + j, rows[1] + j, s, ref sum, ref square, ref error);
                AddErrors(rows[2] + j, rows[3] + j, s, ref sum, ref square, ref error);
                AddErrors(rows[4] + j, rows[5] + j, s, ref sum, ref square, ref error);
                AddErrors(rows[6] + j, rows[7] + j, s, ref sum, ref square, ref error);
            }
            else
            {
                for (int r = 0; r < count; r++)
                {
                    AddErrors(rows[2 * r] + j, rows[(2 * r) + 1] + j, s, ref sum, ref square, ref error);
                }
            }

            D.Store(sums + j, sum);
            D.Store(squares + j, square);
            D.Store(errors + j, error);
        }

        for (; j < columns; j++)
        {
            double s = double.CreateTruncating(shift[j]);
            for (int r = 0; r < count; r++)
            {
                double a = double.CreateTruncating(rows[2 * r][j]);
                double e = a - double.CreateTruncating(rows[(2 * r) + 1][j]), d = a - s;
                sums[j] += d;
                squares[j] = double.MultiplyAddEstimate(d, d, squares[j]);
                errors[j] = double.MultiplyAddEstimate(e, e, errors[j]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddProducts(
        int count, T** rows, T* yShift, T* pShift, int columns, double* ySums, double* ySquares, double* pSums,
        double* pSquares, double* products)
    {
        int j = 0;
        for (; j + D.Width <= columns; j += D.Width)
        {
            if (j % Line == 0)
            {
                Prefetch(rows, j);
            }

            W s = WideVector<D, W, T>.Load(yShift + j), t = WideVector<D, W, T>.Load(pShift + j);
            W ySum = D.Load(ySums + j), ySquare = D.Load(ySquares + j), product = D.Load(products + j);
            W pSum = D.Load(pSums + j), pSquare = D.Load(pSquares + j);
            if (count == RowsAtOnce)
            {
                AddProducts(rows[0] + j, rows[1] + j, s, t, ref ySum, ref ySquare, ref pSum, ref pSquare, ref product);
                AddProducts(rows[2] + j, rows[3] + j, s, t, ref ySum, ref ySquare, ref pSum, ref pSquare, ref product);
                AddProducts(rows[4] + j, rows[5] + j, s, t, ref ySum, ref ySquare, ref pSum, ref pSquare, ref product);
                AddProducts(rows[6] + j, rows[7] + j, s, t, ref ySum, ref ySquare, ref pSum, ref pSquare, ref product);
            }
            else
            {
                for (int r = 0; r < count; r++)
                {
                    T* y = rows[2 * r] + j;
                    T* p = rows[(2 * r) + 1] + j;
                    AddProducts(y, p, s, t, ref ySum, ref ySquare, ref pSum, ref pSquare, ref product);
                }
            }

            D.Store(ySums + j, ySum);
            D.Store(ySquares + j, ySquare);
            D.Store(pSums + j, pSum);
            D.Store(pSquares + j, pSquare);
            D.Store(products + j, product);
        }

        for (; j < columns; j++)
        {
            double s = double.CreateTruncating(yShift[j]), t = double.CreateTruncating(pShift[j]);
            for (int r = 0; r < count; r++)
            {
                double d = double.CreateTruncating(rows[2 * r][j]) - s;
                double e = double.CreateTruncating(rows[(2 * r) + 1][j]) - t;
                ySums[j] += d;
                pSums[j] += e;
                ySquares[j] = double.MultiplyAddEstimate(d, d, ySquares[j]);
                pSquares[j] = double.MultiplyAddEstimate(e, e, pSquares[j]);
                products[j] = double.MultiplyAddEstimate(d, e, products[j]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddErrors(T* y, T* p, W shift, ref W sum, ref W square, ref W error)
    {
        W a = WideVector<D, W, T>.Load(y);
        W e = D.Subtract(a, WideVector<D, W, T>.Load(p));
        W d = D.Subtract(a, shift);
        sum = D.Add(sum, d);
        square = D.MultiplyAdd(d, d, square);
        error = D.MultiplyAdd(e, e, error);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddProducts(
        T* y, T* p, W yShift, W pShift, ref W ySum, ref W ySquare, ref W pSum, ref W pSquare, ref W product)
    {
        W d = D.Subtract(WideVector<D, W, T>.Load(y), yShift);
        W e = D.Subtract(WideVector<D, W, T>.Load(p), pShift);
        ySum = D.Add(ySum, d);
        pSum = D.Add(pSum, e);
        ySquare = D.MultiplyAdd(d, d, ySquare);
        pSquare = D.MultiplyAdd(e, e, pSquare);
        product = D.MultiplyAdd(d, e, product);
    }

    /// <summary>Asks for a line of each row below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(T** rows, int column)
    {
        for (int r = 2 * RowsAtOnce; r < 4 * RowsAtOnce; r++)
        {
            D.PrefetchFar((double*)(rows[r] + column));
        }
    }
}
