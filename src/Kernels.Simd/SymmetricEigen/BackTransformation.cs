using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// Z = H(n-1) ... H(1) Z with the reflectors of <see cref="Tridiagonalization{S, V, T}"/>, in blocks of compact WY form
/// (Schreiber and Van Loan, "A storage-efficient WY representation for products of Householder transformations", SIAM
/// J. Sci. Stat. Comput. 10, 1989). Vectors are the rows of E = Z', so that a block of reflectors first ... first + k -
/// 1, which touches the first m = first + k - 1 coordinates, is three products:
/// <code>
///   H(first+k-1) ... H(first) = I - V T V',  T lower triangular k x k
///   U = T' V'  (k x m),   X = E(:, 0..m) V  (n x k),   E(:, 0..m) -= X U
/// </code>
/// </summary>
internal static unsafe class BackTransformation<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Reflectors in a block: half of gemm's depth, a compromise between its speed and the work for T.
    /// </summary>
    private const int BlockWidth = 128;

    /// <summary>
    /// Multiplications between two looks at the cancellation token: about 0.2 s on one core with 128-bit vectors
    /// (estimated).
    /// </summary>
    private const double WorkBetweenChecks = 5e8;

    /// <summary>Fewest rows of E that are worth a product of their own.</summary>
    private const nint FewestRows = 256;

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
        using Scratch<T> factor = context.Scratch.Rent<T>(widest * widest);
        for (nint first = 1; first < n; first += BlockWidth)
        {
            nint k = Math.Min(BlockWidth, n - first);
            nint m = first + k - 1;
            for (nint r = first; r < first + k; r++)
            {
                new Span<T>(a + (r * stride) + r, (int)(m - r + 1)).Clear();
            }

            MatrixView<T> reflectors = new(a + (first * stride), k, m, stride);
            MatrixView<T> triangle = factor.View(k, k);
            Gemm<S, V, T>.Run(context, T.One, reflectors, reflectors.Transposed, T.Zero, gram.View(k, k));
            FormFactor(gram.View(k, k), tau + first, triangle);
            MatrixView<T> update = wy.View(k, m);
            Gemm<S, V, T>.Run(context, T.One, triangle.Transposed, reflectors, T.Zero, update, GemmShapes.UpperA);

            nint rows = Math.Max(FewestRows, (nint)(WorkBetweenChecks / ((double)m * k)));
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

    /// <summary>
    /// T from the Gram matrix V'V of the block: column i is -tau(i) T(i+1.., i+1..) (V'V)(i+1.., i), and tau(i) on the
    /// diagonal.
    /// </summary>
    private static void FormFactor(MatrixView<T> gram, T* tau, MatrixView<T> triangle)
    {
        nint k = gram.Rows;
        triangle.Fill(T.Zero);
        for (nint i = k - 1; i >= 0; i--)
        {
            for (nint r = i + 1; r < k; r++)
            {
                T sum = T.Zero;
                for (nint c = i + 1; c <= r; c++)
                {
                    sum += triangle[r, c] * gram[i, c];
                }

                triangle[r, i] = -tau[i] * sum;
            }

            triangle[i, i] = tau[i];
        }
    }
}
