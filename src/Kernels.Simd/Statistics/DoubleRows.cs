using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VemKernels.Simd;

/// <summary>
/// Blocks of four rows in double: widened once from the data, multiplied many times. Columns are worked on in eights, up to seven past the
/// last, which hold zeros.
/// </summary>
internal static unsafe class DoubleRows
{
    /// <summary>Rows of a block: sums are loaded and stored once for four products.</summary>
    public const int Count = 4;

    /// <summary>Columns at a time.</summary>
    private const int Group = 8;

    /// <summary>Widens the first rows of a block; the rest of it, and columns up to a multiple of eight, become 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen<T>(T* source, nint stride, int rows, int columns, double* target, int pitch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < Count; i++)
        {
            T* from = source + (i * stride);
            double* to = target + (i * pitch);
            int whole = (columns + Group - 1) / Group * Group;
            int j = 0;
            if (i >= rows)
            {
                new Span<double>(to, whole).Clear();
                continue;
            }

            if (typeof(T) == typeof(float))
            {
                for (; j + Group <= columns; j += Group)
                {
                    Vector256<float> value = Vector256.Load((float*)from + j);
                    if (Avx512F.IsSupported)
                    {
                        Avx512F.ConvertToVector512Double(value).Store(to + j);
                        continue;
                    }

                    (Vector256<double> low, Vector256<double> high) = Vector256.Widen(value);
                    low.Store(to + j);
                    high.Store(to + j + Vector256<double>.Count);
                }
            }

            for (; j < columns; j++)
            {
                to[j] = double.CreateTruncating(from[j]);
            }

            for (; j < whole; j++)
            {
                to[j] = 0;
            }
        }
    }

    /// <summary>sums(j) += the four products a(i, j) b(i, j), in the order of the rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddProducts(double* a, double* b, int pitch, int columns, double* sums)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            for (int j = 0; j < columns; j += Group)
            {
                Vector512<double> sum = Vector512.Load(sums + j);
                sum = Vector512.MultiplyAddEstimate(Vector512.Load(a + j), Vector512.Load(b + j), sum);
                sum = Vector512.MultiplyAddEstimate(Vector512.Load(a + pitch + j), Vector512.Load(b + pitch + j), sum);
                sum = Vector512.MultiplyAddEstimate(Vector512.Load(a + (2 * pitch) + j), Vector512.Load(b + (2 * pitch) + j), sum);
                sum = Vector512.MultiplyAddEstimate(Vector512.Load(a + (3 * pitch) + j), Vector512.Load(b + (3 * pitch) + j), sum);
                sum.Store(sums + j);
            }

            return;
        }

        for (int j = 0; j < (columns + Group - 1) / Group * Group; j += Vector256<double>.Count)
        {
            Vector256<double> sum = Vector256.Load(sums + j);
            sum = Vector256.MultiplyAddEstimate(Vector256.Load(a + j), Vector256.Load(b + j), sum);
            sum = Vector256.MultiplyAddEstimate(Vector256.Load(a + pitch + j), Vector256.Load(b + pitch + j), sum);
            sum = Vector256.MultiplyAddEstimate(Vector256.Load(a + (2 * pitch) + j), Vector256.Load(b + (2 * pitch) + j), sum);
            sum = Vector256.MultiplyAddEstimate(Vector256.Load(a + (3 * pitch) + j), Vector256.Load(b + (3 * pitch) + j), sum);
            sum.Store(sums + j);
        }
    }
}
