using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// Sums down the columns of a strip, in double, in the order of the rows. A strip is under <see
/// cref="Rows.StripColumns"/> wide, so its sums stay in the first-level cache while whole rows stream by. The
/// arithmetic on single elements is in T, as the scores of the field's packages have it; what is summed up is not
/// rounded again.
/// </summary>
internal static unsafe class ColumnSums<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>sums(j) = sum of x(i, j).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum(RowSet<T> x, int columns, double* sums)
    {
        new Span<double>(sums, columns).Clear();
        for (nint i = 0; i < x.Count; i++)
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
        for (nint i = 0; i < x.Count; i++)
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
        for (nint i = 0; i < x.Count; i++)
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
                T d = row[j] - shift[j];
                sums[j] += double.CreateTruncating(d);
                squares[j] += double.CreateTruncating(d * d);
            }
        }
    }
}
