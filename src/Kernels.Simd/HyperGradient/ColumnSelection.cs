namespace VemKernels.Simd;

/// <summary>Columns that an index list names, out of a matrix and back into one.</summary>
internal static class ColumnSelection<T>
    where T : unmanaged
{
    public static void Gather(SimdContext context, MatrixView<T> source, int[] indices, MatrixView<T> destination) =>
        Rows.For(context, source.Rows, indices.Length, (first, count) =>
        {
            for (nint i = first; i < first + count; i++)
            {
                for (int j = 0; j < indices.Length; j++)
                {
                    destination[i, j] = source[i, indices[j]];
                }
            }
        });

    public static void Scatter(SimdContext context, MatrixView<T> source, int[] indices, MatrixView<T> destination) =>
        Rows.For(context, source.Rows, indices.Length, (first, count) =>
        {
            for (nint i = first; i < first + count; i++)
            {
                for (int j = 0; j < indices.Length; j++)
                {
                    destination[i, indices[j]] = source[i, j];
                }
            }
        });
}
