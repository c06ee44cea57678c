namespace VemKernels;

/// <summary>A cap on the workspace of a solver: what it may allocate beyond its inputs and outputs.</summary>
/// <param name="Bytes">The cap in bytes.</param>
public readonly record struct MemoryBudget(long Bytes)
{
    /// <summary>Half of the memory that this process may use.</summary>
    public static MemoryBudget Default => new(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);
}
