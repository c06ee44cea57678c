namespace VemKernels.Simd;

/// <summary>
/// Shares out the rows of a matrix, or strips of its columns, in tasks of a fixed size. Bodies are static and get what
/// they work on as their state, so that a loop allocates nothing.
/// </summary>
internal static class Rows
{
    /// <summary>Elements in a task: some tens of microseconds of memory traffic.</summary>
    private const nint ElementsPerTask = 1 << 16;

    /// <summary>
    /// Columns in a strip: a row's piece is some cache lines, the sums of a strip fit in the first-level cache.
    /// </summary>
    public const int StripColumns = 256;

    /// <summary>Strips for each thread, where there are columns enough.</summary>
    private const int StripsPerThread = 4;

    /// <summary>Columns of the narrowest strips: a multiple of any vector's width.</summary>
    private const int LeastStripColumns = 128;

    /// <summary>body(state, first row, count of rows).</summary>
    public static void For<TState>(
        SimdContext context, nint rows, nint columns, TState state, Action<TState, nint, nint> body)
    {
        if (rows == 0 || columns == 0)
        {
            return;
        }

        nint perTask = Math.Max(1, ElementsPerTask / columns);
        RowTasks<TState> tasks = new(rows, perTask, state, body);
        context.Pool.For(checked((int)((rows + perTask - 1) / perTask)), ref tasks);
    }

    /// <summary>body(first row, count of rows), for what is not called for each tile of targets.</summary>
    public static void For(SimdContext context, nint rows, nint columns, Action<nint, nint> body) =>
        For(context, rows, columns, body, static (body, first, count) => body(first, count));

    /// <summary>body(state, first column, count of columns), count at most <see cref="StripColumns"/>.</summary>
    public static void ForStrips<TState>(
        SimdContext context, nint columns, TState state, Action<TState, nint, int> body) =>
        ForStrips(context, StripColumns, columns, state, body);

    /// <summary>body(state, first column, count of columns), count at most width.</summary>
    public static void ForStrips<TState>(
        SimdContext context, int width, nint columns, TState state, Action<TState, nint, int> body)
    {
        StripTasks<TState> tasks = new(columns, width, state, body);
        context.Pool.For(checked((int)((columns + width - 1) / width)), ref tasks);
    }

    /// <summary>
    /// The same in strips as wide as leaves each thread some of them: for bodies that read long pieces of rows.
    /// </summary>
    public static void ForBalancedStrips<TState>(
        SimdContext context, int most, nint columns, TState state, Action<TState, nint, int> body)
    {
        nint each = columns / (context.Pool.Threads * StripsPerThread);
        int width = (int)Math.Clamp(each / LeastStripColumns * LeastStripColumns, LeastStripColumns, most);
        ForStrips(context, width, columns, state, body);
    }

    /// <summary>body(first column, count of columns), for what is not called for each tile of targets.</summary>
    public static void ForStrips(SimdContext context, nint columns, Action<nint, int> body) =>
        ForStrips(context, columns, body, static (body, first, count) => body(first, count));

    private readonly struct RowTasks<TState>(nint rows, nint perTask, TState state, Action<TState, nint, nint> body)
        : IParallelTasks
    {
        public void Run(int task)
        {
            nint first = task * perTask;
            body(state, first, Math.Min(perTask, rows - first));
        }
    }

    private readonly struct StripTasks<TState>(nint columns, int width, TState state, Action<TState, nint, int> body)
        : IParallelTasks
    {
        public void Run(int task)
        {
            nint first = (nint)task * width;
            body(state, first, (int)Math.Min(width, columns - first));
        }
    }
}
