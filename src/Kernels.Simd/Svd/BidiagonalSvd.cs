using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// Thin SVD of an m x n matrix, m >= n, through its bidiagonal form:
/// <code>
///   A = Q B P'          Bidiagonalization
///   B = X diag(s) Y'    BidiagonalDivideAndConquer, gemm
///   U = Q X, V = P Y    block reflectors, gemm
/// </code>
/// The left and right vectors are products of orthogonal matrices, so they are orthonormal where singular values are
/// zero, too.
/// </summary>
internal static unsafe class BidiagonalSvd<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Largest order whose two back-transformations run side by side, a thread each: neither alone keeps two busy.
    /// </summary>
    private const nint SideBySide = 1024;

    /// <summary>A (contiguous rows) is destroyed. U is m x n, s holds n elements, Vt is n x n.</summary>
    public static void Run(
        SimdContext context, MatrixView<T> A, MatrixView<T> U, T* s, MatrixView<T> Vt, CancellationToken cancellation)
    {
        nint m = A.Rows;
        nint n = A.Columns;
        using Scratch<double> bidiagonal = context.Scratch.Rent<double>(2 * n);
        using Scratch<T> taus = context.Scratch.Rent<T>(2 * n);
        using Scratch<T> leftMemory = context.Scratch.Rent<T>(n * m);
        using Scratch<T> rightMemory = context.Scratch.Rent<T>(n * n);
        double* d = bidiagonal.Pointer;
        double* e = d + n;
        T* leftTaus = taus.Pointer;
        T* rightTaus = leftTaus + n;
        MatrixView<T> left = leftMemory.View(n, m);
        MatrixView<T> right = rightMemory.View(n, n);

        Bidiagonalization<S, V, T>.Reduce(context, A, d, e, left, leftTaus, right, rightTaus, cancellation);
        Diagonalize(context, d, e, U, s, Vt, cancellation);
        U.SliceRows(n, m - n).Fill(T.Zero);
        void Back(int side)
        {
            if (side == 0)
            {
                BlockReflector<S, V, T>.ApplyAll(context, left, leftTaus, 0, U, cancellation);
                return;
            }

            BlockReflector<S, V, T>.ApplyAll(context, right, rightTaus, 1, Vt.Transposed, cancellation);
        }

        if (n <= SideBySide)
        {
            context.Pool.For(2, Back);
            return;
        }

        Back(0);
        Back(1);
    }

    /// <summary>
    /// The SVD of the bidiagonal matrix: X in the first rows of U, Y' in Vt, values positive and descending.
    /// </summary>
    private static void Diagonalize(
        SimdContext context, double* d, double* e, MatrixView<T> U, T* s, MatrixView<T> Vt,
        CancellationToken cancellation)
    {
        nint n = Vt.Rows;
        using Scratch<T> leftMemory = context.Scratch.Rent<T>(n * n);
        using Scratch<T> rightMemory = context.Scratch.Rent<T>(n * n);
        MatrixView<T> left = leftMemory.View(n, n);
        MatrixView<T> right = rightMemory.View(n, n);
        BidiagonalDivideAndConquer<S, V, T>.Run(context, d, e, left, right, cancellation);
        int[] order = DescendingOrder(d, checked((int)n));
        for (int i = 0; i < order.Length; i++)
        {
            s[i] = T.CreateChecked(d[order[i]]);
        }

        TiledCopy.Rows(context, left, order, U.SliceRows(0, n).Transposed);
        TiledCopy.Rows(context, right, order, Vt);
    }

    /// <summary>Indices by descending value; equals keep their order.</summary>
    private static int[] DescendingOrder(double* values, int count)
    {
        double[] keys = new double[count];
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
        {
            keys[i] = values[i];
            order[i] = i;
        }

        Array.Sort(order, (a, b) => keys[a] != keys[b] ? keys[b].CompareTo(keys[a]) : a.CompareTo(b));
        return order;
    }
}
