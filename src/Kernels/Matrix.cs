using System.Runtime.InteropServices;

namespace VemKernels;

/// <summary>
/// A dense row-major matrix that owns 64-byte-aligned memory outside the garbage-collected heap, so that it may hold
/// more than 2^31 elements and vector loads never split a cache line at the start of a row.
/// </summary>
/// <typeparam name="T">The element type.</typeparam>
public sealed unsafe class Matrix<T> : IDisposable
    where T : unmanaged
{
    /// <summary>Alignment of the first element, in bytes: one cache line, one 512-bit vector.</summary>
    public const int Alignment = 64;

    private T* _pointer;

    /// <summary>Allocates a rows x columns matrix of zeros.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative size, or more bytes than an address holds.</exception>
    /// <exception cref="OutOfMemoryException">The memory cannot be had.</exception>
    public Matrix(nint rows, nint columns)
        : this(rows, columns, clear: true)
    {
    }

    private Matrix(nint rows, nint columns, bool clear)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        Rows = rows;
        Columns = columns;
        nuint bytes;
        try
        {
            bytes = checked((nuint)rows * (nuint)columns * (nuint)sizeof(T));
        }
        catch (OverflowException)
        {
            throw new ArgumentOutOfRangeException(
                nameof(rows), $"A matrix of {rows} x {columns} does not fit in the address space.");
        }

        _pointer = (T*)AlignedMemory.Allocate(bytes);
        if (clear)
        {
            NativeMemory.Clear(_pointer, bytes);
        }
    }

    /// <summary>Frees the memory where <see cref="Dispose"/> was not called.</summary>
    ~Matrix() => Free();

    /// <summary>Number of rows.</summary>
    public nint Rows { get; }

    /// <summary>Number of columns.</summary>
    public nint Columns { get; }

    /// <summary>The whole matrix as a view. The view is valid until <see cref="Dispose"/>.</summary>
    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    public MatrixView<T> View
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pointer == null, this);
            return new(_pointer, Rows, Columns, Columns, owner: this);
        }
    }

    /// <summary>The element at (row, column), by reference.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside the matrix.</exception>
    public ref T this[nint row, nint column]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(row);
            ArgumentOutOfRangeException.ThrowIfNegative(column);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(column, Columns);
            return ref View[row, column];
        }
    }

    /// <summary>Allocates a matrix whose contents are undefined: for results that are written whole.</summary>
    public static Matrix<T> Uninitialized(nint rows, nint columns) => new(rows, columns, clear: false);

    /// <summary>Allocates a matrix and copies a row-major span into it.</summary>
    /// <exception cref="ArgumentException">The span does not hold rows * columns elements.</exception>
    public static Matrix<T> From(nint rows, nint columns, ReadOnlySpan<T> values)
    {
        if (values.Length != rows * columns)
        {
            throw new ArgumentException($"{values.Length} values for a matrix of {rows} x {columns}.", nameof(values));
        }

        Matrix<T> matrix = new(rows, columns, clear: false);
        values.CopyTo(new Span<T>(matrix._pointer, values.Length));
        return matrix;
    }

    /// <summary>Allocates a matrix and copies a view into it.</summary>
    public static Matrix<T> From(MatrixView<T> view)
    {
        Matrix<T> matrix = new(view.Rows, view.Columns, clear: false);
        view.CopyTo(matrix.View);
        return matrix;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        AlignedMemory.Free(_pointer);
        _pointer = null;
    }
}
