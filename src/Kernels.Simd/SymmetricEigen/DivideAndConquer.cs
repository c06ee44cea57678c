using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// Eigendecomposition of a symmetric tridiagonal matrix by divide and conquer (Cuppen 1981; Gu and Eisenstat, "A
/// divide-and-conquer algorithm for the symmetric tridiagonal eigenproblem", SIAM J. Matrix Anal. Appl. 16, 1995). The
/// matrix is torn at fixed places into leaves, which QL solves; then neighbours are merged, level by level:
/// <code>
///   level 0   leaf  leaf  leaf  leaf        all at once, a leaf a task
///   level 1     merge       merge           a merge a task while there are plenty, then
///   level 2           merge                 one by one, each on all threads
/// </code>
/// </summary>
internal static unsafe class DivideAndConquer<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Largest order that QL solves; 25 in LAPACK, 32 serves whole vectors.</summary>
    private const int LargestLeaf = 32;

    /// <summary>With this many merges a thread, a merge a task keeps all threads busy.</summary>
    private const int MergesPerThread = 2;

    /// <summary>
    /// Overwrites d by the eigenvalues and the rows of E (n x n, rows contiguous) by the eigenvectors; order lists them
    /// by ascending eigenvalue. e (n elements, the last one spare) is destroyed.
    /// </summary>
    /// <exception cref="ArithmeticException">An eigenvalue did not converge.</exception>
    public static void Run(
        SimdContext context, double* d, double* e, MatrixView<T> E, int* order, CancellationToken cancellation)
    {
        int n = checked((int)E.Rows);
        int leaves = 1;
        while ((n + leaves - 1) / leaves > LargestLeaf)
        {
            leaves *= 2;
        }

        int Bound(int leaf) => (int)((long)n * leaf / leaves);
        double[] couplings = new double[leaves];
        for (int leaf = 1; leaf < leaves; leaf++)
        {
            int at = Bound(leaf);
            couplings[leaf] = e[at - 1];
            d[at - 1] -= Math.Abs(e[at - 1]);
            d[at] -= Math.Abs(e[at - 1]);
        }

        context.Pool.For(leaves, leaf =>
        {
            cancellation.ThrowIfCancellationRequested();
            Solve(Bound(leaf), Bound(leaf + 1), d, e, E, order);
        });

        RankOneMerge<S, V, T> merge = new(context, E, d, order, cancellation);
        for (int span = 1; span < leaves; span *= 2)
        {
            int merges = leaves / (2 * span);
            int width = span;
            void Merge(int index)
            {
                int leaf = 2 * index * width;
                merge.Run(Bound(leaf), Bound(leaf + width), Bound(leaf + (2 * width)), couplings[leaf + width]);
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
    /// A leaf: slots first ... end - 1. Rows of E are written whole: zeros outside the leaf's own coordinates.
    /// </summary>
    private static void Solve(int first, int end, double* d, double* e, MatrixView<T> E, int* order)
    {
        int n = end - first;
        double* vectors = stackalloc double[LargestLeaf * LargestLeaf];
        double* couplings = stackalloc double[LargestLeaf];
        new Span<double>(e + first, n - 1).CopyTo(new Span<double>(couplings, n));
        TridiagonalQl.Run(n, d + first, couplings, vectors);
        double* values = stackalloc double[LargestLeaf];
        new Span<double>(d + first, n).CopyTo(new Span<double>(values, n));
        for (int i = 0; i < n; i++)
        {
            order[first + i] = first + i;
            T* row = E.Pointer + ((first + i) * E.RowStride);
            new Span<T>(row, (int)E.Columns).Clear();
            for (int j = 0; j < n; j++)
            {
                row[first + j] = ElementConversion<T>.Round(vectors[(i * n) + j]);
            }
        }

        new Span<double>(values, n).Sort(new Span<int>(order + first, n));
    }
}
