using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// K(i, j) = exp(-gamma |a_i - b_j|^2), the distances from one product a tile, in double whatever the data's type:
/// <code>
///   |a - b|^2 = |a - c|^2 + |b - c|^2 - 2 (a - c)'(b - c)        c: the means of B, so that a common mean cancels no digits
///
///               features in chunks
///   tile of K:  +------+------+--          for each chunk: rows of A and of B, less c, in double -> two packed scratch blocks,
///     rows of A | chunk|chunk |            their squared norms summed on the way; product += A_chunk B_chunk'
///               +------+------+--          then the whole tile: exp, vectorised, and the rounding to the data's type
/// </code>
/// T is double; TData the data's type. Scratch: two blocks of 1024 x 768 and, for float, a tile of 1024 x 1024 doubles.
/// K has contiguous rows. Where A and B are the same view the distance of a row to itself is 0, not what rounding
/// leaves of it.
/// </summary>
internal static unsafe class RbfKernel<S, V, T, TData>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TData : unmanaged, IBinaryFloatingPointIeee754<TData>
{
    /// <summary>Features at a time: two depths of the gemm's blocks.</summary>
    private const int Chunk = 2 * GemmBlocking.Depth;

    public static void Run(
        SimdContext context, double gamma, MatrixView<TData> A, MatrixView<TData> B, MatrixView<TData> K,
        CancellationToken cancellation)
    {
        bool symmetric = A == B;
        using Scratch<T> shift = context.Scratch.Rent<T>(B.Columns);
        T* c = shift.Pointer;
        FiniteMeans(context, B, c);
        KernelTiles.ForLeast(
            context, K, symmetric, tile => Tile(context, T.CreateTruncating(gamma), A, B, c, tile, tile.Of(K)),
            cancellation);
        for (nint i = 0; symmetric && i < K.Rows; i++)
        {
            K[i, i] = TData.IsNaN(K[i, i]) ? K[i, i] : TData.One;
        }
    }

    private static void Tile(
        SimdContext context, T gamma, MatrixView<TData> A, MatrixView<TData> B, T* c, KernelTile tile,
        MatrixView<TData> target)
    {
        bool onDiagonal = tile.OnDiagonal;
        bool inPlace = typeof(TData) == typeof(T);
        nint width = Math.Min(Chunk, A.Columns);
        using Scratch<T> scratchA = context.Scratch.Rent<T>(tile.Rows * width);
        using Scratch<T> scratchB = context.Scratch.Rent<T>(onDiagonal ? 0 : tile.Columns * width);
        using Scratch<T> norms = context.Scratch.Rent<T>(tile.Rows + tile.Columns);
        using Scratch<T> scratchProducts = context.Scratch.Rent<T>(inPlace ? 0 : tile.Rows * tile.Columns);
        norms.Clear();
        T* rowNorms = norms.Pointer;
        T* columnNorms = onDiagonal ? rowNorms : rowNorms + tile.Rows;
        MatrixView<T> products = inPlace
            ? (MatrixView<T>)(object)target
            : scratchProducts.View(tile.Rows, tile.Columns);
        if (A.Columns == 0)
        {
            products.Fill(T.Zero);
        }

        for (nint first = 0; first < A.Columns; first += Chunk)
        {
            nint deep = Math.Min(Chunk, A.Columns - first);
            T beta = first == 0 ? T.Zero : T.One;
            MatrixView<T> a = scratchA.View(tile.Rows, deep);
            Shift(context, A.Block(tile.Row, first, tile.Rows, deep), c + first, a, rowNorms);
            if (onDiagonal)
            {
                Syrk<S, V, T>.Run(context, T.One, a, beta, products);
                continue;
            }

            MatrixView<T> b = scratchB.View(tile.Columns, deep);
            Shift(context, B.Block(tile.Column, first, tile.Columns, deep), c + first, b, columnNorms);
            Gemm<S, V, T>.Run(context, T.One, a, b.Transposed, beta, products);
        }

        Rows.For(context, tile.Rows, tile.Columns, (start, count) =>
        {
            for (nint i = start; i < start + count; i++)
            {
                T* row = products.Pointer + (i * products.RowStride);
                KernelEpilogue<S, V, T>.Rbf(tile.Columns, gamma, rowNorms[i], columnNorms, row);
                for (nint j = 0; !inPlace && j < tile.Columns; j++)
                {
                    target[i, j] = TData.CreateTruncating(row[j]);
                }
            }
        });
    }

    /// <summary>shifted = X - c, and norms(i) += |row i of it|^2.</summary>
    private static void Shift(SimdContext context, MatrixView<TData> X, T* c, MatrixView<T> shifted, T* norms) =>
        Rows.For(context, X.Rows, X.Columns, (first, count) =>
        {
            for (nint i = first; i < first + count; i++)
            {
                T* row = shifted.Pointer + (i * shifted.RowStride);
                TData* source = X.Pointer + (i * X.RowStride);
                for (nint j = 0; j < X.Columns; j++)
                {
                    row[j] = T.CreateTruncating(source[j * X.ColumnStride]) - c[j];
                }

                norms[i] += VectorLoops<S, V, T>.Dot(X.Columns, row, row);
            }
        });

    /// <summary>
    /// Means of the columns; 0 where NaN or infinity is among them: these are to spoil their own rows alone.
    /// </summary>
    private static void FiniteMeans(SimdContext context, MatrixView<TData> X, T* means) =>
        Rows.ForStrips(context, X.Columns, (first, count) =>
        {
            T* sums = means + first;
            new Span<T>(sums, count).Clear();
            for (nint i = 0; i < X.Rows; i++)
            {
                for (int j = 0; j < count; j++)
                {
                    sums[j] += T.CreateTruncating(X[i, first + j]);
                }
            }

            for (int j = 0; j < count; j++)
            {
                T mean = sums[j] / T.CreateTruncating(Math.Max(1, X.Rows));
                sums[j] = T.IsFinite(mean) ? mean : T.Zero;
            }
        });
}
