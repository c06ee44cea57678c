using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// Singular vectors out of the lanes, in the order of the singular values. A row of P, or a column of Q, of all
/// matrices at once is laid down matrix by matrix; then each matrix orders its row, or puts its column where it
/// belongs.
/// </summary>
internal static unsafe class LaneSvdColumns
{
    /// <summary>Writes U and Vt of count matrices of the stack.</summary>
    /// <param name="stack">Where they go.</param>
    /// <param name="first">The first of the matrices.</param>
    /// <param name="count">How many there are, at most width.</param>
    /// <param name="width">Lanes.</param>
    /// <param name="p">P, m x n vectors.</param>
    /// <param name="q">Q, n x n vectors.</param>
    /// <param name="order">n vectors: where value j was before values were sorted.</param>
    /// <param name="memory">Room for rows of all lanes.</param>
    /// <param name="room">Its elements, enough for a row at least.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Deliver<T>(
        in StackedSvd<T> stack, int first, int count, int width, T* p, T* q, T* order, T* memory, nint room)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int m = (int)stack.Rows;
        int n = (int)stack.Columns;
        nint row = (nint)n * width;
        long* from = stackalloc long[n * count];
        int* to = stackalloc int[n * count];
        for (int j = 0; j < n; j++)
        {
            for (int lane = 0; lane < count; lane++)
            {
                int place = (int)double.CreateTruncating(order[(j * width) + lane]);
                from[(lane * n) + j] = place;
                to[(lane * n) + place] = j;
            }
        }

        MatrixView<T> U = stack.U(first), Vt = stack.Vt(first);
        nint nextU = count > 1 ? (nint)(stack.U(first + 1).Pointer - U.Pointer) : 0;
        nint nextVt = count > 1 ? (nint)(stack.Vt(first + 1).Pointer - Vt.Pointer) : 0;
        int rowsAtOnce = Math.Max(1, (int)(room / row));
        for (int i = 0; i < m; i += rowsAtOnce)
        {
            int take = Math.Min(rowsAtOnce, m - i);
            nint apart = (nint)take * n;
            LaneInterleaving.Scatter(p + (i * row), apart, width, memory, apart);
            for (int lane = 0; lane < count; lane++)
            {
                T* source = memory + (lane * apart);
                T* target = U.Pointer + (lane * nextU) + (i * U.RowStride);
                for (int k = 0; k < take; k++, source += n, target += U.RowStride)
                {
                    Permutation.Run(n, source, from + (lane * n), target, U.ColumnStride);
                }
            }
        }

        for (int j = 0; j < n; j += rowsAtOnce)
        {
            int take = Math.Min(rowsAtOnce, n - j);
            nint apart = (nint)take * n;
            for (int k = 0; k < take; k++)
            {
                LaneInterleaving.Scatter(q + ((j + k) * width), row, n, width, memory + (k * n), apart);
            }

            for (int lane = 0; lane < count; lane++)
            {
                T* matrix = Vt.Pointer + (lane * nextVt);
                for (int k = 0; k < take; k++)
                {
                    T* source = memory + (lane * apart) + (k * n);
                    T* target = matrix + (to[(lane * n) + j + k] * Vt.RowStride);
                    if (Vt.ColumnStride == 1)
                    {
                        Unsafe.CopyBlockUnaligned(target, source, (uint)(n * sizeof(T)));
                        continue;
                    }

                    for (nint i = 0; i < n; i++)
                    {
                        target[i * Vt.ColumnStride] = source[i];
                    }
                }
            }
        }
    }
}
