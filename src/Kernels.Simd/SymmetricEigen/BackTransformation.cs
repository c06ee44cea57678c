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
/// T is never formed: its inverse is the lower triangle of V'V with 1 / tau on its diagonal (Joffrain, Low,
/// Quintana-Orti, van de Geijn and Van Zee, "Accumulating Householder transformations, revisited", ACM TOMS 32(2),
/// 2006), so that U is the solution of a triangular system.
/// </summary>
internal static unsafe class BackTransformation<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Reflectors in a block: whole micro-tiles of every instruction set (48, 24, 12, 8 columns), about gemm's depth.
    /// Work for the blocks' corners of zeros, V'V and U is 1.5 k / n of the whole.
    /// </summary>
    private const int BlockWidth = 240;

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

        nint widest = Math.Min(BlockWidth, n - 1);
        using Scratch<T> wy = context.Scratch.Rent<T>(widest * n);
        using Scratch<T> products = context.Scratch.Rent<T>(E.Rows * widest);
        using Scratch<T> gram = context.Scratch.Rent<T>(widest * widest);
        for (nint first = 1; first < n; first += BlockWidth)
        {
            nint k = Math.Min(BlockWidth, n - first);
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

    /// <summary>
    /// U = T' V': the solution of S U = V', S the upper triangle of V'V with 1 / tau on its diagonal. A reflector with
    /// tau = 0 is none: its row of S becomes the identity's, its row of U zero.
    /// </summary>
    private static void FormUpdate(
        SimdContext context, MatrixView<T> reflectors, T* tau, MatrixView<T> gram, MatrixView<T> update)
    {
        Gemm<S, V, T>.Run(context, T.One, reflectors, reflectors.Transposed, T.Zero, gram, GemmShapes.LowerC);
        reflectors.CopyTo(update);
        MatrixView<T> system = gram.Transposed;
        for (nint i = 0; i < system.Rows; i++)
        {
            if (tau[i] == T.Zero)
            {
                system.Block(i, i, 1, system.Columns - i).Fill(T.Zero);
                update.SliceRows(i, 1).Fill(T.Zero);
            }

            system[i, i] = tau[i] == T.Zero ? T.One : T.One / tau[i];
        }

        Trsm<S, V, T>.Run(context, Triangle.Upper, unitDiagonal: false, system, update);
    }
}
