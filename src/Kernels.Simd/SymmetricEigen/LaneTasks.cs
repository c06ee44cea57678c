namespace VemKernels.Simd;

/// <summary>How groups of lanes, a small matrix in each lane, are shared out over threads.</summary>
internal static class LaneTasks
{
    /// <summary>
    /// Elements of the largest matrix for lanes: eight of doubles are 1 MiB, a second-level cache. Measured here (Zen,
    /// 512 bits, double, eigenvalues; singular values): 3.3 and 5 times as fast as a matrix at a time at order 64, 1.2
    /// and 1.8 times at 128, slower beyond.
    /// </summary>
    private const nint LargestMatrix = 128 * 128;

    /// <summary>
    /// Elements up to which lanes pay when at least one in <see cref="LanesPerMatrix"/> is in use; over that they gain
    /// little, and only if there are <see cref="GroupsEnough"/> groups to share out evenly.
    /// </summary>
    private const nint SmallMatrix = 64 * 64;
    private const int LanesPerMatrix = 2;
    private const int GroupsEnough = 4;

    /// <summary>
    /// Elements of a matrix times groups in a task: some ten microseconds of work, so that threads rarely meet at the
    /// scratch pool and the loop's counter.
    /// </summary>
    private const long ElementsPerTask = 256;

    /// <summary>
    /// Elements up to which two vectors of lanes are taken at once (<see cref="SimdPair{S, V, T}"/>): up to about here
    /// lanes wait for square roots and divisions. Measured on Zen 4, eigenvalues of order 4, 8 and 16 in double: the QL
    /// iteration 1.5, 1.3 and 1.2 times as fast.
    /// </summary>
    private const nint LargestPaired = 16 * 16;

    /// <summary>Tasks that there should be at least, for an even share.</summary>
    private const int TasksEnough = 16;

    /// <summary>Whether to take count matrices of so many elements in lanes, width at a time.</summary>
    public static bool Pays(int count, int width, nint elements) =>
        elements <= LargestMatrix
        && count >= (elements <= SmallMatrix ? width / LanesPerMatrix : width * GroupsEnough);

    /// <summary>Whether to take two vectors of lanes at once.</summary>
    public static bool PaysInPairs(int count, int width, nint elements) =>
        elements <= LargestPaired && count >= 2 * width * GroupsEnough;

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
