using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// A = Q diag(w) Q' of a symmetric matrix (the steps of LAPACK's syevd):
/// <code>
///   lower triangle of A, scaled by a power of two, in padded working memory
///     -> Tridiagonalization        A = H T H'           4/3 n^3, half of it bound by memory
///     -> DivideAndConquer          T = Z diag(w) Z'     up to 4/3 n^3, less what deflates; Z' in the memory of A
///     -> BackTransformation        Q = H Z              2 n^3
///     -> sorted by ascending w, into A
/// </code>
/// Scratch: n^2 elements, and in the last merge up to 1.5 n^2 more. Same bits for any number of threads.
/// </summary>
internal static unsafe class SymmetricEigen<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Rows and columns of a tile of a copy that transposes or may: both sides stay in the first-level cache.
    /// </summary>
    private const int CopyTile = 32;

    /// <summary>
    /// Overwrites A (n x n, any strides, only the lower triangle is read) by Q, eigenvectors in columns; w ascends.
    /// </summary>
    /// <exception cref="ArgumentException">A is not square, or w does not have n elements.</exception>
    /// <exception cref="ArithmeticException">A holds NaN or infinity (A is then untouched), or an eigenvalue did not
    /// converge.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; A and w are undefined then.</exception>
    public static void Run(SimdContext context, MatrixView<T> A, Span<T> w, CancellationToken cancellation)
    {
        Shapes.RequireSame(A.Rows, A.Rows, A.Rows, A.Columns, nameof(A));
        if (w.Length != A.Rows)
        {
            throw new ArgumentException($"{w.Length} elements for the eigenvalues of order {A.Rows}.", nameof(w));
        }

        if (w.Length > 0)
        {
            RunScaled(context, A, w, ScaleExponent.Of(A), cancellation);
        }
    }

    /// <summary>
    /// The same for arguments that were checked; exponent is what <see cref="ScaleExponent"/> says of A.
    /// </summary>
    internal static void RunScaled(
        SimdContext context, MatrixView<T> A, Span<T> w, int exponent, CancellationToken cancellation)
    {
        int n = w.Length;
        nint stride = WorkShape.Stride(n);
        using Scratch<T> work = context.Scratch.Rent<T>(stride * n);
        using Scratch<double> numbers = context.Scratch.Rent<double>(2 * (nint)n);
        using Scratch<T> tau = context.Scratch.Rent<T>(n);
        using Scratch<int> order = context.Scratch.Rent<int>(n);
        MatrixView<T> lower = new(work.Pointer, n, n, stride);
        double* d = numbers.Pointer;
        double* e = d + n;
        CopyLower(context, A, T.ScaleB(T.One, -exponent), lower);
        Tridiagonalization<S, V, T>.Run(context, work.Pointer, stride, n, d, e, tau.Pointer, cancellation);

        bool inPlace = A.HasContiguousRows || A.Transposed.HasContiguousRows;
        using Scratch<T> separate = context.Scratch.Rent<T>(inPlace ? 0 : (nint)n * n);
        MatrixView<T> E = A.HasContiguousRows ? A : inPlace ? A.Transposed : separate.View(n, n);
        DivideAndConquer<S, V, T>.Run(context, d, e, E, order.Pointer, cancellation);
        BackTransformation<S, V, T>.Run(context, work.Pointer, stride, tau.Pointer, E, cancellation);

        int* ascending = order.Pointer;
        context.Pool.For(n, i => E.SliceRows(ascending[i], 1).CopyTo(lower.SliceRows(i, 1)));
        CopyTransposed(context, lower, A);
        for (int i = 0; i < n; i++)
        {
            w[i] = T.CreateTruncating(double.ScaleB(d[ascending[i]], exponent));
        }
    }

    private static void CopyLower(SimdContext context, MatrixView<T> A, T scale, MatrixView<T> lower)
    {
        nint n = A.Rows;
        ForTiles(context, n, task =>
        {
            nint end = Math.Min(n, (task + 1) * (nint)CopyTile);
            for (nint j0 = 0; j0 < end; j0 += CopyTile)
            {
                for (nint i = task * (nint)CopyTile; i < end; i++)
                {
                    for (nint j = j0; j < Math.Min(i + 1, j0 + CopyTile); j++)
                    {
                        lower[i, j] = scale * A[i, j];
                    }
                }
            }
        });
    }

    private static void CopyTransposed(SimdContext context, MatrixView<T> rows, MatrixView<T> A)
    {
        nint n = A.Rows;
        ForTiles(context, n, task =>
        {
            nint end = Math.Min(n, (task + 1) * (nint)CopyTile);
            for (nint j0 = 0; j0 < n; j0 += CopyTile)
            {
                for (nint i = task * (nint)CopyTile; i < end; i++)
                {
                    for (nint j = j0; j < Math.Min(n, j0 + CopyTile); j++)
                    {
                        A[i, j] = rows[j, i];
                    }
                }
            }
        });
    }

    private static void ForTiles(SimdContext context, nint n, Action<int> body) =>
        context.Pool.For((int)((n + CopyTile - 1) / CopyTile), body);
}
