using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// The largest absolute value among many numbers, compared as integers: without the sign, the bits of a number grow
/// with its size, and those of infinity and NaN are the largest of all, so that one pass also finds these.
/// </summary>
internal static unsafe class LargestMagnitude
{
    /// <summary>Of the lower triangle of a square matrix.</summary>
    public static T OfLowerTriangle<T>(MatrixView<T> A)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Along the contiguous direction: row i up to the diagonal, or column i from it.
        bool byRows = A.HasContiguousRows;
        nint n = A.Rows;
        nint step = byRows ? A.ColumnStride : A.RowStride;
        T largest = T.Zero;
        for (nint i = 0; i < n; i++)
        {
            T* start = A.Pointer + (i * (byRows ? A.RowStride : A.RowStride + A.ColumnStride));
            largest = Of(start, byRows ? i + 1 : n - i, step, largest);
        }

        return largest;
    }

    /// <summary>Of a matrix; 0 if it is empty.</summary>
    public static T Of<T>(MatrixView<T> A)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixView<T> rows = A.HasContiguousRows ? A : A.Transposed;
        T largest = T.Zero;
        for (nint i = 0; i < rows.Rows; i++)
        {
            largest = Of(rows.Pointer + (i * rows.RowStride), rows.Columns, rows.ColumnStride, largest);
        }

        return largest;
    }

    /// <summary>Of count numbers, a step apart, and one that is not negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Of<T>(T* x, nint count, nint step, T largest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(double))
        {
            long bits = Of((long*)x, count, step, Unsafe.BitCast<T, long>(largest), long.MaxValue);
            return Unsafe.BitCast<long, T>(bits);
        }
        else
        {
            int bits = Of((int*)x, count, step, Unsafe.BitCast<T, int>(largest), int.MaxValue);
            return Unsafe.BitCast<int, T>(bits);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static TBits Of<TBits>(TBits* x, nint count, nint step, TBits largest, TBits withoutSign)
        where TBits : unmanaged, IBinaryInteger<TBits>
    {
        nint i = 0;
        if (step == 1 && count >= 2 * Vector<TBits>.Count)
        {
            Vector<TBits> mask = new(withoutSign);
            Vector<TBits> most = Vector.Create(largest);
            for (; i + Vector<TBits>.Count <= count; i += Vector<TBits>.Count)
            {
                most = Vector.Max(most, Vector.Load(x + i) & mask);
            }

            for (int lane = 0; lane < Vector<TBits>.Count; lane++)
            {
                largest = TBits.Max(largest, most[lane]);
            }
        }

        for (; i < count; i++)
        {
            TBits magnitude = x[i * step] & withoutSign;
            largest = magnitude > largest ? magnitude : largest;
        }

        return largest;
    }
}
