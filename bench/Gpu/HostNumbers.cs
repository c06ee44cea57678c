using System.Numerics;

namespace VemKernels.Gpu;

/// <summary>Numbers between -1 and 1 that look random, made fast: each is a hash of its place.</summary>
internal static class HostNumbers
{
    /// <summary>A new matrix of them.</summary>
    public static Matrix<T> Fill<T>(nint rows, nint columns, uint seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Matrix<T> matrix = Matrix<T>.Uninitialized(rows, columns);
        Parallel.For(0, (long)rows, i =>
        {
            Span<T> row = matrix.View.RowSpan((nint)i);
            uint state = Hash(((uint)i * 2654435761u) ^ (seed * 40503u));
            for (int j = 0; j < row.Length; j++)
            {
                row[j] = T.CreateTruncating(((int)Hash(state + (uint)j)) * (1.0 / int.MaxValue));
            }
        });
        return matrix;
    }

    /// <summary>Wellons' "lowbias32".</summary>
    private static uint Hash(uint x)
    {
        x ^= x >> 16;
        x *= 0x7feb352du;
        x ^= x >> 15;
        x *= 0x846ca68bu;
        return x ^ (x >> 16);
    }
}
