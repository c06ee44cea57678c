using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// Copies between views of different orders, in tiles that stay in the first-level cache, on all threads.
/// </summary>
internal static unsafe class TiledCopy
{
    /// <summary>Rows and columns of a tile: a cache line of doubles by some lines.</summary>
    private const int TileRows = 8;
    private const int TileColumns = 64;

    /// <summary>Tiles under one another that one task copies.</summary>
    private const int TilesPerTask = 16;

    /// <summary>target = source, of the same shape; the two must not overlap.</summary>
    public static void Run<T>(SimdContext context, MatrixView<T> source, MatrixView<T> target)
        where T : unmanaged
    {
        Shapes.RequireSame(source.Rows, source.Columns, target.Rows, target.Columns, nameof(target));
        if (source.Rows < source.Columns)
        {
            source = source.Transposed;
            target = target.Transposed;
        }

        const int RowsPerTask = TileRows * TilesPerTask;
        int tasks = checked((int)((source.Rows + RowsPerTask - 1) / RowsPerTask));
        context.Pool.For(tasks, (source, target), static (on, task) =>
        {
            (MatrixView<T> source, MatrixView<T> target) = on;
            nint first = (nint)task * RowsPerTask;
            nint end = Math.Min(source.Rows, first + RowsPerTask);
            for (nint column = 0; column < source.Columns; column += TileColumns)
            {
                for (nint row = first; row < end; row += TileRows)
                {
                    CopyTile(source, target, row, Math.Min(end, row + TileRows), column);
                }
            }
        });
    }

    /// <summary>Row i of the target = row order[i] of the source; the two must not overlap.</summary>
    public static void Rows<T>(SimdContext context, MatrixView<T> source, int[] order, MatrixView<T> target)
        where T : unmanaged
    {
        Shapes.RequireSame(order.Length, source.Columns, target.Rows, target.Columns, nameof(target));
        context.Pool.For((order.Length + TileRows - 1) / TileRows, (source, order, target), static (on, task) =>
        {
            (MatrixView<T> source, int[] order, MatrixView<T> target) = on;
            nint first = (nint)task * TileRows;
            nint end = Math.Min(order.Length, first + TileRows);
            for (nint column = 0; column < source.Columns; column += TileColumns)
            {
                CopyRows(source, order, target, first, end, column);
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyRows<T>(
        MatrixView<T> source, int[] order, MatrixView<T> target, nint row, nint endRow, nint column)
        where T : unmanaged
    {
        nint endColumn = Math.Min(source.Columns, column + TileColumns);
        for (nint j = column; j < endColumn; j++)
        {
            for (nint i = row; i < endRow; i++)
            {
                target[i, j] = source[order[i], j];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyTile<T>(MatrixView<T> source, MatrixView<T> target, nint row, nint endRow, nint column)
        where T : unmanaged
    {
        nint endColumn = Math.Min(source.Columns, column + TileColumns);
        nint start = column;
        if (endRow - row == Transposition.Order)
        {
            start = TransposeWhole(source, target, row, column, endColumn);
        }

        for (nint j = start; j < endColumn; j++)
        {
            for (nint i = row; i < endRow; i++)
            {
                target[i, j] = source[i, j];
            }
        }
    }

    /// <summary>
    /// Eight rows of a tile through registers, eight columns at a time, where one side has its rows contiguous and the
    /// other its columns; returns the column that this came to.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint TransposeWhole<T>(
        MatrixView<T> source, MatrixView<T> target, nint row, nint column, nint endColumn)
        where T : unmanaged
    {
        const int Order = Transposition.Order;
        nint j = column;
        if (source.ColumnStride == 1 && target.RowStride == 1)
        {
            for (; j + Order <= endColumn; j += Order)
            {
                Transposition.Block(
                    source.Pointer + (row * source.RowStride) + j, source.RowStride,
                    target.Pointer + (j * target.ColumnStride) + row, target.ColumnStride);
            }
        }
        else if (source.RowStride == 1 && target.ColumnStride == 1)
        {
            for (; j + Order <= endColumn; j += Order)
            {
                Transposition.Block(
                    source.Pointer + (j * source.ColumnStride) + row, source.ColumnStride,
                    target.Pointer + (row * target.RowStride) + j, target.RowStride);
            }
        }

        return j;
    }
}
