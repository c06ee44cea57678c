using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// A = Q B P' with B upper bidiagonal, m >= n, blocked (Dongarra, Sorensen and Hammarling, "Block reduction of matrices
/// to condensed forms", J. Comput. Appl. Math. 27, 1989; LAPACK's xGEBRD and xLABRD).
/// <code>
///   Within a panel A itself stays as it was; the matrix reduced so far is
///
///        A - L' M        L (2 b x m)          M (2 b x n)            b = PanelColumns
///                        row 2i    : q(i)     row 2i    : y(i)       q(i) annihilates column i, p(i) row i
///                        row 2i + 1: x(i)     row 2i + 1: p(i)
///
///        y(i) = tauq (A' q(i) - M' (L q(i)))         over the first 2i rows of L and M
///        x(i) = taup (A p(i) - L' (M p(i)))          over the first 2i + 1
/// </code>
/// L and M interleave both kinds of vectors, so that each correction is one product with a leading part of them, and
/// the update of what is right of and below the panel is one gemm of depth 2 b. The products with A read it at the
/// speed of memory, on all threads: y in strips of columns, x in blocks of rows, each element summed in one order
/// whatever the number of threads.
/// </summary>
internal static unsafe class Bidiagonalization<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Columns reduced before A is updated.</summary>
    private const int PanelColumns = 32;

    /// <summary>Elements of A under which a product is left to the calling thread.</summary>
    private const long SerialElements = 32 * 1024;

    /// <summary>Shares of a product for each thread: some slack for a thread that is late.</summary>
    private const int SharesPerThread = 2;

    /// <summary>Shares are multiples of this many rows or columns: a cache line or more.</summary>
    private const int ShareGrain = 16;

    /// <summary>
    /// Reduces A (m x n, contiguous rows, destroyed). Fills the diagonal d (n) and the superdiagonal e (n - 1) of B,
    /// and the reflectors as explicit rows: left (n x m, row i starting with a one at column i), right (n x n, row i
    /// starting at column i + 1; the last is zero), with their taus.
    /// </summary>
    public static void Reduce(
        SimdContext context, MatrixView<T> A, double* d, double* e, MatrixView<T> left, T* leftTaus,
        MatrixView<T> right,
        T* rightTaus, CancellationToken cancellation)
    {
        nint m = A.Rows;
        nint n = A.Columns;
        nint panel = Math.Min(PanelColumns, n);
        using Scratch<T> memoryL = context.Scratch.Rent<T>(2 * panel * m);
        using Scratch<T> memoryM = context.Scratch.Rent<T>(2 * panel * n);
        using Scratch<T> memoryColumn = context.Scratch.Rent<T>(m);
        MatrixView<T> L = memoryL.View(2 * panel, m);
        MatrixView<T> M = memoryM.View(2 * panel, n);
        for (nint first = 0; first < n; first += PanelColumns)
        {
            nint count = Math.Min(PanelColumns, n - first);
            for (nint i = 0; i < count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                nint at = first + i;
                ReduceColumn(context, A, L, M, at, 2 * i, out T diagonal, out leftTaus[at]);
                d[at] = double.CreateChecked(diagonal);
                KeepReflector(L, 2 * i, at, left, at);
                if (at + 1 < n)
                {
                    ReduceRow(context, A, L, M, at, (2 * i) + 1, out T superdiagonal, out rightTaus[at]);
                    e[at] = double.CreateChecked(superdiagonal);
                    KeepReflector(M, (2 * i) + 1, at + 1, right, at);
                }
                else
                {
                    rightTaus[at] = T.Zero;
                    right.RowSpan(at).Clear();
                }
            }

            nint next = first + count;
            if (next < n)
            {
                MatrixView<T> below = L.Block(0, next, 2 * count, m - next).Transposed;
                MatrixView<T> beside = M.Block(0, next, 2 * count, n - next);
                Gemm<S, V, T>.Run(
                    context, T.NegativeOne, below, beside, T.One, A.Block(next, next, m - next, n - next));
            }
        }
    }

    /// <summary>
    /// Brings column `at` up to date, makes it row `pairs` of L, a reflector, and computes the same row of M.
    /// </summary>
    private static void ReduceColumn(
        SimdContext context, MatrixView<T> A, MatrixView<T> L, MatrixView<T> M, nint at, nint pairs,
        out T diagonal, out T tau)
    {
        nint rows = A.Rows - at;
        nint rest = A.Columns - at - 1;
        T* q = L.Pointer + (pairs * L.RowStride) + at;
        T* weights = stackalloc T[2 * PanelColumns];
        for (nint i = 0; i < rows; i++)
        {
            q[i] = A[at + i, at];
        }

        for (nint i = 0; i < pairs; i++)
        {
            weights[i] = -M[i, at];
        }

        RowProducts<S, V, T>.AddCombination(L.Block(0, at, pairs, rows), weights, q);
        tau = HouseholderReflector<S, V, T>.Generate(rows, q, out diagonal);

        RowProducts<S, V, T>.Dots(L.Block(0, at, pairs, rows), q, weights);
        Negate(pairs, weights);
        T* y = M.Pointer + (pairs * M.RowStride) + at + 1;
        T scale = tau;
        Share(context, rest, rows, (start, length) =>
        {
            new Span<T>(y + start, checked((int)length)).Clear();
            RowProducts<S, V, T>.AddCombination(A.Block(at, at + 1 + start, rows, length), q, y + start);
            RowProducts<S, V, T>.AddCombination(M.Block(0, at + 1 + start, pairs, length), weights, y + start);
            RowProducts<S, V, T>.Scale(length, scale, y + start);
        });
    }

    /// <summary>
    /// Brings row `at` up to date (with `pairs` rows of L and M), makes it row `pairs` of M, a reflector, and computes
    /// the same row of L.
    /// </summary>
    private static void ReduceRow(
        SimdContext context, MatrixView<T> A, MatrixView<T> L, MatrixView<T> M, nint at, nint pairs,
        out T superdiagonal, out T tau)
    {
        nint rows = A.Rows - at - 1;
        nint rest = A.Columns - at - 1;
        T* p = M.Pointer + (pairs * M.RowStride) + at + 1;
        T* weights = stackalloc T[2 * PanelColumns];
        A.Block(at, at + 1, 1, rest).CopyTo(new MatrixView<T>(p, 1, rest, rest));
        for (nint i = 0; i < pairs; i++)
        {
            weights[i] = -L[i, at];
        }

        RowProducts<S, V, T>.AddCombination(M.Block(0, at + 1, pairs, rest), weights, p);
        tau = HouseholderReflector<S, V, T>.Generate(rest, p, out superdiagonal);

        RowProducts<S, V, T>.Dots(M.Block(0, at + 1, pairs, rest), p, weights);
        Negate(pairs, weights);
        T* x = L.Pointer + (pairs * L.RowStride) + at + 1;
        T scale = tau;
        Share(context, rows, rest, (start, length) =>
        {
            RowProducts<S, V, T>.Dots(A.Block(at + 1 + start, at + 1, length, rest), p, x + start);
            RowProducts<S, V, T>.AddCombination(L.Block(0, at + 1 + start, pairs, length), weights, x + start);
            RowProducts<S, V, T>.Scale(length, scale, x + start);
        });
    }

    /// <summary>Cuts [0, count) into shares, and runs them on all threads where there is enough to do.</summary>
    private static void Share(SimdContext context, nint count, nint depth, Action<nint, nint> body)
    {
        if ((long)count * depth < SerialElements || context.Pool.Threads == 1)
        {
            body(0, count);
            return;
        }

        nint shares = context.Pool.Threads * SharesPerThread;
        nint length = (((count + shares - 1) / shares) + ShareGrain - 1) / ShareGrain * ShareGrain;
        context.Pool.For(checked((int)((count + length - 1) / length)), share =>
            body(share * length, Math.Min(length, count - (share * length))));
    }

    private static void Negate(nint count, T* values)
    {
        for (nint i = 0; i < count; i++)
        {
            values[i] = -values[i];
        }
    }

    /// <summary>
    /// Copies a panel's reflector, which starts at a column, to its row among the explicit reflectors.
    /// </summary>
    private static void KeepReflector(
        MatrixView<T> panel, nint panelRow, nint start, MatrixView<T> reflectors, nint row)
    {
        Span<T> target = reflectors.RowSpan(row);
        target[..(int)start].Clear();
        panel.RowSpan(panelRow)[(int)start..].CopyTo(target[(int)start..]);
    }
}
