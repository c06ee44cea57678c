using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// Thin singular value decompositions of many small matrices, stacked on one another, as <see cref="ThinSvd{S,V,T}"/>
/// does one:
/// <code>
///   up to 128 x 128 elements, enough of them           a SIMD lane each (LaneSvd, LaneTasks), groups on all threads
///   shorter side &lt;= 256                                a thread each
///   else                                               one after the other, each on all threads
/// </code>
/// Same bits for any number of threads. In lanes, small singular values are found to an error that is small beside the
/// largest one, not, as by Jacobi, beside themselves.
/// </summary>
internal static unsafe class ThinSvdBatch<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The shorter side up to which a decomposition by itself would not keep the threads busy.</summary>
    private const int ColumnsPerThread = 256;

    /// <summary>Decomposes `count` matrices of m x n, k = min(m, n).</summary>
    /// <param name="context">Threads and scratch.</param>
    /// <param name="A">(count m) x n, any strides; destroyed.</param>
    /// <param name="U">(count m) x k, any strides; receives the left singular vectors.</param>
    /// <param name="s">count x k, contiguous rows; receives the singular values, descending in each row.</param>
    /// <param name="Vt">(count k) x n, any strides; receives the right singular vectors in rows.</param>
    /// <param name="count">Number of matrices, at least 0.</param>
    /// <param name="cancellation">Checked before each matrix or group of matrices.</param>
    /// <exception cref="ArgumentException">A shape is wrong.</exception>
    /// <exception cref="ArithmeticException">A holds NaN or infinity, or an iteration did not converge.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the results are then of no use.</exception>
    public static void Run(
        SimdContext context, MatrixView<T> A, MatrixView<T> U, MatrixView<T> s, MatrixView<T> Vt, int count,
        CancellationToken cancellation)
    {
        CheckShapes(A, U, s, Vt, count);
        if (count == 0)
        {
            return;
        }

        StackedSvd<T> stack = new(A, U, s, Vt, count);
        if (LaneTasks.Pays(count, S.Width, stack.Rows * stack.Columns))
        {
            if (LaneTasks.PaysInPairs(count, S.Width, stack.Rows * stack.Columns))
            {
                RunLanes<SimdPair<S, V, T>, VectorPair<V>>(context, stack, count, cancellation);
            }
            else
            {
                RunLanes<S, V>(context, stack, count, cancellation);
            }
        }
        else if (stack.Columns <= ColumnsPerThread)
        {
            context.Pool.For(count, One);
        }
        else
        {
            for (int i = 0; i < count; i++)
            {
                One(i);
            }
        }

        void One(int i) =>
            ThinSvd<S, V, T>.Run(context, stack.A(i), stack.U(i), stack.Values(i), stack.Vt(i), cancellation);
    }

    private static void RunLanes<SLane, VLane>(
        SimdContext context, StackedSvd<T> stack, int count, CancellationToken cancellation)
        where SLane : struct, ISimd<VLane, T>
        where VLane : struct
    {
        void Lanes(int first, int matrices) => LaneSvd<SLane, VLane, T>.Run(context, stack, first, matrices);

        nint elements = Math.Max(1, stack.Rows * stack.Columns);
        LaneTasks.For(context, count, SLane.Width, elements, Lanes, cancellation);
    }

    private static void CheckShapes(MatrixView<T> A, MatrixView<T> U, MatrixView<T> s, MatrixView<T> Vt, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        nint rows = count == 0 ? 0 : A.Rows / count;
        nint k = Math.Min(rows, A.Columns);
        Shapes.Require(A, rows * count, A.Columns, nameof(A));
        Shapes.Require(U, A.Rows, k, nameof(U));
        Shapes.Require(s, count, k, nameof(s));
        Shapes.Require(Vt, k * count, A.Columns, nameof(Vt));
        if (!s.HasContiguousRows)
        {
            throw new ArgumentException("The rows of s must be contiguous.", nameof(s));
        }
    }
}
