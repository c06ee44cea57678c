namespace VemKernels.Simd;

/// <summary>Columns that an index list names, out of a matrix and back into one.</summary>
internal static unsafe class ColumnSelection<T>
    where T : unmanaged
{
    public static void Gather(
        SimdContext context, MatrixView<T> source, ReadOnlySpan<int> indices, MatrixView<T> destination)
    {
        fixed (int* chosen = indices)
        {
            Rows.For(
                context, source.Rows, indices.Length, (source, (nint)chosen, destination),
                static (on, first, count) =>
                {
                    (MatrixView<T> source, nint list, MatrixView<T> destination) = on;
                    int* indices = (int*)list;
                    for (nint i = first; i < first + count; i++)
                    {
                        for (nint j = 0; j < destination.Columns; j++)
                        {
                            destination[i, j] = source[i, indices[j]];
                        }
                    }
                });
        }
    }

    public static void Scatter(
        SimdContext context, MatrixView<T> source, ReadOnlySpan<int> indices, MatrixView<T> destination)
    {
        fixed (int* chosen = indices)
        {
            Rows.For(
                context, source.Rows, indices.Length, (source, (nint)chosen, destination),
                static (on, first, count) =>
                {
                    (MatrixView<T> source, nint list, MatrixView<T> destination) = on;
                    int* indices = (int*)list;
                    for (nint i = first; i < first + count; i++)
                    {
                        for (nint j = 0; j < source.Columns; j++)
                        {
                            destination[i, indices[j]] = source[i, j];
                        }
                    }
                });
        }
    }
}
