namespace VemKernels.Device;

/// <summary>A view of a buffer, its owner and its type checked: what kernels get.</summary>
internal readonly record struct BufferView(
    DeviceBuffer Buffer, nint Offset, nint Rows, nint Columns, nint RowStride, nint ColumnStride)
{
    public BufferView Transposed => this with
    {
        Rows = Columns, Columns = Rows, RowStride = ColumnStride, ColumnStride = RowStride,
    };

    /// <summary>Rows and columns in the opposite order: an upper triangle becomes a lower one.</summary>
    public BufferView Reversed => this with
    {
        Offset = Offset + ((Rows - 1) * RowStride) + ((Columns - 1) * ColumnStride), RowStride = -RowStride,
            ColumnStride = -ColumnStride,
    };

    /// <summary>The rows in the opposite order.</summary>
    public BufferView RowsReversed => this with { Offset = Offset + ((Rows - 1) * RowStride), RowStride = -RowStride };

    /// <summary>The diagonal as a row.</summary>
    public BufferView Diagonal => this with
    {
        Rows = 1, Columns = Math.Min(Rows, Columns), ColumnStride = RowStride + ColumnStride,
    };

    public bool IsEmpty => Rows == 0 || Columns == 0;

    /// <summary>Whether the elements of a column, and not of a row, lie side by side.</summary>
    public bool IsColumnMajor => RowStride == 1 && ColumnStride != 1;

    public BufferView Block(nint row, nint column, nint rows, nint columns) => this with
    {
        Offset = Offset + (row * RowStride) + (column * ColumnStride), Rows = rows, Columns = columns,
    };

    public BufferView SliceRows(nint first, nint count) => Block(first, 0, count, Columns);

    public BufferView SliceColumns(nint first, nint count) => Block(0, first, Rows, count);
}
