using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// b reflectors applied at once: H(0) H(1) ... H(b - 1) = I - V F V', the compact WY form (Schreiber and Van Loan, "A
/// storage-efficient WY representation for products of Householder transformations", SIAM J. Sci. Stat. Comput. 10(1),
/// 1989).
/// <code>
///        V rows x b        F b x b
///        1 . . .           t0 x  x  x       V is explicit: ones on its diagonal, zeros above,
///        x 1 . .           .  t1 x  x       so that gemm takes it as it is.
///        x x 1 .           .  .  t2 x
///        x x x 1           .  .  .  t3
///        x x x x
/// </code>
/// </summary>
internal static unsafe class BlockReflector<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// The triangle F (contiguous rows) of reflectors, the columns of the view, with these taus.
    /// </summary>
    public static void Triangle(SimdContext context, MatrixView<T> reflectors, T* taus, MatrixView<T> F)
    {
        nint count = reflectors.Columns;
        using Scratch<T> products = context.Scratch.Rent<T>(count * count);
        MatrixView<T> gram = products.View(count, count);
        Gemm<S, V, T>.Run(
            context, T.One, reflectors.Transposed, reflectors, T.Zero, gram, GemmShapes.LowerC);
        F.Fill(T.Zero);
        for (nint j = 0; j < count; j++)
        {
            // F(0:j, j) = -tau(j) F(0:j, 0:j) V(:, 0:j)' v(j)
            F[j, j] = taus[j];
            for (nint i = 0; i < j; i++)
            {
                T sum = RowProducts<S, V, T>.Dot(
                    j - i, F.Pointer + (i * F.RowStride) + i, gram.Pointer + (j * count) + i);
                F[i, j] = -taus[j] * sum;
            }
        }
    }

    /// <summary>C = (I - V F V') C, or with transposed (I - V F' V') C.</summary>
    public static void Apply(
        SimdContext context, MatrixView<T> reflectors, MatrixView<T> F, bool transposed, MatrixView<T> C)
    {
        if (C.IsEmpty)
        {
            return;
        }

        nint count = reflectors.Columns;
        using Scratch<T> first = context.Scratch.Rent<T>(count * C.Columns);
        using Scratch<T> second = context.Scratch.Rent<T>(count * C.Columns);

        MatrixView<T> product = LyingAs(C, first, count);
        MatrixView<T> weighted = LyingAs(C, second, count);
        Gemm<S, V, T>.Run(context, T.One, reflectors.Transposed, C, T.Zero, product);
        Gemm<S, V, T>.Run(context, T.One, transposed ? F.Transposed : F, product, T.Zero, weighted);
        Gemm<S, V, T>.Run(context, T.NegativeOne, reflectors, weighted, T.One, C);
    }

    /// <summary>
    /// C = Q C for Q = H(0) H(1) ... of which reflector j is row j of the view (explicit: zeros, then a one where its
    /// support starts, at column j + offset). Blocks are wide, their triangles not formed: see
    /// <see cref="InverseTriangle{T}"/>.
    /// </summary>
    public static void ApplyAll(
        SimdContext context, MatrixView<T> reflectorRows, T* taus, nint offset, MatrixView<T> C,
        CancellationToken cancellation)
    {
        nint width = InverseTriangle<T>.BlockWidth(reflectorRows.Rows);
        using Scratch<T> gramMemory = context.Scratch.Rent<T>(width * width);
        using Scratch<T> weightsMemory = context.Scratch.Rent<T>(width * C.Columns);
        for (nint first = (reflectorRows.Rows - 1) / width * width; first >= 0; first -= width)
        {
            cancellation.ThrowIfCancellationRequested();
            nint count = Math.Min(width, reflectorRows.Rows - first);
            nint support = reflectorRows.Columns - first - offset;
            if (support <= 0)
            {
                continue;
            }

            MatrixView<T> rows = reflectorRows.Block(first, first + offset, count, support);
            MatrixView<T> affected = C.SliceRows(first + offset, support);
            MatrixView<T> gram = gramMemory.View(count, count);
            MatrixView<T> weights = LyingAs(affected, weightsMemory, count);
            Gemm<S, V, T>.Run(context, T.One, rows, rows.Transposed, T.Zero, gram, GemmShapes.LowerC);
            Gemm<S, V, T>.Run(context, T.One, rows, affected, T.Zero, weights);
            InverseTriangle<T>.Complete(taus + first, gram.Transposed, weights);
            Trsm<S, V, T>.Run(context, VemKernels.Triangle.Upper, unitDiagonal: false, gram.Transposed, weights);
            Gemm<S, V, T>.Run(context, T.NegativeOne, rows.Transposed, weights, T.One, affected);
        }
    }

    /// <summary>
    /// A product of count rows with C: it lies the way that C lies, so that gemm reads C in its own order.
    /// </summary>
    private static MatrixView<T> LyingAs(MatrixView<T> C, Scratch<T> memory, nint count) => C.HasContiguousRows
        ? memory.View(count, C.Columns)
        : memory.View(C.Columns, count).Transposed;
}
