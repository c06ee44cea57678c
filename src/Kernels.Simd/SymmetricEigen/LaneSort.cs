using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// Sorts n vectors lane by lane by exchanges of neighbours, the same ones in all lanes (bubble sort as a network: few
/// numbers, no branches), and says where each came from.
/// </summary>
internal static unsafe class LaneSort<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Sorts values (n vectors), ascending; order(i) receives the former place of value i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int n, T* values, T* order)
    {
        int width = S.Width;
        for (int i = 0; i < n; i++)
        {
            S.Store(order + (i * width), S.Broadcast(T.CreateTruncating(i)));
        }

        for (int end = n - 1; end > 0; end--)
        {
            V largest = S.Load(values), from = S.Load(order);
            for (int i = 1; i <= end; i++)
            {
                V value = S.Load(values + (i * width)), place = S.Load(order + (i * width));
                S.Store(values + ((i - 1) * width), S.SelectLess(value, largest, value, largest));
                S.Store(order + ((i - 1) * width), S.SelectLess(value, largest, place, from));
                from = S.SelectLess(value, largest, from, place);
                largest = S.SelectLess(value, largest, largest, value);
            }

            S.Store(values + (end * width), largest);
            S.Store(order + (end * width), from);
        }
    }

    /// <summary>The same with the columns of a matrix (rows x n vectors), which move with the values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RunWithColumns(int rows, int n, T* values, T* matrix)
    {
        int width = S.Width;
        nint row = (nint)n * width;
        for (int end = n - 1; end > 0; end--)
        {
            for (nint i = 0; i < end * width; i += width)
            {
                V first = S.Load(values + i), second = S.Load(values + i + width);
                S.Store(values + i, S.SelectLess(second, first, second, first));
                S.Store(values + i + width, S.SelectLess(second, first, first, second));
                T* x = matrix + i;
                for (int r = 0; r < rows; r++, x += row)
                {
                    V left = S.Load(x), right = S.Load(x + width);
                    S.Store(x, S.SelectLess(second, first, right, left));
                    S.Store(x + width, S.SelectLess(second, first, left, right));
                }
            }
        }
    }
}
