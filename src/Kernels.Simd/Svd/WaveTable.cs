using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// Up to <see cref="FusedSweeps"/> sweeps in one direction that run as one wave; see <see
/// cref="RotationStrips{S,V,T}"/>.
/// </summary>
/// <param name="Start">The row at which the wave starts.</param>
/// <param name="Step">1 downwards, -1 upwards.</param>
/// <param name="Waves">Steps of the wave: those of the longest way, and the delay of the last sweep.</param>
/// <param name="Offset">Where its cosines and sines begin in the table.</param>
internal readonly record struct WaveGroup(nint Start, int Step, nint Waves, nint Offset)
{
    /// <summary>Sweeps in a wave: with five rows of two vectors in registers, 16 registers just suffice.</summary>
    public const int FusedSweeps = 4;

    /// <summary>Elements of the table for a step of the wave: a cosine and a sine for each sweep.</summary>
    public const int RotationsLength = 2 * FusedSweeps;
}

/// <summary>
/// The rotations of a batch for one side, in the order and the type in which waves read them. Consecutive sweeps in one
/// direction share a wave as long as that does not stretch it to more than twice the longest of them.
/// </summary>
internal sealed unsafe class WaveTable<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A cosine and a sine.</summary>
    private const int RotationLength = 2;

    private readonly SimdContext _context;
    private readonly List<WaveGroup> _groups = [];
    private Scratch<T> _memory;
    private nint _used;

    public WaveTable(SimdContext context)
    {
        _context = context;
        _memory = context.Scratch.Rent<T>(0);
    }

    public IReadOnlyList<WaveGroup> Groups => _groups;

    public T* Rotations => _memory.Pointer;

    /// <summary>Replaces the table by that of a batch, for the right (V) or the left (U) singular vectors.</summary>
    public void Build(RotationBatch batch, bool right)
    {
        _groups.Clear();
        _used = 0;
        IReadOnlyList<RotationSweep> sweeps = batch.Sweeps;
        int first = 0;
        while (first < sweeps.Count)
        {
            int end = first + 1;
            (nint start, nint count) = Reach(sweeps, first, end);
            nint longest = count;
            while (end < sweeps.Count && end - first < WaveGroup.FusedSweeps && sweeps[end].Step == sweeps[first].Step)
            {
                (nint widerStart, nint widerCount) = Reach(sweeps, first, end + 1);
                longest = Math.Max(longest, sweeps[end].Count);
                if (widerCount > 2 * longest)
                {
                    break;
                }

                (start, count) = (widerStart, widerCount);
                end++;
            }

            AddGroup(batch, first, end, start, count, right);
            first = end;
        }
    }

    public void Dispose() => _memory.Dispose();

    /// <summary>
    /// Where the sweeps [first, end) start, seen in their direction, and how many steps reach over all of them.
    /// </summary>
    private static (nint Start, nint Count) Reach(IReadOnlyList<RotationSweep> sweeps, int first, int end)
    {
        int step = sweeps[first].Step;
        nint low = nint.MaxValue;
        nint high = nint.MinValue;
        for (int i = first; i < end; i++)
        {
            low = Math.Min(low, sweeps[i].Start * step);
            high = Math.Max(high, (sweeps[i].Start * step) + sweeps[i].Count);
        }

        return (low * step, high - low);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddGroup(RotationBatch batch, int first, int end, nint start, nint count, bool right)
    {
        const int Sweeps = WaveGroup.FusedSweeps;
        nint waves = count + Sweeps - 1;
        nint length = waves * Sweeps * RotationLength;
        Reserve(_used + length);
        T* table = Rotations + _used;
        int step = batch.Sweeps[first].Step;
        for (nint at = 0; at < length; at += RotationLength)
        {
            table[at] = T.One;
            table[at + 1] = T.Zero;
        }

        // The first rotation of a pair is the right one downwards, the left one upwards.
        bool takeFirst = right == step > 0;
        for (int i = first; i < end; i++)
        {
            RotationSweep sweep = batch.Sweeps[i];
            nint delay = ((sweep.Start - start) * step) + (i - first);
            RotationPair* pair = batch.Rotations + sweep.Offset;
            T* target = table + (((delay * Sweeps) + (i - first)) * RotationLength);
            for (nint k = 0; k < sweep.Count; k++)
            {
                target[0] = T.CreateTruncating(takeFirst ? pair->FirstCosine : pair->SecondCosine);
                target[1] = T.CreateTruncating(takeFirst ? pair->FirstSine : pair->SecondSine);
                pair++;
                target += Sweeps * RotationLength;
            }
        }

        _groups.Add(new WaveGroup(start, step, waves, _used));
        _used += length;
    }

    private void Reserve(nint length)
    {
        if (length <= _memory.Count)
        {
            return;
        }

        Scratch<T> larger = _context.Scratch.Rent<T>(Math.Max(length, 2 * _memory.Count));
        Buffer.MemoryCopy(_memory.Pointer, larger.Pointer, larger.Count * sizeof(T), _used * sizeof(T));
        _memory.Dispose();
        _memory = larger;
    }
}
