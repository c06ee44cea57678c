using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// Sums down the columns of a strip, in double, in the order of the rows. The sums of a strip stay in the caches near
/// the processor while rows stream by, four at a time, each asked for some cache lines ahead: rows of many targets are
/// pages apart, and the processor's own prefetchers begin anew at every piece. The arithmetic on single elements is in
/// T, as the scores of the field's packages have it; what is summed up is not rounded again.
/// </summary>
internal static unsafe class ColumnSums<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows at a time; a sum is loaded and stored half as often as there are rows.</summary>
    private const int RowsAtOnce = 4;

    /// <summary>Bytes that each row is asked for ahead; 256 to 512 are alike, 1024 and more slower.</summary>
    private const int PrefetchBytes = 512;

    /// <summary>sums(j) = sum of x(i, j).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum(RowSet<T> x, int columns, double* sums)
    {
        new Span<double>(sums, columns).Clear();
        nint ahead = PrefetchBytes / sizeof(T);
        nint i = 0;
        for (; i + RowsAtOnce <= x.Count; i += RowsAtOnce)
        {
            T* x0 = x.Row(i), x1 = x.Row(i + 1), x2 = x.Row(i + 2), x3 = x.Row(i + 3);
            int j = 0;
            for (; j + S.Width <= columns; j += S.Width)
            {
                Prefetch(x0 + j + ahead, x1 + j + ahead, x2 + j + ahead, x3 + j + ahead);
                S.AddToDoubles(S.Load(x0 + j), S.Load(x1 + j), sums + j);
                S.AddToDoubles(S.Load(x2 + j), S.Load(x3 + j), sums + j);
            }

            for (; j < columns; j++)
            {
                double sum = sums[j] + double.CreateTruncating(x0[j]) + double.CreateTruncating(x1[j]);
                sums[j] = sum + double.CreateTruncating(x2[j]) + double.CreateTruncating(x3[j]);
            }
        }

        for (; i < x.Count; i++)
        {
            T* row = x.Row(i);
            int j = 0;
            for (; j + S.Width <= columns; j += S.Width)
            {
                S.AddToDoubles(S.Load(row + j), sums + j);
            }

            for (; j < columns; j++)
            {
                sums[j] += double.CreateTruncating(row[j]);
            }
        }
    }

    /// <summary>sums(j) = sum of x(i, j)^2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Squares(RowSet<T> x, int columns, double* sums)
    {
        new Span<double>(sums, columns).Clear();
        AddProducts(x, x, columns, sums);
    }

    /// <summary>sums(j) += sum of x(i, j) y(i, j).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddProducts(RowSet<T> x, RowSet<T> y, int columns, double* sums)
    {
        nint ahead = PrefetchBytes / sizeof(T);
        nint i = 0;
        for (; i + RowsAtOnce <= x.Count; i += RowsAtOnce)
        {
            T* x0 = x.Row(i), x1 = x.Row(i + 1), x2 = x.Row(i + 2), x3 = x.Row(i + 3);
            T* y0 = y.Row(i), y1 = y.Row(i + 1), y2 = y.Row(i + 2), y3 = y.Row(i + 3);
            int j = 0;
            for (; j + S.Width <= columns; j += S.Width)
            {
                Prefetch(x0 + j + ahead, x1 + j + ahead, x2 + j + ahead, x3 + j + ahead);
                Prefetch(y0 + j + ahead, y1 + j + ahead, y2 + j + ahead, y3 + j + ahead);
                V p0 = S.Multiply(S.Load(x0 + j), S.Load(y0 + j)), p1 = S.Multiply(S.Load(x1 + j), S.Load(y1 + j));
                S.AddToDoubles(p0, p1, sums + j);
                V p2 = S.Multiply(S.Load(x2 + j), S.Load(y2 + j)), p3 = S.Multiply(S.Load(x3 + j), S.Load(y3 + j));
                S.AddToDoubles(p2, p3, sums + j);
            }

            for (; j < columns; j++)
            {
                double sum = sums[j] + double.CreateTruncating(x0[j] * y0[j]) + double.CreateTruncating(x1[j] * y1[j]);
                sums[j] = sum + double.CreateTruncating(x2[j] * y2[j]) + double.CreateTruncating(x3[j] * y3[j]);
            }
        }

        for (; i < x.Count; i++)
        {
            T* a = x.Row(i);
            T* b = y.Row(i);
            int j = 0;
            for (; j + S.Width <= columns; j += S.Width)
            {
                S.AddToDoubles(S.Multiply(S.Load(a + j), S.Load(b + j)), sums + j);
            }

            for (; j < columns; j++)
            {
                sums[j] += double.CreateTruncating(a[j] * b[j]);
            }
        }
    }

    /// <summary>
    /// sums(j) = sum of (x(i, j) - shift(j)), squares(j) = sum of its squares: with the shift near the mean, the
    /// corrected two-pass variance (Chan, Golub and LeVeque 1983).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Shifted(RowSet<T> x, T* shift, int columns, double* sums, double* squares)
    {
        new Span<double>(sums, columns).Clear();
        new Span<double>(squares, columns).Clear();
        nint i = 0;
        for (; i + RowsAtOnce <= x.Count; i += RowsAtOnce)
        {
            T* x0 = x.Row(i), x1 = x.Row(i + 1), x2 = x.Row(i + 2), x3 = x.Row(i + 3);
            int j = 0;
            for (; j + S.Width <= columns; j += S.Width)
            {
                V s = S.Load(shift + j);
                V d0 = S.Subtract(S.Load(x0 + j), s), d1 = S.Subtract(S.Load(x1 + j), s);
                V d2 = S.Subtract(S.Load(x2 + j), s), d3 = S.Subtract(S.Load(x3 + j), s);
                S.AddToDoubles(d0, d1, sums + j);
                S.AddToDoubles(d2, d3, sums + j);
                S.AddToDoubles(S.Multiply(d0, d0), S.Multiply(d1, d1), squares + j);
                S.AddToDoubles(S.Multiply(d2, d2), S.Multiply(d3, d3), squares + j);
            }

            for (; j < columns; j++)
            {
                Add(x0[j] - shift[j], sums + j, squares + j);
                Add(x1[j] - shift[j], sums + j, squares + j);
                Add(x2[j] - shift[j], sums + j, squares + j);
                Add(x3[j] - shift[j], sums + j, squares + j);
            }
        }

        for (; i < x.Count; i++)
        {
            T* row = x.Row(i);
            int j = 0;
            for (; j + S.Width <= columns; j += S.Width)
            {
                V d = S.Subtract(S.Load(row + j), S.Load(shift + j));
                S.AddToDoubles(d, sums + j);
                S.AddToDoubles(S.Multiply(d, d), squares + j);
            }

            for (; j < columns; j++)
            {
                Add(row[j] - shift[j], sums + j, squares + j);
            }
        }
    }

    /// <summary>
    /// The sum of a contiguous row: lane by lane of four vectors, so that none waits for its last sum, then the lanes
    /// in order, then what is left.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double OfRow(nint count, T* row)
    {
        const int vectors = 4;
        int w = S.Width;
        double* lanes = stackalloc double[vectors * w];
        new Span<double>(lanes, vectors * w).Clear();
        nint j = 0;
        for (; j + (vectors * w) <= count; j += vectors * w)
        {
            S.AddToDoubles(S.Load(row + j), lanes);
            S.AddToDoubles(S.Load(row + j + w), lanes + w);
            S.AddToDoubles(S.Load(row + j + (2 * w)), lanes + (2 * w));
            S.AddToDoubles(S.Load(row + j + (3 * w)), lanes + (3 * w));
        }

        double sum = 0;
        for (int lane = 0; lane < vectors * w; lane++)
        {
            sum += lanes[lane];
        }

        for (; j < count; j++)
        {
            sum += double.CreateTruncating(row[j]);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(T value, double* sum, double* square)
    {
        *sum += double.CreateTruncating(value);
        *square += double.CreateTruncating(value * value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(T* first, T* second, T* third, T* fourth)
    {
        S.Prefetch(first);
        S.Prefetch(second);
        S.Prefetch(third);
        S.Prefetch(fourth);
    }
}
