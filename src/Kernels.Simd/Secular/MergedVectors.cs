using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// The vectors of one side in a merge of divide and conquer. They are the rows ("slots") of a block; what deflation
/// kept is packed by support and multiplied by the vectors U of the secular equation:
/// <code>
///            upper half   lower half
///          +-------------+------------+
///     Upper|  gathered   |            |   new (k x upper half)  = U(:, Upper and Both)  times  gathered upper
///     Both |  upper      | gathered   |   new (k x lower half)  = U(:, Both and Lower)  times  gathered lower
///     Lower|             | lower      |
///          +-------------+------------+
/// </code>
/// New vectors take the first slots, deflated ones the others.
/// </summary>
internal sealed unsafe class MergedVectors<S, V, T>(SimdContext context, CancellationToken cancellation)
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
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
    /// Applies the rotations of deflation, a range of columns a task: within one, in their order. Half is the number of
    /// columns of the upper half; slots under it have no support in the lower half, unless they say so, and vice versa.
    /// </summary>
    public void Rotate(MatrixView<T> block, int half, List<SlotRotation> rotations)
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

    /// <summary>Replaces the rows of the block by U times those that were kept, and by those that stand.</summary>
    public void Multiply(MatrixView<T> block, int half, SupportPacking packing, List<int> deflated, MatrixView<T> U)
    {
        nint columns = block.Columns;
        int k = packing.Slots.Length;
        int upper = packing.Upper + packing.Both;
        int lower = packing.Both + packing.Lower;
        using Scratch<T> gatheredUpper = context.Scratch.Rent<T>((nint)upper * half);
        using Scratch<T> gatheredLower = context.Scratch.Rent<T>(lower * (columns - half));
        using Scratch<T> standing = context.Scratch.Rent<T>(deflated.Count * columns);
        MatrixView<T> upperRows = gatheredUpper.View(upper, half);
        MatrixView<T> lowerRows = gatheredLower.View(lower, columns - half);
        MatrixView<T> standingRows = standing.View(deflated.Count, columns);
        int[] slots = packing.Slots;
        CopyRows(upper, i => (block.Block(slots[i], 0, 1, half), upperRows.SliceRows(i, 1)));
        CopyRows(
            lower, i => (block.Block(slots[packing.Upper + i], half, 1, columns - half), lowerRows.SliceRows(i, 1)));
        CopyRows(deflated.Count, i => (block.SliceRows(deflated[i], 1), standingRows.SliceRows(i, 1)));

        Multiply(U.SliceColumns(0, upper), upperRows, block.Block(0, 0, k, half));
        Multiply(U.SliceColumns(packing.Upper, lower), lowerRows, block.Block(0, half, k, columns - half));
        CopyRows(deflated.Count, i => (standingRows.SliceRows(i, 1), block.SliceRows(k + i, 1)));
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
}
