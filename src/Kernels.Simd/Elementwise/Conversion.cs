using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VemKernels.Simd;

/// <summary>
/// Copies that round to float or widen to double: whole vectors where rows are contiguous on both sides, else in tiles
/// that stay in the first-level cache. Rounding is to nearest even, as the hardware does it.
/// </summary>
internal static unsafe class Conversion<TFrom, TTo>
    where TFrom : unmanaged, IBinaryFloatingPointIeee754<TFrom>
    where TTo : unmanaged, IBinaryFloatingPointIeee754<TTo>
{
    /// <summary>Rows of a tile: a cache line of doubles.</summary>
    private const int TileRows = 8;

    public static void Run(SimdContext context, MatrixView<TFrom> source, MatrixView<TTo> destination)
    {
        if (!source.HasContiguousRows && source.RowStride == 1)
        {
            source = source.Transposed;
            destination = destination.Transposed;
        }

        Rows.For(context, source.Rows, source.Columns, (source, destination), static (on, first, count) =>
        {
            (MatrixView<TFrom> source, MatrixView<TTo> destination) = on;
            if (source.HasContiguousRows && destination.HasContiguousRows)
            {
                for (nint i = first; i < first + count; i++)
                {
                    Row(
                        source.Columns, source.Pointer + (i * source.RowStride),
                        destination.Pointer + (i * destination.RowStride));
                }

                return;
            }

            for (nint i = first; i < first + count; i += TileRows)
            {
                Tiles(source, destination, i, Math.Min(TileRows, first + count - i));
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row(nint count, TFrom* from, TTo* to)
    {
        nint j = 0;
        if (typeof(TFrom) == typeof(double) && typeof(TTo) == typeof(float))
        {
            for (; j + Vector256<float>.Count <= count; j += Vector256<float>.Count)
            {
                double* d = (double*)from + j;
                Vector256.Narrow(Vector256.Load(d), Vector256.Load(d + Vector256<double>.Count)).Store((float*)to + j);
            }
        }
        else if (typeof(TFrom) == typeof(float) && typeof(TTo) == typeof(double))
        {
            for (; j + Vector256<float>.Count <= count; j += Vector256<float>.Count)
            {
                (Vector256<double> low, Vector256<double> high) = Vector256.Widen(Vector256.Load((float*)from + j));
                low.Store((double*)to + j);
                high.Store((double*)to + j + Vector256<double>.Count);
            }
        }

        for (; j < count; j++)
        {
            to[j] = TTo.CreateTruncating(from[j]);
        }
    }

    /// <summary>A strip of rows, column after column: neighbours of the destination lie in the strip.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tiles(MatrixView<TFrom> source, MatrixView<TTo> destination, nint firstRow, nint rows)
    {
        TFrom* from = source.Pointer + (firstRow * source.RowStride);
        TTo* to = destination.Pointer + (firstRow * destination.RowStride);
        for (nint j = 0; j < source.Columns; j++)
        {
            for (nint i = 0; i < rows; i++)
            {
                to[(i * destination.RowStride) + (j * destination.ColumnStride)] =
                    TTo.CreateTruncating(from[(i * source.RowStride) + (j * source.ColumnStride)]);
            }
        }
    }
}
