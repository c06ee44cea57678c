using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// Symmetric eigendecompositions of as many small matrices as a vector has lanes, in lockstep:
/// <code>
///   lower triangles, each scaled by a power of two, interleaved: lane b belongs to matrix b
///     -> LaneTridiagonalization    A = H T H'          8/3 n^3, H included
///     -> LaneQl                    T = Z diag(w) Z'    about 6 n^3, as rotations of the columns of H
///     -> LaneSort                  ascending
/// </code>
/// </summary>
internal static unsafe class LaneEigen<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Vectors kept for each column beside the matrix: d, e, the order, and two of the tridiagonalization.
    /// </summary>
    private const int VectorsPerColumn = 5;

    /// <summary>
    /// Overwrites matrices first ... first + count - 1 of the stack (only their lower triangles are read), a group of
    /// lanes after the other, by their eigenvectors, in columns; rows of w ascend. exponents are what <see
    /// cref="ScaleExponent"/> says.
    /// </summary>
    /// <exception cref="ArithmeticException">A matrix did not converge.</exception>
    public static void Run(
        SimdContext context, MatrixView<T> stacked, MatrixView<T> w, int first, int count, int[] exponents)
    {
        int n = (int)stacked.Columns;
        nint length = ((n + VectorsPerColumn) * (nint)n * S.Width) + LaneSweeps<S, V, T>.Length(n);
        using Scratch<T> scratch = context.Scratch.Rent<T>(length);
        for (int done = 0; done < count; done += S.Width)
        {
            RunGroup(stacked, w, first + done, Math.Min(S.Width, count - done), exponents, scratch.Pointer);
        }
    }

    private static void RunGroup(
        MatrixView<T> stacked, MatrixView<T> w, int first, int lanes, int[] exponents, T* a)
    {
        int n = (int)stacked.Columns;
        nint elements = (nint)n * n * S.Width;
        nint vector = (nint)n * S.Width;
        T* d = a + elements;
        T* e = d + vector;
        T* order = e + vector;
        T* work = order + vector;
        if (lanes < S.Width)
        {
            new Span<T>(a, (int)elements).Clear();
        }

        for (int lane = 0; lane < lanes; lane++)
        {
            Gather(stacked.SliceRows((nint)(first + lane) * n, n), T.ScaleB(T.One, -exponents[first + lane]), a + lane);
        }

        LaneTridiagonalization<S, V, T>.Run(n, a, d, e, work);
        LaneQl<S, V, T>.Run(n, d, e, a, new LaneSweeps<S, V, T>(n, work + (2 * vector)));
        LaneSort<S, V, T>.Run(n, d, order);
        for (int lane = 0; lane < lanes; lane++)
        {
            T* values = d + lane;
            T scale = T.ScaleB(T.One, exponents[first + lane]);
            T* row = w.Pointer + ((first + lane) * w.RowStride);
            for (int j = 0; j < n; j++)
            {
                row[j * w.ColumnStride] = scale * values[j * S.Width];
            }

            Scatter(a + lane, order + lane, stacked.SliceRows((nint)(first + lane) * n, n));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(MatrixView<T> A, T scale, T* lane)
    {
        int width = S.Width;
        int n = (int)A.Rows;
        nint step = A.ColumnStride;
        for (int i = 0; i < n; i++)
        {
            T* row = A.Pointer + (i * A.RowStride);
            T* to = lane + ((nint)i * n * width);
            for (nint j = 0; j <= i; j++)
            {
                to[j * width] = scale * row[j * step];
            }
        }
    }

    /// <summary>Columns in the order that was found.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scatter(T* lane, T* order, MatrixView<T> A)
    {
        int width = S.Width;
        int n = (int)A.Rows;
        nint step = A.ColumnStride;
        int* from = stackalloc int[n];
        for (int j = 0; j < n; j++)
        {
            from[j] = (int)double.CreateTruncating(order[j * width]) * width;
        }

        for (int i = 0; i < n; i++)
        {
            T* row = A.Pointer + (i * A.RowStride);
            T* x = lane + ((nint)i * n * width);
            for (nint j = 0; j < n; j++)
            {
                // The sign of a zero depends on how often it was turned by no angle, that is on the neighbours.
                row[j * step] = x[from[j]] + T.Zero;
            }
        }
    }
}
