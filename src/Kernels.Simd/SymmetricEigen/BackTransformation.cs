using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// Z = H(n-1) ... H(1) Z with the reflectors of <see cref="Tridiagonalization{S, V, T}"/>, in blocks of compact WY form
/// (Schreiber and Van Loan, "A storage-efficient WY representation for products of Householder transformations", SIAM
/// J. Sci. Stat. Comput. 10, 1989). Vectors are the rows of E = Z', so that a block of reflectors first ... first + k -
/// 1, which touches the first m = first + k - 1 coordinates, is two products:
/// <code>
///   H(first+k-1) ... H(first) = I - V T V',  T lower triangular k x k
///   U = T' V'  (k x m),   X = E(:, 0..m) V  (n x k),   E(:, 0..m) -= X U
/// </code>
/// T is never formed: its transpose is the triangle of <see cref="InverseTriangle{T}"/>, and U the solution of a
/// triangular system.
/// </summary>
internal static unsafe class BackTransformation<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Multiplications between two looks at the cancellation token: about 0.2 s on one core with 128-bit vectors
    /// (estimated).
    /// </summary>
    private const double WorkBetweenChecks = 1e9;

    /// <summary>Fewest rows of E that are worth a product of their own.</summary>
    private const nint FewestRows = 512;

    /// <summary>
    /// Applies the reflectors to the rows of E. What lies right of each reflector in a is overwritten.
    /// </summary>
    public static void Run(
        SimdContext context, T* a, nint stride, T* tau, MatrixView<T> E, CancellationToken cancellation)
    {
        nint n = E.Columns;
        if (n < 2)
        {
            return;
        }

        nint width = InverseTriangle<T>.BlockWidth(n);
        nint widest = Math.Min(width, n - 1);
        using Scratch<T> wy = context.Scratch.Rent<T>(widest * n);
        using Scratch<T> products = context.Scratch.Rent<T>(E.Rows * widest);
        using Scratch<T> gram = context.Scratch.Rent<T>(widest * widest);
        for (nint first = 1; first < n; first += width)
        {
            nint k = Math.Min(width, n - first);
            nint m = first + k - 1;
            for (nint r = first; r < first + k; r++)
            {
                new Span<T>(a + (r * stride) + r, (int)(m - r + 1)).Clear();
            }

            MatrixView<T> reflectors = new(a + (first * stride), k, m, stride);
            MatrixView<T> update = wy.View(k, m);
            FormUpdate(context, reflectors, tau + first, gram.View(k, k), update);

            nint rows = RowsAtOnce(m, k);
            for (nint row = 0; row < E.Rows; row += rows)
            {
                cancellation.ThrowIfCancellationRequested();
                nint count = Math.Min(rows, E.Rows - row);
                MatrixView<T> block = E.Block(row, 0, count, m);
                MatrixView<T> product = products.View(count, k);
                Gemm<S, V, T>.Run(context, T.One, block, reflectors.Transposed, T.Zero, product);
                Gemm<S, V, T>.Run(context, -T.One, product, update, T.One, block);
            }
        }
    }

    private static nint RowsAtOnce(nint m, nint k) => Math.Max(FewestRows, (nint)(WorkBetweenChecks / ((double)m * k)));

    /// <summary>U = T' V', from S U = V' with S the inverse of T'.</summary>
    private static void FormUpdate(
        SimdContext context, MatrixView<T> reflectors, T* tau, MatrixView<T> gram, MatrixView<T> update)
    {
        Gemm<S, V, T>.Run(context, T.One, reflectors, reflectors.Transposed, T.Zero, gram, GemmShapes.LowerC);
        reflectors.CopyTo(update);
        InverseTriangle<T>.Complete(tau, gram.Transposed, update);
        Trsm<S, V, T>.Run(context, Triangle.Upper, unitDiagonal: false, gram.Transposed, update);
    }
}
