using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// Thin SVD of an m x n matrix, m >= n, n small, by one-sided Jacobi (Hestenes): columns are rotated in pairs until all
/// are orthogonal, A V = U diag(s). Pivoting by norm after de Rijk, "A one-sided Jacobi algorithm for computing the
/// singular value decomposition on a vector computer", SIAM J. Sci. Stat. Comput. 10(2), 1989. Singular values are
/// accurate relative to themselves if A is well conditioned after scaling its columns (Demmel and Veselic, SIAM J.
/// Matrix Anal. Appl. 13(4), 1992).
/// <code>
///   columns (n rows, each a column of A, padded with zeros to whole vectors)     vectors (n rows of V')
///       g(p)  ---------------------------------   rotated together with   v(p)  ---------------
///       g(q)  ---------------------------------                           v(q)  ---------------
/// </code>
/// </summary>
internal static unsafe class OneSidedJacobi<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A is only read. U is m x n, s holds n elements, Vt is n x n.</summary>
    /// <exception cref="ArithmeticException">No convergence.</exception>
    public static void Run(
        SimdContext context, MatrixView<T> A, MatrixView<T> U, T* s, MatrixView<T> Vt, CancellationToken cancellation)
    {
        int n = checked((int)A.Columns);
        nint columnLength = RoundUp(A.Rows);
        nint vectorLength = RoundUp(n);
        using Scratch<T> columnMemory = context.Scratch.Rent<T>(n * columnLength);
        using Scratch<T> vectorMemory = context.Scratch.Rent<T>(n * vectorLength);
        columnMemory.Clear();
        vectorMemory.Clear();
        MatrixView<T> columns = columnMemory.View(n, columnLength);
        MatrixView<T> vectors = vectorMemory.View(n, vectorLength);
        A.Transposed.CopyTo(columns.SliceColumns(0, A.Rows));
        for (int j = 0; j < n; j++)
        {
            vectors[j, j] = T.One;
        }

        // Rows are exchanged by exchanging their indices.
        Span<int> order = stackalloc int[n];
        Span<T> squares = stackalloc T[n];
        for (int j = 0; j < n; j++)
        {
            order[j] = j;
        }

        Orthogonalize(columns, vectors, order, squares, JacobiLimits<T>.Cosine(A.Rows), cancellation);
        Deliver(context, columns, vectors, order, squares, U, s, Vt);
    }

    private static void Orthogonalize(
        MatrixView<T> columns, MatrixView<T> vectors, Span<int> order, Span<T> squares, T tolerance,
        CancellationToken cancellation)
    {
        int n = order.Length;
        for (int sweep = 0; sweep < JacobiLimits<T>.MostSweeps; sweep++)
        {
            cancellation.ThrowIfCancellationRequested();
            Measure(columns, squares);
            bool rotated = false;
            for (int p = 0; p < n - 1; p++)
            {
                MoveLargestTo(p, order, squares);
                for (int q = p + 1; q < n; q++)
                {
                    rotated |= Orthogonalize(columns, vectors, order[p], order[q], squares, tolerance);
                }
            }

            if (!rotated)
            {
                Measure(columns, squares);
                return;
            }
        }

        JacobiLimits<T>.ThrowNotConverged();
    }

    /// <summary>Makes two columns orthogonal; false if they were.</summary>
    private static bool Orthogonalize(
        MatrixView<T> columns, MatrixView<T> vectors, int p, int q, Span<T> squares, T tolerance)
    {
        T* gp = columns.Pointer + (p * columns.RowStride);
        T* gq = columns.Pointer + (q * columns.RowStride);
        Products(columns.Columns, gp, gq, out T pp, out T qq, out T pq);
        squares[p] = pp;
        squares[q] = qq;
        if (pp < JacobiLimits<T>.SmallestSquare || qq < JacobiLimits<T>.SmallestSquare
            || T.Abs(pq) <= tolerance * T.Sqrt(pp) * T.Sqrt(qq))
        {
            return false;
        }

        // The smaller root of t^2 + 2 zeta t - 1 = 0: an angle of at most 45 degrees. Where zeta is large its square
        // may overflow.
        T two = T.One + T.One;
        T zeta = (qq - pp) / (two * pq);
        T size = T.Abs(zeta);
        T tangent = T.One / (size + (size * FloatingPoint<T>.Epsilon > T.One ? size : T.Sqrt(T.One + (zeta * zeta))));
        tangent = T.IsNegative(zeta) ? -tangent : tangent;
        T cosine = T.One / T.Sqrt(T.One + (tangent * tangent));
        T sine = cosine * tangent;
        Rotate(columns.Columns, cosine, sine, gp, gq);
        T* vp = vectors.Pointer + (p * vectors.RowStride);
        T* vq = vectors.Pointer + (q * vectors.RowStride);
        Rotate(vectors.Columns, cosine, sine, vp, vq);
        squares[p] = pp - (tangent * pq);
        squares[q] = qq + (tangent * pq);
        return true;
    }

    private static void MoveLargestTo(int p, Span<int> order, Span<T> squares)
    {
        int largest = p;
        for (int q = p + 1; q < order.Length; q++)
        {
            if (squares[order[q]] > squares[order[largest]])
            {
                largest = q;
            }
        }

        (order[p], order[largest]) = (order[largest], order[p]);
    }

    private static void Measure(MatrixView<T> columns, Span<T> squares)
    {
        for (int j = 0; j < squares.Length; j++)
        {
            T* column = columns.Pointer + (j * columns.RowStride);
            squares[j] = RowProducts<S, V, T>.Dot(columns.Columns, column, column);
        }
    }

    /// <summary>Sorts, normalises and writes the results; completes U where columns are zero.</summary>
    private static void Deliver(
        SimdContext context, MatrixView<T> columns, MatrixView<T> vectors, Span<int> order, Span<T> squares,
        MatrixView<T> U, T* s, MatrixView<T> Vt)
    {
        int n = order.Length;
        nint rank = 0;
        for (int j = 0; j < n; j++)
        {
            for (int p = j + 1; p < n; p++)
            {
                if (squares[order[p]] > squares[order[j]])
                {
                    (order[j], order[p]) = (order[p], order[j]);
                }
            }

            int from = order[j];
            bool isZero = squares[from] < JacobiLimits<T>.SmallestSquare;
            s[j] = isZero ? T.Zero : T.Sqrt(squares[from]);
            vectors.Block(from, 0, 1, n).CopyTo(Vt.SliceRows(j, 1));
            if (!isZero)
            {
                for (nint i = 0; i < U.Rows; i++)
                {
                    U[i, j] = columns[from, i] / s[j];
                }

                rank++;
            }
        }

        OrthonormalCompletion<S, V, T>.Run(context, U, rank);
    }

    /// <summary>The three inner products of two columns (whole vectors).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Products(nint count, T* p, T* q, out T pp, out T qq, out T pq)
    {
        V sumPP = S.Zero, sumQQ = S.Zero, sumPQ = S.Zero;
        for (nint i = 0; i < count; i += S.Width)
        {
            V a = S.Load(p + i), b = S.Load(q + i);
            sumPP = S.MultiplyAdd(a, a, sumPP);
            sumQQ = S.MultiplyAdd(b, b, sumQQ);
            sumPQ = S.MultiplyAdd(a, b, sumPQ);
        }

        pp = S.Sum(sumPP);
        qq = S.Sum(sumQQ);
        pq = S.Sum(sumPQ);
    }

    /// <summary>(p, q) = (c p - s q, s p + c q), whole vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rotate(nint count, T cosine, T sine, T* p, T* q)
    {
        V c = S.Broadcast(cosine), s = S.Broadcast(sine), minusS = S.Broadcast(-sine);
        for (nint i = 0; i < count; i += S.Width)
        {
            V a = S.Load(p + i), b = S.Load(q + i);
            S.Store(p + i, S.MultiplyAdd(minusS, b, S.Multiply(c, a)));
            S.Store(q + i, S.MultiplyAdd(s, a, S.Multiply(c, b)));
        }
    }

    private static nint RoundUp(nint count) => (count + S.Width - 1) / S.Width * S.Width;
}
