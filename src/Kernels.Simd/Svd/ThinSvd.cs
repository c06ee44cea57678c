using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// Thin singular value decomposition A = U diag(s) Vt, k = min(m, n), singular values descending. Never from the
/// eigenvalues of A'A, which would square the condition.
/// <code>
///   wide    (m &lt; n)                    the transpose
///   tall    (m >= 1.6 n)               A = Q R (CholeskyQr where that holds and saves time, else HouseholderQr),
///                                      the SVD of R, U = Q U(R)
///   n &lt;= 48                            one-sided Jacobi (OneSidedJacobi)
///   else                               through the bidiagonal form (BidiagonalSvd)
/// </code>
/// The matrix is scaled first (SvdScaling). Same bits for any number of threads.
/// </summary>
internal static unsafe class ThinSvd<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Columns up to which Jacobi is used: faster than the bidiagonal form up to about here, and more accurate.
    /// </summary>
    private const int JacobiColumns = 48;

    /// <summary>
    /// Rows per column from which a QR factorisation first saves work: Chan, ACM TOMS 8(1), 1982 has 5/3.
    /// </summary>
    private const double TallRatio = 1.6;

    /// <summary>Decomposes A.</summary>
    /// <param name="context">Threads and scratch.</param>
    /// <param name="A">m x n, any strides; destroyed.</param>
    /// <param name="U">m x k, any strides; receives the left singular vectors, orthonormal also where s is
    /// zero.</param>
    /// <param name="s">Receives the k singular values, descending.</param>
    /// <param name="Vt">k x n, any strides; receives the right singular vectors in rows.</param>
    /// <param name="cancellation">Checked between panels and between batches of sweeps.</param>
    /// <exception cref="ArgumentException">A shape is wrong.</exception>
    /// <exception cref="ArithmeticException">A holds NaN or infinity, or the iteration did not converge.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the results are then of no use.</exception>
    public static void Run(
        SimdContext context, MatrixView<T> A, MatrixView<T> U, T* s, MatrixView<T> Vt, CancellationToken cancellation)
    {
        nint k = Math.Min(A.Rows, A.Columns);
        Shapes.Require(U, A.Rows, k, nameof(U));
        Shapes.Require(Vt, k, A.Columns, nameof(Vt));
        if (A.Rows < A.Columns)
        {
            RunTall(context, A.Transposed, Vt.Transposed, s, U.Transposed, cancellation);
        }
        else
        {
            RunTall(context, A, U, s, Vt, cancellation);
        }
    }

    /// <summary>m >= n.</summary>
    private static void RunTall(
        SimdContext context, MatrixView<T> A, MatrixView<T> U, T* s, MatrixView<T> Vt, CancellationToken cancellation)
    {
        T largest = SvdScaling<T>.Largest(context, A);
        if (largest == T.Zero)
        {
            new Span<T>(s, checked((int)A.Columns)).Clear();
            FillIdentity(U);
            FillIdentity(Vt);
            return;
        }

        SvdScaling<T> scaling = SvdScaling<T>.For(largest);
        scaling.Apply(context, A);
        if ((double)A.Rows >= TallRatio * A.Columns)
        {
            RunThroughQr(context, A, U, s, Vt, cancellation);
        }
        else
        {
            RunSquare(context, A, U, s, Vt, cancellation);
        }

        SvdScaling<T> back = scaling.Inverse;
        for (nint i = 0; i < A.Columns; i++)
        {
            s[i] = back.Apply(s[i]);
        }
    }

    private static void RunThroughQr(
        SimdContext context, MatrixView<T> A, MatrixView<T> U, T* s, MatrixView<T> Vt, CancellationToken cancellation)
    {
        nint n = A.Columns;
        using Scratch<T> upper = context.Scratch.Rent<T>(n * n);
        MatrixView<T> R = upper.View(n, n);
        if (!CholeskyQr<S, V, T>.Takes(A.Rows, n) || !RunThroughCholeskyQr(context, A, R, U, s, Vt, cancellation))
        {
            RunThroughReflectors(context, A, R, U, s, Vt, cancellation);
        }
    }

    private static bool RunThroughCholeskyQr(
        SimdContext context, MatrixView<T> A, MatrixView<T> R, MatrixView<T> U, T* s, MatrixView<T> Vt,
        CancellationToken cancellation)
    {
        nint n = A.Columns;
        using Scratch<T> secondMemory = context.Scratch.Rent<T>(n * n);
        using Scratch<T> leftMemory = context.Scratch.Rent<T>(n * n);
        MatrixView<T> second = secondMemory.View(n, n);
        MatrixView<T> left = leftMemory.View(n, n);
        if (!CholeskyQr<S, V, T>.TryFactor(context, A, copy: U, second, R, cancellation))
        {
            return false;
        }

        RunSquare(context, R, left, s, Vt, cancellation);
        CholeskyQr<S, V, T>.Apply(context, A, second, left, U);
        return true;
    }

    private static void RunThroughReflectors(
        SimdContext context, MatrixView<T> A, MatrixView<T> R, MatrixView<T> U, T* s, MatrixView<T> Vt,
        CancellationToken cancellation)
    {
        nint n = A.Columns;
        using Scratch<T> memory = context.Scratch.Rent<T>(HouseholderQr<S, V, T>.TrianglesLength(A.Rows, n));
        MatrixView<T> triangles = HouseholderQr<S, V, T>.Triangles(memory, A.Rows, n);
        HouseholderQr<S, V, T>.Factor(context, A, triangles, cancellation);
        HouseholderQr<S, V, T>.CopyR(A, R);
        RunSquare(context, R, U.SliceRows(0, n), s, Vt, cancellation);
        AccumulatedReflectors<S, V, T>.ApplyToLeadingRows(context, A, triangles, U, cancellation);
    }

    /// <summary>m >= n, but not by much.</summary>
    private static void RunSquare(
        SimdContext context, MatrixView<T> A, MatrixView<T> U, T* s, MatrixView<T> Vt, CancellationToken cancellation)
    {
        if (A.Columns <= JacobiColumns)
        {
            OneSidedJacobi<S, V, T>.Run(context, A, U, s, Vt, cancellation);
            return;
        }

        if (A.HasContiguousRows)
        {
            BidiagonalSvd<S, V, T>.Run(context, A, U, s, Vt, cancellation);
            return;
        }

        using Scratch<T> copy = context.Scratch.Rent<T>(A.Rows * A.Columns);
        MatrixView<T> rows = copy.View(A.Rows, A.Columns);
        TiledCopy.Run(context, A, rows);
        BidiagonalSvd<S, V, T>.Run(context, rows, U, s, Vt, cancellation);
    }

    private static void FillIdentity(MatrixView<T> A)
    {
        A.Fill(T.Zero);
        for (nint i = 0; i < Math.Min(A.Rows, A.Columns); i++)
        {
            A[i, i] = T.One;
        }
    }
}
