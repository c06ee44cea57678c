using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// A square matrix whose rows are being rotated against one another, in strips of columns: the transposed singular
/// vectors of a bidiagonal matrix while the implicit QR iteration runs. Method: Van Zee, van de Geijn and
/// Quintana-Orti, "Restructuring the tridiagonal and bidiagonal QR algorithms for performance", ACM TOMS 40(3), 2014,
/// section 5.
/// <code>
///   strip (2 vectors wide, all rows):   row   +--------+--------+     A wave of FusedSweeps = 4 sweeps moves down the rows:
///                                        j-3  |   v0   |   w0   |     sweep 0 rotates rows (j, j + 1), sweep 1 rows (j - 1, j),
///   the strip stays in the second-       j-2  |   v1   |   w1   |     ... Five rows are in registers; each step loads one row
///   level cache while all sweeps of      j-1  |   v2   |   w2   |     and stores one, for 4 rotations: arithmetic is the
///   a batch pass over it                  j   |   v3   |   w3   |     limit, not the cache.
///                                        j+1  |   v4   |   w4   |
///                                             +--------+--------+
///   table: for each wave c0 s0 c1 s1 c2 s2 c3 s3; identities where a sweep has not begun or is over
/// </code>
/// Strips are independent: threads share them out, and the bits do not depend on how.
/// </summary>
internal sealed unsafe class RotationStrips<S, V, T> : IDisposable
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows of zeros above and below a strip, that waves may read and write beyond its ends.</summary>
    private const int PaddingRows = 4;

    private readonly Scratch<T> _memory;
    private readonly nint _n;

    // The first and the last row of each strip that may hold something else than zeros.
    private readonly nint[] _first;
    private readonly nint[] _last;

    /// <summary>The n x n identity.</summary>
    public RotationStrips(SimdContext context, nint n)
    {
        _n = n;
        Count = checked((int)((n + Width - 1) / Width));
        _memory = context.Scratch.Rent<T>(Count * StripLength);
        _memory.Clear();
        _first = new nint[Count];
        _last = new nint[Count];
        for (int strip = 0; strip < Count; strip++)
        {
            _first[strip] = strip * Width;
            _last[strip] = Math.Min(n, (strip + 1) * Width) - 1;
        }

        for (nint i = 0; i < n; i++)
        {
            RowOf((int)(i / Width), i)[i % Width] = T.One;
        }
    }

    /// <summary>Columns of a strip.</summary>
    public static int Width => 2 * S.Width;

    /// <summary>How many strips there are.</summary>
    public int Count { get; }

    private nint StripLength => (_n + (2 * PaddingRows)) * Width;

    /// <summary>
    /// Applies the rotations of a table to one strip, but those that turn rows which are still zero: of n sweeps down a
    /// matrix that begins as the identity, a good quarter.
    /// </summary>
    public void Apply(int strip, WaveTable<T> table)
    {
        for (int index = 0; index < table.Groups.Count; index++)
        {
            WaveGroup group = table.Groups[index];

            // Wave w turns rows up to the one w + 1 steps from the start; all before the first row that is not zero
            // stays as it is.
            nint first = group.Step > 0 ? _first[strip] - group.Start : group.Start - _last[strip];
            nint skipped = Math.Max(0, first - 1);
            if (skipped >= group.Waves)
            {
                continue;
            }

            nint start = group.Start + (group.Step * (skipped - WaveGroup.FusedSweeps + 1));
            ApplyWaves(
                RowOf(strip, start), group.Step * Width, group.Waves - skipped,
                table.Rotations + group.Offset + (skipped * WaveGroup.RotationsLength));
            Fill(strip, group);
        }
    }

    /// <summary>
    /// Copies a strip's columns to those of the n x n target, whose row i is row order[i] times signs[i].
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CopyTo(int strip, ReadOnlySpan<int> order, ReadOnlySpan<T> signs, MatrixView<T> target)
    {
        nint first = (nint)strip * Width;
        nint count = Math.Min(Width, _n - first);
        for (int i = 0; i < order.Length; i++)
        {
            T* row = RowOf(strip, order[i]);
            for (nint j = 0; j < count; j++)
            {
                target[i, first + j] = signs[i] * row[j];
            }
        }
    }

    public void Dispose() => _memory.Dispose();

    /// <summary>Each sweep fills rows to its end, and one row towards its start.</summary>
    private void Fill(int strip, WaveGroup group)
    {
        nint end = group.Start + (group.Step * group.Waves);
        if (group.Step > 0)
        {
            _first[strip] = Math.Max(0, _first[strip] - WaveGroup.FusedSweeps);
            _last[strip] = Math.Max(_last[strip], Math.Min(end, _n - 1));
        }
        else
        {
            _last[strip] = Math.Min(_n - 1, _last[strip] + WaveGroup.FusedSweeps);
            _first[strip] = Math.Min(_first[strip], Math.Max(end, 0));
        }
    }

    private T* RowOf(int strip, nint row) => _memory.Pointer + (strip * StripLength) + ((row + PaddingRows) * Width);

    /// <summary>
    /// All waves of a group; row is the one at which its last sweep would start three waves before the first.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ApplyWaves(T* row, nint step, nint waves, T* table)
    {
        int w = S.Width;
        T* ahead = row + (4 * step);
        V v0 = S.Load(row), w0 = S.Load(row + w);
        V v1 = S.Load(row + step), w1 = S.Load(row + step + w);
        V v2 = S.Load(row + (2 * step)), w2 = S.Load(row + (2 * step) + w);
        V v3 = S.Load(row + (3 * step)), w3 = S.Load(row + (3 * step) + w);
        for (nint wave = 0; wave < waves; wave++)
        {
            V v4 = S.Load(ahead), w4 = S.Load(ahead + w);

            V c = S.Broadcast(table[0]), s = S.Broadcast(table[1]), minusS = S.Subtract(S.Zero, s);
            V v = S.MultiplyAdd(s, v4, S.Multiply(c, v3));
            V u = S.MultiplyAdd(s, w4, S.Multiply(c, w3));
            v4 = S.MultiplyAdd(minusS, v3, S.Multiply(c, v4));
            w4 = S.MultiplyAdd(minusS, w3, S.Multiply(c, w4));
            v3 = v;
            w3 = u;

            c = S.Broadcast(table[2]);
            s = S.Broadcast(table[3]);
            minusS = S.Subtract(S.Zero, s);
            v = S.MultiplyAdd(s, v3, S.Multiply(c, v2));
            u = S.MultiplyAdd(s, w3, S.Multiply(c, w2));
            v3 = S.MultiplyAdd(minusS, v2, S.Multiply(c, v3));
            w3 = S.MultiplyAdd(minusS, w2, S.Multiply(c, w3));
            v2 = v;
            w2 = u;

            c = S.Broadcast(table[4]);
            s = S.Broadcast(table[5]);
            minusS = S.Subtract(S.Zero, s);
            v = S.MultiplyAdd(s, v2, S.Multiply(c, v1));
            u = S.MultiplyAdd(s, w2, S.Multiply(c, w1));
            v2 = S.MultiplyAdd(minusS, v1, S.Multiply(c, v2));
            w2 = S.MultiplyAdd(minusS, w1, S.Multiply(c, w2));
            v1 = v;
            w1 = u;

            c = S.Broadcast(table[6]);
            s = S.Broadcast(table[7]);
            minusS = S.Subtract(S.Zero, s);
            v = S.MultiplyAdd(s, v1, S.Multiply(c, v0));
            u = S.MultiplyAdd(s, w1, S.Multiply(c, w0));
            v1 = S.MultiplyAdd(minusS, v0, S.Multiply(c, v1));
            w1 = S.MultiplyAdd(minusS, w0, S.Multiply(c, w1));

            S.Store(row, v);
            S.Store(row + w, u);
            v0 = v1;
            w0 = w1;
            v1 = v2;
            w1 = w2;
            v2 = v3;
            w2 = w3;
            v3 = v4;
            w3 = w4;
            row += step;
            ahead += step;
            table += 2 * WaveGroup.FusedSweeps;
        }

        S.Store(row, v0);
        S.Store(row + w, w0);
        S.Store(row + step, v1);
        S.Store(row + step + w, w1);
        S.Store(row + (2 * step), v2);
        S.Store(row + (2 * step) + w, w2);
        S.Store(row + (3 * step), v3);
        S.Store(row + (3 * step) + w, w3);
    }
}
