namespace VemKernels;

/// <summary>The memory budget does not hold the smallest workspace that the work needs.</summary>
public sealed class MemoryBudgetException : ArgumentException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="budget">What was given.</param>
    /// <param name="needed">What the work needs at least, in bytes.</param>
    public MemoryBudgetException(MemoryBudget budget, long needed)
        : base($"The memory budget of {budget.Bytes / 1e6:F0} MB is too small; this fit needs at least {Math.Ceiling(needed / 1e6):F0} MB "
            + "of workspace to hold one tile of targets.")
    {
        Budget = budget;
        NeededBytes = needed;
    }

    /// <summary>What was given.</summary>
    public MemoryBudget Budget { get; }

    /// <summary>What the work needs at least, in bytes.</summary>
    public long NeededBytes { get; }
}
