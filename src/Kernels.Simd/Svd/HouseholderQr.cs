using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// Blocked Householder QR, A = Q R (Golub and Van Loan, "Matrix Computations", 4th ed., section 5.2.3), for any shape
/// and strides.
/// <code>
///        A on return (m >= n)      triangles (BlockColumns x k)
///        R R R R R                 F0 | F1 | ...       the upper triangles F of the block reflectors side by side,
///        v R R R R                                     see BlockReflector
///        v v R R R                 k = min(m, n)
///        v v v R R
///        v v v v R
///        v v v v v
/// </code>
/// A panel of columns is copied to rows of scratch, where reflectors are contiguous; strips of it are factored by
/// matrix-vector products in the second-level cache, all else (the rest of the panel, the rest of A) is gemm. Same bits
/// for any number of threads. Squares of the elements must neither overflow nor vanish: scale first where the caller's
/// data may be that large or small.
/// </summary>
internal static unsafe class HouseholderQr<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Columns of a panel, and rows of the triangles: whole micro-tiles of gemm (64 left one of two thirds, at half the
    /// speed). 72 was as fast for 3600 x 600 doubles on Zen 4, 96 slower by a tenth: the last panels are all serial.
    /// </summary>
    public const int BlockColumns = 48;

    /// <summary>Columns of a panel that are factored before the others are updated: half of it.</summary>
    private const int StripColumns = 24;

    /// <summary>
    /// Columns that a task updates, at least, in whole micro-tiles: each task packs the reflectors anew.
    /// </summary>
    private const nint LeastUpdateColumns = 144;
    private const nint UpdateGrain = 48;

    /// <summary>About as many tasks an update at most.</summary>
    private const nint MostUpdates = 16;

    /// <summary>Elements that <see cref="Factor"/> needs for the triangles of an m x n matrix.</summary>
    public static nint TrianglesLength(nint rows, nint columns) => BlockColumns * Math.Min(rows, columns);

    /// <summary>
    /// The triangles as the view that the other methods take, on memory of <see cref="TrianglesLength"/> elements.
    /// </summary>
    public static MatrixView<T> Triangles(Scratch<T> memory, nint rows, nint columns) =>
        memory.View(BlockColumns, Math.Min(rows, columns));

    /// <summary>
    /// Factors A in place: R on and above the diagonal, the reflectors below. While the reflectors of a panel are
    /// applied to the columns right of it, one task does the next panel's first and factors it: a panel is one
    /// thread's work, which the others need not wait for.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled, between two panels; A is then of no use.</exception>
    public static void Factor(
        SimdContext context, MatrixView<T> A, MatrixView<T> triangles, CancellationToken cancellation)
    {
        nint steps = Math.Min(A.Rows, A.Columns);
        nint largest = Math.Min(BlockColumns, steps);
        using Scratch<T> memory = context.Scratch.Rent<T>(2 * largest * A.Rows);
        T* current = memory.Pointer;
        T* ahead = current + (largest * A.Rows);
        FactorPanel(context, A, triangles, 0, current);
        for (nint first = 0; first < steps; first += BlockColumns)
        {
            cancellation.ThrowIfCancellationRequested();
            nint count = Math.Min(BlockColumns, steps - first);
            nint next = first + count;
            nint nextEnd = Math.Min(steps, next + BlockColumns);
            MatrixView<T> reflectors = new MatrixView<T>(current, count, A.Rows - first, A.Rows - first).Transposed;
            MatrixView<T> F = triangles.Block(0, first, count, count);
            T* target = ahead;
            nint share = UpdateColumns(A.Columns - nextEnd);
            int shares = checked((int)((A.Columns - nextEnd + share - 1) / share));
            context.Pool.For(1 + shares, task =>
            {
                nint begin = task == 0 ? next : nextEnd + ((task - 1) * share);
                nint end = task == 0 ? nextEnd : Math.Min(A.Columns, begin + share);
                BlockReflector<S, V, T>.Apply(
                    context, reflectors, F, transposed: true, A.Block(first, begin, A.Rows - first, end - begin));
                if (task == 0 && next < steps)
                {
                    FactorPanel(context, A, triangles, next, target);
                }
            });
            ahead = current;
            current = target;
        }
    }

    /// <summary>C = Q C, or with transposed C = Q' C, for the full m x m factor Q and C m x anything.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, between two blocks; C is then of no use.</exception>
    public static void Apply(
        SimdContext context, MatrixView<T> A, MatrixView<T> triangles, bool transposed, MatrixView<T> C,
        CancellationToken cancellation)
    {
        Shapes.RequireSame(A.Rows, C.Columns, C.Rows, C.Columns, nameof(C));
        void ApplyBlock(nint first, MatrixView<T> reflectors) => BlockReflector<S, V, T>.Apply(
            context, reflectors, triangles.Block(0, first, reflectors.Columns, reflectors.Columns), transposed,
            C.SliceRows(first, reflectors.Rows));

        ForEachBlock(context, A, lastFirst: !transposed, ApplyBlock, cancellation);
    }

    /// <summary>Q = the first columns of the factor Q, as many as the view has: m x k, at most m x m.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, between two blocks; Q is then of no use.</exception>
    public static void FormQ(
        SimdContext context, MatrixView<T> A, MatrixView<T> triangles, MatrixView<T> Q, CancellationToken cancellation)
    {
        Shapes.RequireSame(A.Rows, Q.Columns, Q.Rows, Q.Columns, nameof(Q));
        Q.Fill(T.Zero);
        for (nint i = 0; i < Math.Min(Q.Rows, Q.Columns); i++)
        {
            Q[i, i] = T.One;
        }

        // Until a block is applied, Q is the identity left of and above the block: nothing there changes.
        void ApplyBlock(nint first, MatrixView<T> reflectors)
        {
            nint start = Math.Min(first, Q.Columns);
            BlockReflector<S, V, T>.Apply(
                context, reflectors, triangles.Block(0, first, reflectors.Columns, reflectors.Columns),
                transposed: false,
                Q.Block(first, start, reflectors.Rows, Q.Columns - start));
        }

        ForEachBlock(context, A, lastFirst: true, ApplyBlock, cancellation);
    }

    /// <summary>Copies R, k x n, out of the factored A; zeros below its diagonal.</summary>
    public static void CopyR(MatrixView<T> A, MatrixView<T> R)
    {
        Shapes.RequireSame(Math.Min(A.Rows, A.Columns), A.Columns, R.Rows, R.Columns, nameof(R));
        for (nint i = 0; i < R.Rows; i++)
        {
            R.Block(i, 0, 1, i).Fill(T.Zero);
            A.Block(i, i, 1, A.Columns - i).CopyTo(R.Block(i, i, 1, A.Columns - i));
        }
    }

    /// <summary>Columns of an update for one task; by sizes alone.</summary>
    private static nint UpdateColumns(nint columns)
    {
        nint wanted = Math.Max(LeastUpdateColumns, columns / MostUpdates);
        return (wanted + UpdateGrain - 1) / UpdateGrain * UpdateGrain;
    }

    /// <summary>
    /// Factors the panel that starts at row and column first: R and reflectors in A, the triangle, and the reflectors
    /// once more, explicit, in the rows of the memory.
    /// </summary>
    private static void FactorPanel(
        SimdContext context, MatrixView<T> A, MatrixView<T> triangles, nint first, T* memory)
    {
        nint count = Math.Min(BlockColumns, Math.Min(A.Rows, A.Columns) - first);
        if (count <= 0)
        {
            return;
        }

        MatrixView<T> columns = A.Block(first, first, A.Rows - first, count);
        MatrixView<T> panel = new(memory, count, columns.Rows, columns.Rows);
        using Scratch<T> upperMemory = context.Scratch.Rent<T>(count * count);
        MatrixView<T> upper = upperMemory.View(count, count);
        TiledCopy.Run(context, columns, panel.Transposed);
        FactorPanel(context, panel, upper, triangles.Block(0, first, count, count));
        TiledCopy.Run(context, panel.Transposed, columns);
        for (nint j = 0; j < count; j++)
        {
            for (nint i = 0; i <= j; i++)
            {
                columns[i, j] = upper[i, j];
            }
        }
    }

    /// <summary>
    /// Factors a panel that lies in rows: on return the rows are the reflectors, explicit, and R of the panel is in
    /// upper.
    /// </summary>
    private static void FactorPanel(SimdContext context, MatrixView<T> panel, MatrixView<T> upper, MatrixView<T> F)
    {
        T* taus = stackalloc T[BlockColumns];
        nint count = panel.Rows;
        for (nint strip = 0; strip < count; strip += StripColumns)
        {
            nint width = Math.Min(StripColumns, count - strip);
            for (nint j = strip; j < strip + width; j++)
            {
                FactorColumn(panel.SliceRows(0, strip + width), j, upper, taus);
            }

            nint next = strip + width;
            if (next < count)
            {
                MatrixView<T> reflectors = panel.Block(strip, strip, width, panel.Columns - strip).Transposed;
                MatrixView<T> stripF = F.Block(0, 0, width, width);
                BlockReflector<S, V, T>.Triangle(context, reflectors, taus + strip, stripF);
                BlockReflector<S, V, T>.Apply(
                    context, reflectors, stripF, transposed: true,
                    panel.Block(next, strip, count - next, panel.Columns - strip).Transposed);
            }
        }

        BlockReflector<S, V, T>.Triangle(context, panel.Transposed, taus, F);
    }

    /// <summary>
    /// Makes row j of the panel a reflector, its R part moved to upper, and applies it to the rows below.
    /// </summary>
    private static void FactorColumn(MatrixView<T> panel, nint j, MatrixView<T> upper, T* taus)
    {
        T* row = panel.Pointer + (j * panel.RowStride);
        for (nint i = 0; i < j; i++)
        {
            upper[i, j] = row[i];
            row[i] = T.Zero;
        }

        taus[j] = HouseholderReflector<S, V, T>.Generate(panel.Columns - j, row + j, out upper[j, j]);
        MatrixView<T> others = panel.Block(j + 1, j, panel.Rows - j - 1, panel.Columns - j);
        T* weights = stackalloc T[StripColumns];
        RowProducts<S, V, T>.Dots(others, row + j, weights);
        for (nint i = 0; i < others.Rows; i++)
        {
            weights[i] *= -taus[j];
        }

        RowProducts<S, V, T>.AddOuter(weights, row + j, others);
    }

    /// <summary>Hands each block's first row and its explicit reflectors to the action, in either order.</summary>
    private static void ForEachBlock(
        SimdContext context, MatrixView<T> A, bool lastFirst, Action<nint, MatrixView<T>> action,
        CancellationToken cancellation)
    {
        nint steps = Math.Min(A.Rows, A.Columns);
        nint blocks = (steps + BlockColumns - 1) / BlockColumns;
        using Scratch<T> memory = context.Scratch.Rent<T>(Math.Min(BlockColumns, steps) * A.Rows);
        for (nint block = 0; block < blocks; block++)
        {
            cancellation.ThrowIfCancellationRequested();
            nint first = (lastFirst ? blocks - 1 - block : block) * BlockColumns;
            nint count = Math.Min(BlockColumns, steps - first);
            MatrixView<T> columns = A.Block(first, first, A.Rows - first, count);
            MatrixView<T> reflectors = memory.View(count, columns.Rows).Transposed;
            TiledCopy.Run(context, columns, reflectors);
            for (nint j = 0; j < count; j++)
            {
                for (nint i = 0; i < j; i++)
                {
                    reflectors[i, j] = T.Zero;
                }

                reflectors[j, j] = T.One;
            }

            action(first, reflectors);
        }
    }
}
