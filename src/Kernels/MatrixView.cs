using System.Runtime.CompilerServices;

namespace VemKernels;

/// <summary>
/// A rows x columns window on memory that somebody else owns: an address and two strides, counted in elements.
/// Row-major, Fortran-order and transposed data are all views; none needs a copy.
/// </summary>
/// <remarks>
/// A view that a <see cref="Matrix{T}"/> made keeps that matrix from being collected (not from being disposed). A view
/// of a bare address keeps nothing: whoever made it keeps the memory until its last use. Element access is unchecked;
/// the methods that make sub-views check their arguments.
/// </remarks>
/// <typeparam name="T">The element type.</typeparam>
public readonly unsafe struct MatrixView<T> : IEquatable<MatrixView<T>>
    where T : unmanaged
{
    /// <summary>Makes a view of memory.</summary>
    /// <param name="pointer">Address of element (0, 0).</param>
    /// <param name="rows">Number of rows, at least 0.</param>
    /// <param name="columns">Number of columns, at least 0.</param>
    /// <param name="rowStride">Elements from one row to the next.</param>
    /// <param name="columnStride">Elements from one column to the next.</param>
    /// <param name="owner">What must not be collected while the view is in use; null for nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative size.</exception>
    public MatrixView(T* pointer, nint rows, nint columns, nint rowStride, nint columnStride = 1, object? owner = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        Pointer = pointer;
        Rows = rows;
        Columns = columns;
        RowStride = rowStride;
        ColumnStride = columnStride;
        Owner = owner;
    }

    /// <summary>What the view keeps from being collected.</summary>
    public object? Owner { get; }

    /// <summary>Address of element (0, 0).</summary>
    public T* Pointer { get; }

    /// <summary>Number of rows.</summary>
    public nint Rows { get; }

    /// <summary>Number of columns.</summary>
    public nint Columns { get; }

    /// <summary>Elements from one row to the next.</summary>
    public nint RowStride { get; }

    /// <summary>Elements from one column to the next.</summary>
    public nint ColumnStride { get; }

    /// <summary>Whether the view has no element.</summary>
    public bool IsEmpty => Rows == 0 || Columns == 0;

    /// <summary>Whether the elements of a row lie side by side.</summary>
    public bool HasContiguousRows => ColumnStride == 1 || Columns <= 1;

    /// <summary>The element at (row, column), by reference. Not range-checked.</summary>
    public ref T this[nint row, nint column]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Pointer[(row * RowStride) + (column * ColumnStride)];
    }

    /// <summary>The same memory with rows and columns exchanged.</summary>
    public MatrixView<T> Transposed => new(Pointer, Columns, Rows, ColumnStride, RowStride, Owner);

    /// <summary>The sub-view that starts at (row, column).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The block reaches outside the view.</exception>
    public MatrixView<T> Block(nint row, nint column, nint rows, nint columns)
    {
        CheckRange(row, rows, Rows, nameof(rows));
        CheckRange(column, columns, Columns, nameof(columns));
        return new(
            Pointer + (row * RowStride) + (column * ColumnStride), rows, columns, RowStride, ColumnStride, Owner);
    }

    /// <summary>The rows first, first + 1, ... of the view.</summary>
    public MatrixView<T> SliceRows(nint first, nint count) => Block(first, 0, count, Columns);

    /// <summary>The columns first, first + 1, ... of the view.</summary>
    public MatrixView<T> SliceColumns(nint first, nint count) => Block(0, first, Rows, count);

    /// <summary>A row whose elements lie side by side, as a span.</summary>
    /// <exception cref="InvalidOperationException">The elements of a row are not side by side.</exception>
    public Span<T> RowSpan(nint row)
    {
        if (!HasContiguousRows)
        {
            throw new InvalidOperationException("RowSpan needs a view whose rows are contiguous.");
        }

        return new(Pointer + (row * RowStride), checked((int)Columns));
    }

    /// <summary>Copies all elements into a view of the same size; the two must not overlap.</summary>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public void CopyTo(MatrixView<T> destination)
    {
        Shapes.RequireSame(Rows, Columns, destination.Rows, destination.Columns, nameof(destination));
        if (HasContiguousRows && destination.HasContiguousRows)
        {
            for (nint i = 0; i < Rows; i++)
            {
                long bytes = (long)Columns * sizeof(T);
                Buffer.MemoryCopy(
                    Pointer + (i * RowStride), destination.Pointer + (i * destination.RowStride), bytes, bytes);
            }

            return;
        }

        for (nint i = 0; i < Rows; i++)
        {
            for (nint j = 0; j < Columns; j++)
            {
                destination[i, j] = this[i, j];
            }
        }
    }

    /// <summary>Sets every element.</summary>
    public void Fill(T value)
    {
        for (nint i = 0; i < Rows; i++)
        {
            if (HasContiguousRows && Columns <= int.MaxValue)
            {
                new Span<T>(Pointer + (i * RowStride), (int)Columns).Fill(value);
                continue;
            }

            for (nint j = 0; j < Columns; j++)
            {
                this[i, j] = value;
            }
        }
    }

    /// <inheritdoc/>
    public bool Equals(MatrixView<T> other) =>
        Pointer == other.Pointer && Rows == other.Rows && Columns == other.Columns
        && RowStride == other.RowStride && ColumnStride == other.ColumnStride;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is MatrixView<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine((nint)Pointer, Rows, Columns, RowStride, ColumnStride);

    /// <summary>Whether two views show the same memory in the same way.</summary>
    public static bool operator ==(MatrixView<T> left, MatrixView<T> right) => left.Equals(right);

    /// <summary>Whether two views differ.</summary>
    public static bool operator !=(MatrixView<T> left, MatrixView<T> right) => !left.Equals(right);

    private static void CheckRange(nint first, nint count, nint size, string name)
    {
        if (first < 0 || count < 0 || first > size - count)
        {
            throw new ArgumentOutOfRangeException(name, $"[{first}, {first} + {count}) reaches outside 0..{size}.");
        }
    }
}
