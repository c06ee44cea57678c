using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// SVD of an upper bidiagonal matrix by divide and conquer (Gu and Eisenstat, "A divide-and-conquer algorithm for the
/// bidiagonal SVD", SIAM J. Matrix Anal. Appl. 16, 1995; LAPACK's bdsdc). Rows are taken out at fixed places; what lies
/// between two of them is a leaf, with one column more than it has rows but for the last; then neighbours are merged
/// around the row between them, level by level:
/// <code>
///   d e                 leaf                 level 0   leaf | leaf | leaf | leaf      all at once, a leaf a task
///     d e                                    level 1      merge   |    merge          a merge a task while there are
///       d e             coupling row         level 2            merge                 plenty, then one by one, each on
///         d e           leaf                                                          all threads
///           d
/// </code>
/// Singular values come out to an error that is small beside the largest one; the condition number is never squared.
/// </summary>
internal static unsafe class BidiagonalDivideAndConquer<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>With this many merges a thread, a merge a task keeps all threads busy.</summary>
    private const int MergesPerThread = 2;

    /// <summary>
    /// Overwrites d (n elements) by the singular values, in no order, and the rows of X and Y (n x n, rows contiguous)
    /// by the left and right singular vectors. e holds n - 1 elements.
    /// </summary>
    /// <exception cref="ArithmeticException">No convergence.</exception>
    public static void Run(
        SimdContext context, double* d, double* e, MatrixView<T> X, MatrixView<T> Y, CancellationToken cancellation)
    {
        int n = checked((int)X.Rows);
        int leaves = 1;
        while ((n + leaves - 1) / leaves > BidiagonalLeaf.LargestOrder)
        {
            leaves *= 2;
        }

        // A leaf's share of the rows ends with the row that couples it to the next.
        int Start(int leaf) => (int)((long)n * leaf / leaves);
        int End(int leaf) => leaf == leaves ? n : Start(leaf) - 1;
        context.Pool.For(leaves, leaf =>
        {
            cancellation.ThrowIfCancellationRequested();
            Solve(context, Start(leaf), End(leaf + 1), d, e, X, Y);
        });

        BidiagonalMerge<S, V, T> merge = new(context, d, e, X, Y, cancellation);
        for (int span = 1; span < leaves; span *= 2)
        {
            int merges = leaves / (2 * span);
            int width = span;
            void Merge(int index)
            {
                int leaf = 2 * index * width;
                merge.Run(Start(leaf), End(leaf + width), End(leaf + (2 * width)));
            }

            if (merges >= MergesPerThread * context.Pool.Threads)
            {
                context.Pool.For(merges, Merge);
                continue;
            }

            for (int index = 0; index < merges; index++)
            {
                Merge(index);
            }
        }
    }

    /// <summary>
    /// A leaf, rows first ... end - 1, and the vectors that the coupling row after it starts with. Rows of X and Y are
    /// written whole: zeros outside the leaf's own coordinates.
    /// </summary>
    private static void Solve(
        SimdContext context, int first, int end, double* d, double* e, MatrixView<T> X, MatrixView<T> Y)
    {
        const int Largest = BidiagonalLeaf.LargestOrder;
        bool hasExtraColumn = end < X.Rows;
        int n = end - first;
        int m = hasExtraColumn ? n + 1 : n;
        double* left = stackalloc double[Largest * Largest];
        double* right = stackalloc double[(Largest + 1) * (Largest + 1)];
        double* superdiagonal = stackalloc double[Largest];
        new Span<double>(e + first, m - 1).CopyTo(new Span<double>(superdiagonal, Largest));
        BidiagonalLeaf.Run(context, n, hasExtraColumn, d + first, superdiagonal, left, right);
        for (int i = 0; i < n; i++)
        {
            WriteRow(X.RowSpan(first + i), first, new Span<double>(left + (i * n), n));
        }

        for (int i = 0; i < m; i++)
        {
            WriteRow(Y.RowSpan(first + i), first, new Span<double>(right + (i * m), m));
        }

        if (hasExtraColumn)
        {
            WriteRow(X.RowSpan(end), end, [1.0]);
        }
    }

    private static void WriteRow(Span<T> row, int first, ReadOnlySpan<double> values)
    {
        row.Clear();
        for (int j = 0; j < values.Length; j++)
        {
            row[first + j] = ElementConversion<T>.Round(values[j]);
        }
    }
}
