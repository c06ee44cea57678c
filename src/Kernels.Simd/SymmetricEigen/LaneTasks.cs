namespace VemKernels.Simd;

/// <summary>How groups of lanes, a small matrix in each lane, are shared out over threads.</summary>
internal static class LaneTasks
{
    /// <summary>
    /// Elements of a matrix times groups in a task: some ten microseconds of work, so that threads rarely meet at the
    /// scratch pool and the loop's counter.
    /// </summary>
    private const long ElementsPerTask = 256;

    /// <summary>Tasks that there should be at least, for an even share.</summary>
    private const int TasksEnough = 16;

    /// <summary>
    /// Calls the body with the first matrix and the number of matrices of each task: whole groups of that width, the
    /// last one perhaps not full.
    /// </summary>
    public static void For(
        SimdContext context, int count, int width, nint elements, Action<int, int> body, CancellationToken cancellation)
    {
        int groups = (count + width - 1) / width;
        int wanted = (int)Math.Max(1, ElementsPerTask / elements);
        int matrices = width * Math.Min(wanted, (groups + TasksEnough - 1) / TasksEnough);
        context.Pool.For((count + matrices - 1) / matrices, task =>
        {
            cancellation.ThrowIfCancellationRequested();
            int first = task * matrices;
            body(first, Math.Min(matrices, count - first));
        });
    }
}
