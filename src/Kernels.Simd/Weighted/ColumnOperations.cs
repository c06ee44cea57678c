using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// What iterative solvers do to a tile of targets between two products: bound by memory, so rows stream by once while
/// the factors, sums or maxima of a strip of columns stay in the first-level cache.
/// </summary>
internal static unsafe class ColumnOperations<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The most columns at a time of what reads each row once: pieces of some pages of it.</summary>
    private const int MostColumns = 4096;

    /// <summary>B(i, j) = a(j) A(i, j) + b(j) B(i, j); a null pointer stands for ones.</summary>
    public static void Combine(SimdContext context, MatrixView<T> A, T* a, T* b, MatrixView<T> B) =>
        Rows.For(context, A.Rows, A.Columns, (A, (nint)a, (nint)b, B), static (on, first, count) =>
        {
            (MatrixView<T> A, nint aFactors, nint bFactors, MatrixView<T> B) = on;
            T* a = (T*)aFactors;
            T* b = (T*)bFactors;
            for (nint i = first; i < first + count; i++)
            {
                if (A.HasContiguousRows && B.HasContiguousRows)
                {
                    CombineRow(A.Columns, A.Pointer + (i * A.RowStride), a, b, B.Pointer + (i * B.RowStride));
                    continue;
                }

                for (nint j = 0; j < A.Columns; j++)
                {
                    B[i, j] = ((a is null ? T.One : a[j]) * A[i, j]) + ((b is null ? T.One : b[j]) * B[i, j]);
                }
            }
        });

    /// <summary>ratios(0, j) = max over i of |A(i, j) / B(i, j)| where B is not zero; rows are contiguous.</summary>
    public static void MaxRatios(SimdContext context, MatrixView<T> A, MatrixView<T> B, MatrixView<double> ratios) =>
        Rows.ForBalancedStrips(context, MostColumns, A.Columns, (A, B, ratios), static (on, first, count) =>
        {
            (MatrixView<T> A, MatrixView<T> B, MatrixView<double> ratios) = on;
            T* largest = stackalloc T[count];
            new Span<T>(largest, count).Clear();
            for (nint i = 0; i < A.Rows; i++)
            {
                RaiseToRatios(
                    count, A.Pointer + (i * A.RowStride) + first, B.Pointer + (i * B.RowStride) + first, largest);
            }

            for (int j = 0; j < count; j++)
            {
                ratios[0, first + j] = double.CreateTruncating(largest[j]);
            }
        });

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CombineRow(nint count, T* x, T* a, T* b, T* y)
    {
        V one = S.Broadcast(T.One);
        nint j = 0;
        for (; j + S.Width <= count; j += S.Width)
        {
            V scaled = S.Multiply(b is null ? one : S.Load(b + j), S.Load(y + j));
            S.Store(y + j, S.MultiplyAdd(a is null ? one : S.Load(a + j), S.Load(x + j), scaled));
        }

        int tail = (int)(count - j);
        if (tail > 0)
        {
            V scaled = S.Multiply(b is null ? one : S.LoadPartial(b + j, tail), S.LoadPartial(y + j, tail));
            V sum = S.MultiplyAdd(a is null ? one : S.LoadPartial(a + j, tail), S.LoadPartial(x + j, tail), scaled);
            S.StorePartial(y + j, sum, tail);
        }
    }

    /// <summary>largest(j) = max(largest(j), |x(j) / y(j)|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RaiseToRatios(int count, T* x, T* y, T* largest)
    {
        int j = 0;
        for (; j + S.Width <= count; j += S.Width)
        {
            S.Store(largest + j, Larger(S.Load(x + j), S.Load(y + j), S.Load(largest + j)));
        }

        int tail = count - j;
        if (tail > 0)
        {
            V raised = Larger(S.LoadPartial(x + j, tail), S.LoadPartial(y + j, tail), S.LoadPartial(largest + j, tail));
            S.StorePartial(largest + j, raised, tail);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Larger(V x, V y, V largest)
    {
        V plus = S.Broadcast(T.One);
        V infinity = S.Broadcast(T.PositiveInfinity);
        V ratio = S.CopySign(S.Divide(x, y), plus);
        ratio = S.SelectLess(ratio, infinity, ratio, infinity); // NaN becomes infinity
        // Under the least number: y is zero.
        ratio = S.SelectLess(S.CopySign(y, plus), S.Broadcast(T.Epsilon), S.Zero, ratio);
        return S.SelectLess(largest, ratio, ratio, largest);
    }
}
