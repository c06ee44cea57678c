using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// Copies, conversions, sums and products, row by row: all bound by memory, so each reads and writes everything once.
/// </summary>
internal static unsafe class Elementwise<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void Copy(SimdContext context, MatrixView<T> source, MatrixView<T> destination)
    {
        if (source.HasContiguousRows != destination.HasContiguousRows)
        {
            TiledCopy.Run(context, source, destination);
            return;
        }

        Rows.For(context, source.Rows, source.Columns, (source, destination), static (on, first, count) =>
            on.source.SliceRows(first, count).CopyTo(on.destination.SliceRows(first, count)));
    }

    public static void Convert<TTo>(SimdContext context, MatrixView<T> source, MatrixView<TTo> destination)
        where TTo : unmanaged, IBinaryFloatingPointIeee754<TTo> =>
        Conversion<T, TTo>.Run(context, source, destination);

    public static void Fill(SimdContext context, MatrixView<T> A, T value) =>
        Rows.For(context, A.Rows, A.Columns, (A, value), static (on, first, count) =>
            on.A.SliceRows(first, count).Fill(on.value));

    /// <summary>B += alpha A.</summary>
    public static void AddScaled(SimdContext context, T alpha, MatrixView<T> A, MatrixView<T> B) =>
        Rows.For(context, A.Rows, A.Columns, (alpha, A, B), static (on, first, count) =>
        {
            (T alpha, MatrixView<T> A, MatrixView<T> B) = on;
            for (nint i = first; i < first + count; i++)
            {
                if (A.HasContiguousRows && B.HasContiguousRows)
                {
                    VectorLoops<S, V, T>.AddScaled(
                        A.Columns, alpha, A.Pointer + (i * A.RowStride), B.Pointer + (i * B.RowStride));
                    continue;
                }

                for (nint j = 0; j < A.Columns; j++)
                {
                    B[i, j] += alpha * A[i, j];
                }
            }
        });

    /// <summary>B(i, j) = rows(i) A(i, j) columns(j); a null pointer stands for ones. Factors are contiguous.</summary>
    public static void Scale(SimdContext context, MatrixView<T> A, T* rows, T* columns, MatrixView<T> B) =>
        Rows.For(context, A.Rows, A.Columns, (A, (nint)rows, (nint)columns, B), static (on, first, count) =>
        {
            (MatrixView<T> A, nint rowFactors, nint columnFactors, MatrixView<T> B) = on;
            T* rows = (T*)rowFactors;
            T* columns = (T*)columnFactors;
            for (nint i = first; i < first + count; i++)
            {
                T factor = rows is null ? T.One : rows[i];
                if (A.HasContiguousRows && B.HasContiguousRows)
                {
                    T* a = A.Pointer + (i * A.RowStride);
                    T* b = B.Pointer + (i * B.RowStride);
                    VectorLoops<S, V, T>.Scale(A.Columns, factor, a, b);
                    if (columns is not null)
                    {
                        VectorLoops<S, V, T>.Multiply(A.Columns, b, columns, b);
                    }

                    continue;
                }

                for (nint j = 0; j < A.Columns; j++)
                {
                    B[i, j] = factor * A[i, j] * (columns is null ? T.One : columns[j]);
                }
            }
        });

    /// <summary>B = A . W, element by element.</summary>
    public static void Multiply(SimdContext context, MatrixView<T> A, MatrixView<T> W, MatrixView<T> B) =>
        Rows.For(context, A.Rows, A.Columns, (A, W, B), static (on, first, count) =>
        {
            (MatrixView<T> A, MatrixView<T> W, MatrixView<T> B) = on;
            for (nint i = first; i < first + count; i++)
            {
                if (A.HasContiguousRows && W.HasContiguousRows && B.HasContiguousRows)
                {
                    VectorLoops<S, V, T>.Multiply(
                        A.Columns, A.Pointer + (i * A.RowStride), W.Pointer + (i * W.RowStride),
                        B.Pointer + (i * B.RowStride));
                    continue;
                }

                for (nint j = 0; j < A.Columns; j++)
                {
                    B[i, j] = A[i, j] * W[i, j];
                }
            }
        });

    /// <summary>A(i, j) -= row(j); row is contiguous.</summary>
    public static void SubtractRow(SimdContext context, MatrixView<T> A, T* row) =>
        Rows.For(context, A.Rows, A.Columns, (A, (nint)row), static (on, first, count) =>
        {
            MatrixView<T> A = on.A;
            T* row = (T*)on.Item2;
            for (nint i = first; i < first + count; i++)
            {
                if (A.HasContiguousRows)
                {
                    VectorLoops<S, V, T>.Subtract(A.Columns, row, A.Pointer + (i * A.RowStride));
                    continue;
                }

                for (nint j = 0; j < A.Columns; j++)
                {
                    A[i, j] -= row[j];
                }
            }
        });
}
