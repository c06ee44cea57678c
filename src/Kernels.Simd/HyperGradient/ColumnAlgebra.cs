using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>What an iterative solver of many right-hand sides does to columns, each with scalars of its own.</summary>
internal static unsafe class ColumnAlgebra<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>dots(j) = A(:, j)' B(:, j).</summary>
    public static void Dots(SimdContext context, MatrixView<T> A, MatrixView<T> B, MatrixView<double> dots) =>
        Rows.ForStrips(context, A.Columns, (first, count) =>
        {
            double* sums = stackalloc double[Rows.StripColumns];
            new Span<double>(sums, count).Clear();
            ColumnSums<S, V, T>.AddProducts(
                new RowSet<T>(A.SliceColumns(first, count)), new RowSet<T>(B.SliceColumns(first, count)), count, sums);
            for (int j = 0; j < count; j++)
            {
                dots[0, first + j] = sums[j];
            }
        });

    /// <summary>B(i, j) = a(j) A(i, j) + b(j) B(i, j); null stands for ones.</summary>
    public static void Combine(SimdContext context, T* a, MatrixView<T> A, T* b, MatrixView<T> B) =>
        Rows.For(context, A.Rows, A.Columns, (first, count) =>
        {
            for (nint i = first; i < first + count; i++)
            {
                Combine(A.Columns, a, A.Pointer + (i * A.RowStride), b, B.Pointer + (i * B.RowStride));
            }
        });

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Combine(nint count, T* a, T* x, T* b, T* y)
    {
        V one = S.Broadcast(T.One);
        nint j = 0;
        for (; j + S.Width <= count; j += S.Width)
        {
            V left = a is null ? S.Load(x + j) : S.Multiply(S.Load(a + j), S.Load(x + j));
            S.Store(y + j, S.MultiplyAdd(b is null ? one : S.Load(b + j), S.Load(y + j), left));
        }

        int tail = (int)(count - j);
        if (tail > 0)
        {
            V source = S.LoadPartial(x + j, tail);
            V left = a is null ? source : S.Multiply(S.LoadPartial(a + j, tail), source);
            V right = b is null ? one : S.LoadPartial(b + j, tail);
            S.StorePartial(y + j, S.MultiplyAdd(right, S.LoadPartial(y + j, tail), left), tail);
        }
    }
}
