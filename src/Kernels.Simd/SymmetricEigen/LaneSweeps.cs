using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// Sweeps of plane rotations of neighbouring columns, kept until there are enough of them, then applied to as many
/// small matrices as a vector has lanes, in lockstep:
/// <code>
///   Q: rows x n vectors, element (k, i) of each matrix at q + (k n + i) width
///
///   rotation i:   (x, y) = (c x - s y, s x + c y)      x, y = columns i, i + 1, in a sweep downward
///                 (x, y) = (c x + s y, c y - s x)      in a sweep upward, c >= 0, by three shears:
///                     x += t y,  y -= s x,  x += t y   t = s / (1 + c), the tangent of half the angle
///   a sweep:      i = end - 1 ... first (QL) or first ... end - 1 (QR), the column that two rotations share
///                 passed on in a register
/// </code>
/// A few rows at a time take all the sweeps at hand, so that they stay in the first-level cache.
/// </summary>
internal unsafe struct LaneSweeps<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rotations kept, at least: two vectors each, half of a first-level cache.</summary>
    private const int LeastRotations = 128;

    /// <summary>Sweeps kept.</summary>
    private const int MostSweeps = 32;

    private readonly int _n;
    private readonly int _capacity;
    private readonly T* _rotations;
    private fixed int _first[MostSweeps];
    private fixed int _end[MostSweeps];
    private int _sweeps;
    private int _used;

    /// <summary>For matrices of n columns; memory holds <see cref="Length"/> elements.</summary>
    public LaneSweeps(int n, T* memory)
    {
        _n = n;
        _capacity = Math.Max(n, LeastRotations);
        _rotations = memory;
    }

    /// <summary>Elements of memory wanted.</summary>
    public static nint Length(int n) => 2 * (nint)Math.Max(n, LeastRotations) * S.Width;

    /// <summary>Whether a sweep of that many rotations fits beside those at hand.</summary>
    public readonly bool HasRoom(int rotations) => _sweeps < MostSweeps && _used + rotations <= _capacity;

    /// <summary>
    /// Begins a sweep of the rotations first ... end - 1, for which there is room; returns where they go: rotation i at
    /// 2 (i - first) vectors from there: its cosine, or in a sweep upward t; then its sine.
    /// </summary>
    public T* Begin(int first, int end)
    {
        T* sweep = _rotations + (2 * (nint)_used * S.Width);
        _first[_sweeps] = first;
        _end[_sweeps++] = end;
        _used += end - first;
        return sweep;
    }

    /// <summary>
    /// Applies the sweeps at hand to the columns of Q, the last rotation of each first, and forgets them.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ApplyDownward(int rows, T* q)
    {
        nint row = (nint)_n * S.Width;
        int k = 0;
        for (; k + 4 <= rows; k += 4)
        {
            T* rotation = _rotations;
            for (int sweep = 0; sweep < _sweeps; sweep++)
            {
                int count = _end[sweep] - _first[sweep];
                FourDownward(count, q + (k * row) + ((nint)_end[sweep] * S.Width), row, rotation);
                rotation += 2 * (nint)count * S.Width;
            }
        }

        for (; k < rows; k++)
        {
            T* rotation = _rotations;
            for (int sweep = 0; sweep < _sweeps; sweep++)
            {
                int count = _end[sweep] - _first[sweep];
                OneDownward(count, q + (k * row) + ((nint)_end[sweep] * S.Width), rotation);
                rotation += 2 * (nint)count * S.Width;
            }
        }

        Forget();
    }

    /// <summary>The same, the first rotation of each sweep first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ApplyUpward(int rows, T* q)
    {
        nint row = (nint)_n * S.Width;
        int k = 0;
        for (; k + 4 <= rows; k += 4)
        {
            T* rotation = _rotations;
            for (int sweep = 0; sweep < _sweeps; sweep++)
            {
                int count = _end[sweep] - _first[sweep];
                T* x = q + (k * row) + ((nint)_first[sweep] * S.Width);
                T* following = rotation + (2 * (nint)count * S.Width);
                if (sweep + 1 < _sweeps && _first[sweep + 1] == _first[sweep] && _end[sweep + 1] <= _end[sweep])
                {
                    sweep++;
                    int countFollowing = _end[sweep] - _first[sweep];
                    TwoUpwardTwice(count, countFollowing, x, row, rotation, following);
                    TwoUpwardTwice(count, countFollowing, x + (2 * row), row, rotation, following);
                    rotation = following + (2 * (nint)countFollowing * S.Width);
                    continue;
                }

                FourUpward(count, x, row, rotation);
                rotation = following;
            }
        }

        for (; k < rows; k++)
        {
            T* rotation = _rotations;
            for (int sweep = 0; sweep < _sweeps; sweep++)
            {
                int count = _end[sweep] - _first[sweep];
                OneUpward(count, q + (k * row) + ((nint)_first[sweep] * S.Width), rotation);
                rotation += 2 * (nint)count * S.Width;
            }
        }

        Forget();
    }

    private void Forget()
    {
        _sweeps = 0;
        _used = 0;
    }

    /// <summary>Four rows; x points to the last column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourDownward(int count, T* x0, nint row, T* rotation)
    {
        T* x1 = x0 + row;
        T* x2 = x1 + row;
        T* x3 = x2 + row;
        V y0 = S.Load(x0), y1 = S.Load(x1), y2 = S.Load(x2), y3 = S.Load(x3);
        rotation += 2 * (nint)count * S.Width;
        for (int i = 0; i < count; i++)
        {
            rotation -= 2 * S.Width;
            V c = S.Load(rotation), s = S.Load(rotation + S.Width), minus = S.Subtract(S.Zero, s);
            StepDown(ref x0, ref y0, c, s, minus);
            StepDown(ref x1, ref y1, c, s, minus);
            StepDown(ref x2, ref y2, c, s, minus);
            StepDown(ref x3, ref y3, c, s, minus);
        }

        S.Store(x0, y0);
        S.Store(x1, y1);
        S.Store(x2, y2);
        S.Store(x3, y3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OneDownward(int count, T* x, T* rotation)
    {
        V y = S.Load(x);
        rotation += 2 * (nint)count * S.Width;
        for (int i = 0; i < count; i++)
        {
            rotation -= 2 * S.Width;
            V c = S.Load(rotation), s = S.Load(rotation + S.Width);
            StepDown(ref x, ref y, c, s, S.Subtract(S.Zero, s));
        }

        S.Store(x, y);
    }

    /// <summary>Four rows; x points to the first column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourUpward(int count, T* x0, nint row, T* rotation)
    {
        T* x1 = x0 + row;
        T* x2 = x1 + row;
        T* x3 = x2 + row;
        V y0 = S.Load(x0), y1 = S.Load(x1), y2 = S.Load(x2), y3 = S.Load(x3);
        for (nint at = 0; at < count * S.Width; at += S.Width)
        {
            V minus = Load(ref rotation, out V t);
            S.Store(x0 + at, Turn(ref y0, S.Load(x0 + at + S.Width), t, minus));
            S.Store(x1 + at, Turn(ref y1, S.Load(x1 + at + S.Width), t, minus));
            S.Store(x2 + at, Turn(ref y2, S.Load(x2 + at + S.Width), t, minus));
            S.Store(x3 + at, Turn(ref y3, S.Load(x3 + at + S.Width), t, minus));
        }

        nint last = (nint)count * S.Width;
        S.Store(x0 + last, y0);
        S.Store(x1 + last, y1);
        S.Store(x2 + last, y2);
        S.Store(x3 + last, y3);
    }

    /// <summary>
    /// Two rows and two sweeps, the second of which follows the first a column behind and ends with it or before: each
    /// element is loaded and stored once for both.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TwoUpwardTwice(int count, int countFollowing, T* x0, nint row, T* rotation, T* following)
    {
        T* x1 = x0 + row;
        V y0 = S.Load(x0), y1 = S.Load(x1);
        V minus = Load(ref rotation, out V t);
        V z0 = Turn(ref y0, S.Load(x0 + S.Width), t, minus), z1 = Turn(ref y1, S.Load(x1 + S.Width), t, minus);
        int i = 1;
        for (; i < count && i <= countFollowing; i++)
        {
            minus = Load(ref rotation, out t);
            V done0 = Turn(ref y0, S.Load(x0 + (2 * S.Width)), t, minus);
            V done1 = Turn(ref y1, S.Load(x1 + (2 * S.Width)), t, minus);
            minus = Load(ref following, out t);
            S.Store(x0, Turn(ref z0, done0, t, minus));
            S.Store(x1, Turn(ref z1, done1, t, minus));
            x0 += S.Width;
            x1 += S.Width;
        }

        if (countFollowing == count)
        {
            minus = Load(ref following, out t);
            S.Store(x0, Turn(ref z0, y0, t, minus));
            S.Store(x1, Turn(ref z1, y1, t, minus));
            S.Store(x0 + S.Width, z0);
            S.Store(x1 + S.Width, z1);
            return;
        }

        S.Store(x0, z0);
        S.Store(x1, z1);
        x0 += S.Width;
        x1 += S.Width;
        for (; i < count; i++)
        {
            minus = Load(ref rotation, out t);
            S.Store(x0, Turn(ref y0, S.Load(x0 + S.Width), t, minus));
            S.Store(x1, Turn(ref y1, S.Load(x1 + S.Width), t, minus));
            x0 += S.Width;
            x1 += S.Width;
        }

        S.Store(x0, y0);
        S.Store(x1, y1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OneUpward(int count, T* x, T* rotation)
    {
        V y = S.Load(x);
        for (int i = 0; i < count; i++)
        {
            V minus = Load(ref rotation, out V t);
            S.Store(x, Turn(ref y, S.Load(x + S.Width), t, minus));
            x += S.Width;
        }

        S.Store(x, y);
    }

    /// <summary>The next rotation of a sweep upward: t, and the sine's negative is returned.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Load(ref T* rotation, out V t)
    {
        t = S.Load(rotation);
        V minus = S.Subtract(S.Zero, S.Load(rotation + S.Width));
        rotation += 2 * S.Width;
        return minus;
    }

    /// <summary>
    /// One rotation upward of one row: the column in y is finished and returned, the next one goes on in y. Three
    /// multiply-adds, where cosine and sine take two and two multiplications.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Turn(ref V y, V next, V t, V minus)
    {
        V sheared = S.MultiplyAdd(t, next, y);
        y = S.MultiplyAdd(minus, sheared, next);
        return S.MultiplyAdd(t, y, sheared);
    }

    /// <summary>One rotation of one row: column i + 1 is finished and stored, column i goes on in y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StepDown(ref T* x, ref V y, V c, V s, V minus)
    {
        V xi = S.Load(x - S.Width);
        S.Store(x, S.MultiplyAdd(c, y, S.Multiply(s, xi)));
        y = S.MultiplyAdd(minus, y, S.Multiply(c, xi));
        x -= S.Width;
    }
}
