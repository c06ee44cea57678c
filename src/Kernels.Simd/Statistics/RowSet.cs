using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>Some rows of a matrix: all in order, or those that an index list names; contiguous columns.</summary>
internal readonly unsafe struct RowSet<T>(T* pointer, nint rowStride, nint count, int* indices)
    where T : unmanaged
{
    public RowSet(MatrixView<T> view)
        : this(view.Pointer, view.RowStride, view.Rows, null)
    {
    }

    public nint Count => count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T* Row(nint i) => pointer + ((indices is null ? i : indices[i]) * rowStride);

    public RowSet<T> FromColumn(nint column) => new(pointer + column, rowStride, count, indices);
}
