namespace VemKernels;

/// <summary>
/// A rows x columns window on a <see cref="DeviceMatrix{T}"/>: an offset and two strides, counted in elements.
/// Transposes and sub-matrices are views; the operations of <see cref="IBackend"/> take any of them.
/// </summary>
/// <param name="Owner">The matrix that owns the memory.</param>
/// <param name="Offset">Elements from the owner's first to this view's (0, 0).</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Columns">Number of columns.</param>
/// <param name="RowStride">Elements from one row to the next.</param>
/// <param name="ColumnStride">Elements from one column to the next.</param>
/// <typeparam name="T">The element type.</typeparam>
public readonly record struct DeviceView<T>(
    DeviceMatrix<T> Owner, nint Offset, nint Rows, nint Columns, nint RowStride, nint ColumnStride)
    where T : unmanaged
{
    /// <summary>The same memory with rows and columns exchanged.</summary>
    public DeviceView<T> Transposed => this with
    {
        Rows = Columns, Columns = Rows, RowStride = ColumnStride, ColumnStride = RowStride,
    };

    /// <summary>Whether the view has no element.</summary>
    public bool IsEmpty => Rows == 0 || Columns == 0;

    /// <summary>The sub-view that starts at (row, column).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The block reaches outside the view.</exception>
    public DeviceView<T> Block(nint row, nint column, nint rows, nint columns)
    {
        if (row < 0 || rows < 0 || row > Rows - rows || column < 0 || columns < 0 || column > Columns - columns)
        {
            throw new ArgumentOutOfRangeException(
                nameof(row), $"Block ({row}, {column}) + {rows} x {columns} reaches outside {Rows} x {Columns}.");
        }

        return this with
        {
            Offset = Offset + (row * RowStride) + (column * ColumnStride), Rows = rows, Columns = columns,
        };
    }

    /// <summary>
    /// Shape and place. (What the compiler would write prints <see cref="Transposed"/>, which prints its own, without
    /// end.)
    /// </summary>
    public override string ToString() =>
        $"{Rows} x {Columns} {typeof(T).Name} at {Offset}, strides {RowStride} and {ColumnStride}";

    /// <summary>The rows first, first + 1, ... of the view.</summary>
    public DeviceView<T> SliceRows(nint first, nint count) => Block(first, 0, count, Columns);

    /// <summary>The columns first, first + 1, ... of the view.</summary>
    public DeviceView<T> SliceColumns(nint first, nint count) => Block(0, first, Rows, count);
}
