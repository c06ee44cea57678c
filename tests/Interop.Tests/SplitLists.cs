using System.Runtime.InteropServices;

namespace VemKernels.Interop.Tests;

/// <summary>Splits as callers give them, in memory of their own.</summary>
internal sealed unsafe class SplitLists : IDisposable
{
    private readonly List<nint> _memory = [];

    /// <summary>Copies splits.</summary>
    public SplitLists(IReadOnlyList<Fold> folds)
    {
        List<long> train = [];
        List<long> trainEnds = [];
        List<long> validation = [];
        List<long> validationEnds = [];
        foreach (Fold fold in folds)
        {
            train.AddRange(fold.Train.ToArray().Select(i => (long)i));
            trainEnds.Add(train.Count);
            validation.AddRange(fold.Validation.ToArray().Select(i => (long)i));
            validationEnds.Add(validation.Count);
        }

        Value = new VemSplits
        {
            Size = sizeof(VemSplits), Count = folds.Count, Train = Copy(train), TrainEnds = Copy(trainEnds),
            Validation = Copy(validation), ValidationEnds = Copy(validationEnds),
        };
    }

    /// <summary>The structure.</summary>
    public VemSplits Value { get; }

    public void Dispose() => _memory.ForEach(Marshal.FreeHGlobal);

    private long* Copy(List<long> values)
    {
        long* memory = (long*)Marshal.AllocHGlobal(values.Count * sizeof(long));
        _memory.Add((nint)memory);
        values.ToArray().CopyTo(new Span<long>(memory, values.Count));
        return memory;
    }
}
