namespace VemKernels.Simd;

/// <summary>
/// The two plane rotations of one step of a sweep: (x, y) becomes (c x + s y, c y - s x). The first acts on the side of
/// the matrix where the sweep starts (the right where it runs downwards, the left where it runs upwards), the second on
/// the other.
/// </summary>
internal struct RotationPair
{
    public double FirstCosine;
    public double FirstSine;
    public double SecondCosine;
    public double SecondSine;
}

/// <summary>
/// One recorded sweep. Step k rotates the vectors Start + k Step and Start + (k + 1) Step; its pair of rotations is at
/// Offset + k of the batch.
/// </summary>
/// <param name="Start">The vector that it starts at.</param>
/// <param name="Step">1 downwards, -1 upwards.</param>
/// <param name="Count">Steps.</param>
/// <param name="Offset">Where the rotations are.</param>
internal readonly record struct RotationSweep(nint Start, int Step, nint Count, nint Offset);

/// <summary>
/// Sweeps recorded in order, to be applied to the singular vectors afterwards.
/// </summary>
internal sealed unsafe class RotationBatch : IDisposable
{
    /// <summary>Sweeps to a batch, which then stays in the first-level cache for a leaf.</summary>
    private const int SweepsPerBatch = 16;

    private readonly Scratch<double> _memory;
    private readonly nint _capacity;
    private readonly List<RotationSweep> _sweeps = new(SweepsPerBatch);
    private nint _used;

    /// <summary>A batch for the sweeps of a bidiagonal matrix of n columns.</summary>
    public RotationBatch(SimdContext context, nint n)
    {
        _capacity = SweepsPerBatch * n;
        _memory = context.Scratch.Rent<double>(_capacity * (sizeof(RotationPair) / sizeof(double)));
    }

    public IReadOnlyList<RotationSweep> Sweeps => _sweeps;

    public RotationPair* Rotations => (RotationPair*)_memory.Pointer;

    /// <summary>Whether the next sweep may not fit.</summary>
    public bool IsFull => _sweeps.Count == SweepsPerBatch;

    /// <summary>Records a sweep and returns where its rotations go.</summary>
    public RotationPair* Add(nint start, int step, nint count)
    {
        System.Diagnostics.Debug.Assert(!IsFull && _used + count <= _capacity, "The batch is full.");
        _sweeps.Add(new RotationSweep(start, step, count, _used));
        _used += count;
        return Rotations + (_used - count);
    }

    public void Clear()
    {
        _sweeps.Clear();
        _used = 0;
    }

    public void Dispose() => _memory.Dispose();
}
