namespace VemKernels.Simd;

/// <summary>Shares out the rows of a matrix, or strips of its columns, in tasks of a fixed size.</summary>
internal static class Rows
{
    /// <summary>Elements in a task: some tens of microseconds of memory traffic.</summary>
    private const nint ElementsPerTask = 1 << 16;

    /// <summary>
    /// Columns in a strip: a row's piece is some cache lines, the sums of a strip fit in the first-level cache.
    /// </summary>
    public const int StripColumns = 256;

    /// <summary>body(first row, count of rows).</summary>
    public static void For(SimdContext context, nint rows, nint columns, Action<nint, nint> body)
    {
        if (rows == 0 || columns == 0)
        {
            return;
        }

        nint perTask = Math.Max(1, ElementsPerTask / columns);
        context.Pool.For(checked((int)((rows + perTask - 1) / perTask)), task =>
        {
            nint first = task * perTask;
            body(first, Math.Min(perTask, rows - first));
        });
    }

    /// <summary>body(first column, count of columns), count at most <see cref="StripColumns"/>.</summary>
    public static void ForStrips(SimdContext context, nint columns, Action<nint, int> body) =>
        ForStrips(context, StripColumns, columns, body);

    /// <summary>body(first column, count of columns), count at most width.</summary>
    public static void ForStrips(SimdContext context, int width, nint columns, Action<nint, int> body) =>
        context.Pool.For(checked((int)((columns + width - 1) / width)), task =>
        {
            nint first = (nint)task * width;
            body(first, (int)Math.Min(width, columns - first));
        });
}
