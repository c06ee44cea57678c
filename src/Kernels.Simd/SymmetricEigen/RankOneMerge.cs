using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// One merge of divide and conquer: from the eigendecompositions of the two halves of a tridiagonal block, whose
/// coupling e was torn out of the two diagonal elements beside it, to that of the block (Cuppen 1981; LAPACK's laed1 to
/// laed3).
/// <code>
///   T = diag(T1, T2) + |e| v v'  =  Q (D + rho z z') Q',   Q = diag(Q1, Q2),  z = Q'v / sqrt(2),  rho = 2 |e|
///
///   E = Q', eigenvectors in rows ("slots"); what deflation kept, packed by support,
///   is multiplied by the vectors U of D + rho z z':
///
///            upper half   lower half
///          +-------------+------------+                      coordinates:   first ... middle-1   middle ... end-1
///     Upper|  gathered   |            |   E new (k x first half)  = U'(:, Upper and Both)  times  gathered upper
///     Both |  upper      | gathered   |   E new (k x second half) = U'(:, Both and Lower)  times  gathered lower
///     Lower|             | lower      |
///          +-------------+------------+
/// </code>
/// d, z and the secular equation are in double for either element type; E and U are of the element type.
/// </summary>
internal sealed unsafe class RankOneMerge<S, V, T>(
    SimdContext context, MatrixView<T> E, double* d, int* order, CancellationToken cancellation)
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Roots, components or vectors in a task.</summary>
    private const int IndicesPerTask = 16;

    /// <summary>Rows in a task that copies.</summary>
    private const int RowsPerTask = 32;

    /// <summary>Columns in a task that rotates.</summary>
    private const int ColumnsPerTask = 256;

    /// <summary>
    /// Multiplications between two looks at the cancellation token: about 0.2 s on one core with 128-bit vectors
    /// (estimated).
    /// </summary>
    private const double WorkBetweenChecks = 1e9;

    /// <summary>Fewest rows that are worth a product of their own.</summary>
    private const nint FewestRows = 256;

    /// <summary>
    /// Merges slots first ... middle - 1 and middle ... end - 1. On entry order lists the slots of each half by
    /// ascending d, on exit those of the whole.
    /// </summary>
    public void Run(int first, int middle, int end, double coupling)
    {
        cancellation.ThrowIfCancellationRequested();
        int n = end - first;
        int half = middle - first;
        double rho = 2 * Math.Abs(coupling);
        MatrixView<T> block = E.Block(first, first, n, n);
        using Scratch<double> zScratch = context.Scratch.Rent<double>(n);
        Span<double> z = new(zScratch.Pointer, n);
        Span<double> slots = new(d + first, n);
        GatherCoupling(block, half, Math.Sign(coupling), z);

        Span<int> ascending = new(order + first, n);
        MergeAscending(slots, ascending, half, first);
        VectorSupport[] support = new VectorSupport[n];
        support.AsSpan(half).Fill(VectorSupport.Lower);
        Deflation deflation = Deflation.Find(slots, z, support, ascending, rho, Precision.Epsilon<T>() / 2);
        Rotate(block, half, deflation.Rotations);
        if (deflation.Kept.Count > 0)
        {
            Update(block, half, slots, z, support, deflation, rho);
        }

        SortAscending(slots, ascending, first);
    }

    /// <summary>
    /// z = Q'v / sqrt(2): the last coordinate of the upper vectors, the first of the lower ones times the coupling's
    /// sign.
    /// </summary>
    private static void GatherCoupling(MatrixView<T> block, int half, int sign, Span<double> z)
    {
        double scale = Math.Sqrt(0.5);
        for (int i = 0; i < z.Length; i++)
        {
            z[i] = i < half
                ? scale * double.CreateTruncating(block[i, half - 1])
                : sign * scale * double.CreateTruncating(block[i, half]);
        }
    }

    /// <summary>Two ascending lists of absolute slots become one of slots relative to first.</summary>
    private void MergeAscending(ReadOnlySpan<double> slots, Span<int> ascending, int half, int first)
    {
        using Scratch<int> copy = context.Scratch.Rent<int>(ascending.Length);
        Span<int> source = new(copy.Pointer, ascending.Length);
        ascending.CopyTo(source);
        int upper = 0;
        int lower = half;
        for (int i = 0; i < ascending.Length; i++)
        {
            bool takeUpper = lower == source.Length
                || (upper < half && slots[source[upper] - first] <= slots[source[lower] - first]);
            ascending[i] = source[takeUpper ? upper++ : lower++] - first;
        }
    }

    private void SortAscending(ReadOnlySpan<double> slots, Span<int> ascending, int first)
    {
        using Scratch<double> keys = context.Scratch.Rent<double>(slots.Length);
        Span<double> values = new(keys.Pointer, slots.Length);
        slots.CopyTo(values);
        for (int i = 0; i < ascending.Length; i++)
        {
            ascending[i] = first + i;
        }

        values.Sort(ascending);
    }

    /// <summary>Applies the rotations of deflation, a range of columns a task: within one, in their order.</summary>
    private void Rotate(MatrixView<T> block, int half, List<SlotRotation> rotations)
    {
        if (rotations.Count == 0)
        {
            return;
        }

        int n = (int)block.Columns;
        context.Pool.For((n + ColumnsPerTask - 1) / ColumnsPerTask, task =>
        {
            int begin = task * ColumnsPerTask;
            int stop = Math.Min(n, begin + ColumnsPerTask);
            foreach (SlotRotation rotation in rotations)
            {
                bool upperOnly = rotation.SameHalf && rotation.P < half;
                bool lowerOnly = rotation.SameHalf && rotation.P >= half;
                int from = lowerOnly ? Math.Max(begin, half) : begin;
                int to = upperOnly ? Math.Min(stop, half) : stop;
                if (from < to)
                {
                    T* p = block.Pointer + (rotation.P * block.RowStride) + from;
                    T* q = block.Pointer + (rotation.Q * block.RowStride) + from;
                    RowRotation<S, V, T>.Run(to - from, rotation.Cosine, rotation.Sine, p, q);
                }
            }
        });
    }

    /// <summary>
    /// Solves for what deflation kept and multiplies the vectors. New pairs take the first slots, deflated ones the
    /// others.
    /// </summary>
    private void Update(
        MatrixView<T> block, int half, Span<double> slots, ReadOnlySpan<double> z, VectorSupport[] support,
        Deflation deflation,
        double rho)
    {
        int n = slots.Length;
        int k = deflation.Kept.Count;
        int[] packed = PackBySupport(deflation.Kept, support, out int[] position, out int upper, out int both);
        int lower = k - upper - both;
        using Scratch<T> gatheredUpper = context.Scratch.Rent<T>((nint)(upper + both) * half);
        using Scratch<T> gatheredLower = context.Scratch.Rent<T>((nint)(both + lower) * (n - half));
        using Scratch<T> standing = context.Scratch.Rent<T>((nint)(n - k) * n);
        MatrixView<T> upperRows = gatheredUpper.View(upper + both, half);
        MatrixView<T> lowerRows = gatheredLower.View(both + lower, n - half);
        MatrixView<T> standingRows = standing.View(n - k, n);
        CopyRows(upper + both, i => (block.Block(packed[i], 0, 1, half), upperRows.SliceRows(i, 1)));
        CopyRows(both + lower, i => (block.Block(packed[upper + i], half, 1, n - half), lowerRows.SliceRows(i, 1)));
        CopyRows(n - k, i => (block.SliceRows(deflation.Deflated[i], 1), standingRows.SliceRows(i, 1)));

        double[] standingValues = new double[n - k];
        for (int i = 0; i < n - k; i++)
        {
            standingValues[i] = slots[deflation.Deflated[i]];
        }

        using Scratch<T> vectors = context.Scratch.Rent<T>((nint)k * k);
        MatrixView<T> U = vectors.View(k, k);
        SolveSecular(deflation.Kept, slots, z, rho, position, U);
        standingValues.CopyTo(slots[k..]);

        Multiply(U.SliceColumns(0, upper + both), upperRows, block.Block(0, 0, k, half));
        Multiply(U.SliceColumns(upper, both + lower), lowerRows, block.Block(0, half, k, n - half));
        CopyRows(n - k, i => (standingRows.SliceRows(i, 1), block.SliceRows(k + i, 1)));
    }

    /// <summary>
    /// The kept slots grouped Upper, Both, Lower; position(i) is where the i-th kept one, by ascending d, went.
    /// </summary>
    private static int[] PackBySupport(
        List<int> kept, VectorSupport[] support, out int[] position, out int upper, out int both)
    {
        int[] counts = new int[3];
        foreach (int slot in kept)
        {
            counts[(int)support[slot]]++;
        }

        upper = counts[(int)VectorSupport.Upper];
        both = counts[(int)VectorSupport.Both];
        int[] next = [0, upper, upper + both];
        int[] packed = new int[kept.Count];
        position = new int[kept.Count];
        for (int i = 0; i < kept.Count; i++)
        {
            int at = next[(int)support[kept[i]]]++;
            packed[at] = kept[i];
            position[i] = at;
        }

        return packed;
    }

    /// <summary>
    /// The k roots into the first k slots, their vectors into the rows of U, components where position says.
    /// </summary>
    private void SolveSecular(
        List<int> kept, Span<double> slots, ReadOnlySpan<double> z, double rho, int[] position, MatrixView<T> U)
    {
        int k = kept.Count;
        using Scratch<double> numbers = context.Scratch.Rent<double>(6 * (nint)k);
        double* poles = numbers.Pointer;
        double* weights = poles + k;
        double* origins = weights + k;
        double* distances = origins + k;
        double* components = distances + k;
        double* roots = components + k;
        for (int i = 0; i < k; i++)
        {
            poles[i] = slots[kept[i]];
            weights[i] = z[kept[i]];
        }

        ForEach(k, i =>
        {
            distances[i] = SecularEquation.Root(k, i, poles, weights, rho, out int origin);
            origins[i] = poles[origin];
            roots[i] = origins[i] + distances[i];
        });
        ForEach(k, i => components[i] = SecularVectors<T>.Component(k, i, poles, origins, distances, weights[i]));
        context.Pool.For((k + IndicesPerTask - 1) / IndicesPerTask, task =>
        {
            cancellation.ThrowIfCancellationRequested();
            using Scratch<double> work = context.Scratch.Rent<double>(k);
            fixed (int* at = position)
            {
                int stop = Math.Min(k, (task + 1) * IndicesPerTask);
                for (int j = task * IndicesPerTask; j < stop; j++)
                {
                    SecularVectors<T>.Form(
                        k, poles, components, origins[j], distances[j], at, work.Pointer,
                        U.Pointer + (j * U.RowStride));
                }
            }
        });
        new Span<double>(roots, k).CopyTo(slots);
    }

    /// <summary>C = A B, in groups of rows so that cancellation is soon noticed.</summary>
    private void Multiply(MatrixView<T> A, MatrixView<T> B, MatrixView<T> C)
    {
        nint rows = Math.Max(FewestRows, (nint)(WorkBetweenChecks / Math.Max(1.0, (double)B.Rows * B.Columns)));
        for (nint row = 0; row < C.Rows; row += rows)
        {
            cancellation.ThrowIfCancellationRequested();
            nint count = Math.Min(rows, C.Rows - row);
            Gemm<S, V, T>.Run(context, T.One, A.SliceRows(row, count), B, T.Zero, C.SliceRows(row, count));
        }
    }

    private void CopyRows(int rows, Func<int, (MatrixView<T> From, MatrixView<T> To)> pair) =>
        context.Pool.For((rows + RowsPerTask - 1) / RowsPerTask, task =>
        {
            int stop = Math.Min(rows, (task + 1) * RowsPerTask);
            for (int i = task * RowsPerTask; i < stop; i++)
            {
                (MatrixView<T> from, MatrixView<T> to) = pair(i);
                from.CopyTo(to);
            }
        });

    private void ForEach(int count, Action<int> body) =>
        context.Pool.For((count + IndicesPerTask - 1) / IndicesPerTask, task =>
        {
            cancellation.ThrowIfCancellationRequested();
            int stop = Math.Min(count, (task + 1) * IndicesPerTask);
            for (int i = task * IndicesPerTask; i < stop; i++)
            {
                body(i);
            }
        });
}
