namespace VemKernels.Device;

/// <summary>The held-out rows of all folds on the device: list after list, and where each ends.</summary>
internal sealed class HeldOutRows : IDisposable
{
    /// <summary>Copies the lists to the device.</summary>
    public HeldOutRows(DeviceRuntime runtime, IReadOnlyList<Fold> folds)
    {
        int[] ends = new int[folds.Count];
        int end = 0;
        for (int f = 0; f < ends.Length; f++)
        {
            ends[f] = end += folds[f].HeldOut.Length;
        }

        Rows = runtime.CreateBuffer([.. folds.SelectMany(fold => fold.HeldOut.ToArray())]);
        Ends = runtime.CreateBuffer(ends);
    }

    public DeviceBuffer Rows { get; }

    public DeviceBuffer Ends { get; }

    public void Dispose()
    {
        Rows.Dispose();
        Ends.Dispose();
    }
}
