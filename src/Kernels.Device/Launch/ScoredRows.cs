namespace VemKernels.Device;

/// <summary>
/// For each fold the rows of the truth and of stacked predictions that are compared, on the device: list after list,
/// and where each ends.
/// </summary>
internal sealed class ScoredRows : IDisposable
{
    /// <summary>Copies the lists to the device.</summary>
    public ScoredRows(DeviceRuntime runtime, ReadOnlySpan<int> truth, ReadOnlySpan<int> predictions,
        ReadOnlySpan<int> ends)
    {
        Truth = runtime.CreateBuffer(truth);
        Predictions = runtime.CreateBuffer(predictions);
        Ends = runtime.CreateBuffer(ends);
        Folds = ends.Length;
    }

    public DeviceBuffer Truth { get; }

    public DeviceBuffer Predictions { get; }

    public DeviceBuffer Ends { get; }

    public int Folds { get; }

    /// <summary>Validation rows of stacked predictions that hold nothing else.</summary>
    public static ScoredRows OfValidation(DeviceRuntime runtime, IReadOnlyList<Fold> folds)
    {
        int[] truth = [.. folds.SelectMany(fold => fold.Validation.ToArray())];
        int[] ends = new int[folds.Count];
        int end = 0;
        for (int f = 0; f < ends.Length; f++)
        {
            ends[f] = end += folds[f].Validation.Length;
        }

        return new ScoredRows(runtime, truth, [.. Enumerable.Range(0, truth.Length)], ends);
    }

    /// <summary>Validation rows among stacked rows of all that is held out.</summary>
    public static ScoredRows OfHeldOut(DeviceRuntime runtime, IReadOnlyList<Fold> folds)
    {
        List<int> truth = [];
        List<int> predictions = [];
        int[] ends = new int[folds.Count];
        int first = 0;
        for (int f = 0; f < ends.Length; f++)
        {
            truth.AddRange(folds[f].Validation);
            foreach (int position in folds[f].ValidationInHeldOut)
            {
                predictions.Add(first + position);
            }

            ends[f] = truth.Count;
            first += folds[f].HeldOut.Length;
        }

        return new ScoredRows(runtime, [.. truth], [.. predictions], ends);
    }

    public void Dispose()
    {
        Truth.Dispose();
        Predictions.Dispose();
        Ends.Dispose();
    }
}
