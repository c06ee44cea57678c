namespace VemKernels.Simd;

/// <summary>
/// Some rows and columns of m square kernels that stand side by side, named by index lists and packed straight into the
/// panels of the micro-kernel.
/// <code>
///   Ks  n x (m n):   | K_0 | K_1 | ... |     K_i(r, c) = Ks(rows[r], i n + columns[c]) - offsets[i n + columns[c]]
/// </code>
/// </summary>
internal readonly unsafe struct IndexedKernels<T>(
    MatrixView<T> kernels, int count, int* rows, int rowCount, int* columns, int columnCount, T* offsets)
    where T : unmanaged
{
    /// <summary>Number of kernels, m.</summary>
    public int Count => count;

    /// <summary>Rows taken of each kernel.</summary>
    public int Rows => rowCount;

    /// <summary>Columns taken of each kernel: the depth of the products.</summary>
    public int Columns => columnCount;

    /// <summary>Samples of the whole kernels, n.</summary>
    private nint Samples => kernels.Rows;

    /// <summary>The entry (r, 0) of kernel i before its column is chosen: what the column index is added to.</summary>
    public T* Row(int kernel, int row) =>
        kernels.Pointer + (rows[row] * kernels.RowStride) + (kernel * Samples * kernels.ColumnStride);

    /// <summary>Elements from one column of a kernel to the next.</summary>
    public nint ColumnStride => kernels.ColumnStride;

    /// <summary>Indices of the columns taken.</summary>
    public int* ColumnIndices => columns;

    /// <summary>Offsets of the columns of kernel i, or null.</summary>
    public T* Offsets(int kernel) => offsets is null ? null : offsets + (kernel * Samples);
}
