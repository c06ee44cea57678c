using System.Globalization;

namespace VemKernels;

/// <summary>The memory budget does not hold the smallest workspace that the work needs.</summary>
public sealed class MemoryBudgetException : ArgumentException
{
    /// <summary>Decimals of an amount in a message: the budget is cut to them, the need rounded up.</summary>
    private const double PerTenth = 10;

    private static readonly (double Bytes, string Name)[] Units = [(1e9, "GB"), (1e6, "MB"), (1e3, "KB"), (1, "B")];

    /// <summary>Makes the exception.</summary>
    /// <param name="budget">What was given.</param>
    /// <param name="needed">What the work needs at least, in bytes.</param>
    /// <param name="device">
    /// The device whose memory holds the workspace: where it has less than the budget, the message names it.
    /// </param>
    public MemoryBudgetException(MemoryBudget budget, long needed, BackendInfo? device = null)
        : base($"{Holder(budget, device)} is too small; this fit needs at least "
            + $"{Amount(needed, Math.Ceiling)} of workspace to hold one tile of targets.")
    {
        Budget = budget;
        IsOfDevice = device is not null && device.MemoryBytes < budget.Bytes;
        NeededBytes = needed;
    }

    /// <summary>What was given.</summary>
    public MemoryBudget Budget { get; }

    /// <summary>What the work needs at least, in bytes.</summary>
    public long NeededBytes { get; }

    /// <summary>Whether the memory of the device is too small, so that no budget would do.</summary>
    public bool IsOfDevice { get; }

    private static string Holder(MemoryBudget budget, BackendInfo? device) =>
        device is not null && device.MemoryBytes < budget.Bytes
            ? $"The memory of {device.Id} ({device.Name}), {Amount(device.MemoryBytes, Math.Floor)},"
            : $"The memory budget of {Amount(budget.Bytes, Math.Floor)}";

    private static string Amount(long bytes, Func<double, double> round)
    {
        (double unit, string name) = Array.Find(Units, unit => bytes >= unit.Bytes || unit.Bytes == 1);
        return string.Create(
            CultureInfo.InvariantCulture, $"{round(bytes / unit * PerTenth) / PerTenth:0.#} {name}");
    }
}
