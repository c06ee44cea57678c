using VemKernels.Device;

namespace VemKernels.Cuda;

/// <summary>
/// A view as cuBLAS and cuSOLVER take matrices: an address, a leading dimension, and whether what lies there
/// column-major is the transpose of the view.
/// </summary>
/// <remarks>
/// The rows of a row-major matrix are the columns of its transpose: the same memory, read column-major.
/// </remarks>
/// <param name="Address">The first element.</param>
/// <param name="Leading">Elements from column to column.</param>
/// <param name="IsTransposed">Whether the memory, read column-major, is the view's transpose.</param>
internal readonly record struct ColumnMajor(nint Address, int Leading, bool IsTransposed)
{
    /// <summary>CUBLAS_OP_N or T, which makes the memory the view.</summary>
    public int Operation => IsTransposed ? CuBlas.Transpose : CuBlas.AsIs;

    /// <summary>CUBLAS_OP_T or N, which makes the memory the view's transpose.</summary>
    public int TransposedOperation => IsTransposed ? CuBlas.AsIs : CuBlas.Transpose;

    /// <summary>Describes a view; null where its strides, or its size, are not such as the libraries take.</summary>
    public static ColumnMajor? Of<T>(BufferView view)
        where T : unmanaged
    {
        if (view.IsEmpty || view.Rows > int.MaxValue || view.Columns > int.MaxValue)
        {
            return null;
        }

        nint address = (nint)(view.Buffer.Handle + (view.Offset * (long)(typeof(T) == typeof(float) ? 4 : 8)));

        // The stride of a single row, or column, is never used.
        bool rowsLie = view.Columns == 1 || view.ColumnStride == 1;
        nint rowStride = view.Rows == 1 ? view.Columns : view.RowStride;
        if (rowsLie && rowStride >= view.Columns && rowStride <= int.MaxValue)
        {
            return new ColumnMajor(address, (int)rowStride, IsTransposed: true);
        }

        bool columnsLie = view.Rows == 1 || view.RowStride == 1;
        nint columnStride = view.Columns == 1 ? view.Rows : view.ColumnStride;
        return columnsLie && columnStride >= view.Rows && columnStride <= int.MaxValue
            ? new ColumnMajor(address, (int)columnStride, IsTransposed: false)
            : null;
    }
}
