namespace VemKernels.Simd;

/// <summary>Rows that an index list names, out of a matrix.</summary>
internal static class RowSelection<T>
    where T : unmanaged
{
    /// <summary>Row i of the destination becomes row indices[i] of the source.</summary>
    public static void Gather(MatrixView<T> source, ReadOnlySpan<int> indices, MatrixView<T> destination)
    {
        for (int i = 0; i < indices.Length; i++)
        {
            source.SliceRows(indices[i], 1).CopyTo(destination.SliceRows(i, 1));
        }
    }
}
