namespace VemKernels.Simd;

/// <summary>
/// Many small arrays, one after the other, and the same with a lane for each:
/// <code>
///   array b, element p:    apart[b stride + p]    lanes[p width + b]
/// </code>
/// Blocks are transposed in registers, what is left over goes element by element.
/// </summary>
internal static unsafe class LaneInterleaving
{
    /// <summary>To lanes: `width` arrays of count elements.</summary>
    public static void Gather<T>(T* apart, nint stride, nint count, int width, T* lanes)
        where T : unmanaged
    {
        nint whole = width % Transposition.Order == 0 ? count - (count % Transposition.Order) : 0;
        for (nint p = 0; p < whole; p += Transposition.Order)
        {
            for (nint b = 0; b < width; b += Transposition.Order)
            {
                Transposition.Block(apart + (b * stride) + p, stride, lanes + (p * width) + b, width);
            }
        }

        for (nint b = 0; b < width; b++)
        {
            for (nint p = whole; p < count; p++)
            {
                lanes[(p * width) + b] = apart[(b * stride) + p];
            }
        }
    }

    /// <summary>From lanes.</summary>
    public static void Scatter<T>(T* lanes, nint count, int width, T* apart, nint stride)
        where T : unmanaged => Scatter(lanes, width, count, width, apart, stride);

    /// <summary>From lanes whose elements are step apart.</summary>
    public static void Scatter<T>(T* lanes, nint step, nint count, int width, T* apart, nint stride)
        where T : unmanaged
    {
        nint whole = width % Transposition.Order == 0 ? count - (count % Transposition.Order) : 0;
        for (nint p = 0; p < whole; p += Transposition.Order)
        {
            for (nint b = 0; b < width; b += Transposition.Order)
            {
                Transposition.Block(lanes + (p * step) + b, step, apart + (b * stride) + p, stride);
            }
        }

        for (nint b = 0; b < width; b++)
        {
            for (nint p = whole; p < count; p++)
            {
                apart[(b * stride) + p] = lanes[(p * step) + b];
            }
        }
    }
}
