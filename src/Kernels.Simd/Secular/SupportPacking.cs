namespace VemKernels.Simd;

/// <summary>
/// The slots that deflation kept, grouped by where their vectors may be other than zero: upper half alone, both, lower
/// half alone. Products with each half then leave out the vectors that are zero there.
/// </summary>
internal sealed class SupportPacking
{
    /// <summary>Groups the kept slots, listed by ascending d; support is by slot.</summary>
    public SupportPacking(List<int> kept, ReadOnlySpan<VectorSupport> support)
    {
        Span<int> counts = [0, 0, 0];
        foreach (int slot in kept)
        {
            counts[(int)support[slot]]++;
        }

        Upper = counts[(int)VectorSupport.Upper];
        Both = counts[(int)VectorSupport.Both];
        Lower = counts[(int)VectorSupport.Lower];
        Span<int> next = [0, Upper, Upper + Both];
        Slots = new int[kept.Count];
        Position = new int[kept.Count];
        for (int i = 0; i < kept.Count; i++)
        {
            int at = next[(int)support[kept[i]]]++;
            Slots[at] = kept[i];
            Position[i] = at;
        }
    }

    /// <summary>The slots, grouped.</summary>
    public int[] Slots { get; }

    /// <summary>Where the i-th kept slot went.</summary>
    public int[] Position { get; }

    /// <summary>How many are zero in the lower half.</summary>
    public int Upper { get; }

    /// <summary>How many are zero in neither.</summary>
    public int Both { get; }

    /// <summary>How many are zero in the upper half.</summary>
    public int Lower { get; }
}
