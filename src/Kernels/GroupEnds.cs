namespace VemKernels;

/// <summary>Groups of rows given by their ends; see <see cref="IBackend.SparseGroupProximalStep"/>.</summary>
public static class GroupEnds
{
    /// <summary>Requires ends that ascend and stay within the rows.</summary>
    /// <exception cref="ArgumentException">An empty group, or a group that reaches beyond the last row.</exception>
    public static void Require(ReadOnlySpan<int> groupEnds, nint rows, string name)
    {
        int previous = 0;
        foreach (int end in groupEnds)
        {
            if (end <= previous || end > rows)
            {
                throw new ArgumentException(
                    $"A group is rows {previous} to {end - 1} of {rows};"
                        + "groups are runs of rows, none empty, in order.", name);
            }

            previous = end;
        }
    }
}
