namespace VemKernels.Simd;

/// <summary>
/// Stacked m x n matrices and the places of their decompositions, seen so that m >= n: wide matrices as their
/// transposes, with the sides exchanged.
/// </summary>
internal readonly unsafe struct StackedSvd<T>(
    MatrixView<T> matrices, MatrixView<T> left, MatrixView<T> values, MatrixView<T> right, int count)
    where T : unmanaged
{
    private readonly nint _rows = matrices.Rows / Math.Max(1, count);
    private readonly nint _k = Math.Min(matrices.Rows / Math.Max(1, count), matrices.Columns);

    /// <summary>m, the longer side.</summary>
    public nint Rows => Math.Max(_rows, matrices.Columns);

    /// <summary>n, the shorter side.</summary>
    public nint Columns => _k;

    /// <summary>
    /// Whether matrices and vectors each lie in one piece, row by row, right behind the one before.
    /// </summary>
    public bool IsDense => !IsWide && IsPacked(matrices) && IsPacked(left) && IsPacked(right);

    private bool IsWide => _rows < matrices.Columns;

    /// <summary>Matrix i, m x n.</summary>
    public MatrixView<T> A(int i)
    {
        MatrixView<T> matrix = matrices.SliceRows(i * _rows, _rows);
        return IsWide ? matrix.Transposed : matrix;
    }

    /// <summary>Where its left singular vectors go, m x n.</summary>
    public MatrixView<T> U(int i) => IsWide ? right.SliceRows(i * _k, _k).Transposed : left.SliceRows(i * _rows, _rows);

    /// <summary>Where its singular values go; the rows of the values are contiguous.</summary>
    public T* Values(int i) => values.Pointer + (i * values.RowStride);

    /// <summary>Where its right singular vectors go, n x n.</summary>
    public MatrixView<T> Vt(
        int i) => IsWide ? left.SliceRows(i * _rows, _rows).Transposed : right.SliceRows(i * _k, _k);

    private static bool IsPacked(MatrixView<T> view) => view.ColumnStride == 1 && view.RowStride == view.Columns;
}
