using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// One merge of bidiagonal divide and conquer: from the SVDs of the parts above and below a coupling row to that of the
/// whole (Gu and Eisenstat 1995; LAPACK's lasd1 to lasd3).
/// <code>
///   B1      upper part, one column more than rows: B1 = X1' (D1 0) Y1, the last row of Y1 spans the null space
///   alpha   the coupling row, with alpha in the last column of B1
///    beta   and beta in the first of B2
///      B2   lower part, with or without such a column more
///
///             z     in the coordinates of the parts' right vectors the coupling row is z, all else diagonal, d = 0
///   X B Y' =  0 D   where the null vector is; where both parts have one, a rotation of the two makes one zero
/// </code>
/// The rows ("slots") of X and Y are singular vectors; the upper half of the slots and coordinates ends with the
/// coupling row's. What deflation kept is multiplied by the singular vectors of that matrix (MergedVectors), the same
/// way on both sides. d, z and the secular equation are in double for either element type.
/// </summary>
internal sealed unsafe class BidiagonalMerge<S, V, T>(
    SimdContext context, double* d, double* e, MatrixView<T> X, MatrixView<T> Y, CancellationToken cancellation)
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MergedVectors<S, V, T> _vectors = new(context, cancellation);

    private static double UnitRoundoff => Precision.Epsilon<T>() / 2;

    /// <summary>
    /// Merges slots first ... middle - 1 and middle + 1 ... end - 1 around the coupling row `middle`; the block has one
    /// column more than rows unless it ends the matrix.
    /// </summary>
    public void Run(int first, int middle, int end)
    {
        cancellation.ThrowIfCancellationRequested();
        int n = end - first;
        int coupling = middle - first;
        int half = coupling + 1;
        int columns = end < X.Rows ? n + 1 : n;
        MatrixView<T> left = X.Block(first, first, n, n);
        MatrixView<T> right = Y.Block(first, first, columns, columns);
        using Scratch<double> zScratch = context.Scratch.Rent<double>(columns);
        Span<double> z = new(zScratch.Pointer, columns);
        Span<double> slots = new(d + first, n);
        GatherCoupling(right, half, slots[coupling], e[middle], z);
        slots[coupling] = 0;
        VectorSupport[] support = new VectorSupport[n];
        support.AsSpan(half).Fill(VectorSupport.Lower);
        if (columns > n && z[n] != 0)
        {
            MergeNullVectors(right, coupling, z);
            support[coupling] = VectorSupport.Both;
        }

        z = z[..n];
        int exponent = Scale(slots, z);
        double tolerance = Deflation.Tolerance(slots, z, UnitRoundoff);
        if (tolerance == 0)
        {
            return;
        }

        // The coupling row's own d, which is zero, is a pole always.
        if (Math.Abs(z[coupling]) <= tolerance)
        {
            z[coupling] = tolerance;
        }

        Deflation deflation = Deflation.Find(slots, z, support, OthersAscending(slots, coupling), 1, UnitRoundoff);
        List<int> kept = [coupling, .. deflation.Kept];
        if (kept.Count > 1)
        {
            slots[kept[1]] = Math.Max(slots[kept[1]], tolerance / 2);
        }

        _vectors.Rotate(left, half, deflation.Rotations);
        _vectors.Rotate(right.SliceRows(0, n), half, deflation.Rotations);
        SupportPacking packing = new(kept, support);
        Update(left, right.SliceRows(0, n), half, slots, z, packing, kept, deflation.Deflated);
        for (int i = 0; i < n; i++)
        {
            slots[i] = double.ScaleB(slots[i], exponent);
        }
    }

    /// <summary>
    /// z: the last coordinate of the upper right vectors times alpha, the first of the lower ones times beta.
    /// </summary>
    private static void GatherCoupling(MatrixView<T> right, int half, double alpha, double beta, Span<double> z)
    {
        for (int i = 0; i < z.Length; i++)
        {
            z[i] = i < half
                ? alpha * double.CreateTruncating(right[i, half - 1])
                : beta * double.CreateTruncating(right[i, half]);
        }
    }

    /// <summary>Rotates the lower part's null vector into the upper one's; it is then that of the whole.</summary>
    private static void MergeNullVectors(MatrixView<T> right, int coupling, Span<double> z)
    {
        int last = z.Length - 1;
        z[coupling] = Rotation.Generate(z[coupling], z[last], out double cosine, out double sine);
        z[last] = 0;
        RowRotation<S, V, T>.Run(
            (int)right.Columns, cosine, sine, right.Pointer + (coupling * right.RowStride),
            right.Pointer + (last * right.RowStride));
    }

    /// <summary>Brings the largest of d and z near 1, so that squares of all that matters are numbers.</summary>
    private static int Scale(Span<double> slots, Span<double> z)
    {
        double largest = 0;
        for (int i = 0; i < slots.Length; i++)
        {
            largest = Math.Max(largest, Math.Max(slots[i], Math.Abs(z[i])));
        }

        int exponent = largest == 0 ? 0 : Math.ILogB(largest);
        for (int i = 0; i < slots.Length; i++)
        {
            slots[i] = double.ScaleB(slots[i], -exponent);
            z[i] = double.ScaleB(z[i], -exponent);
        }

        return exponent;
    }

    /// <summary>All slots but the coupling row's, by ascending d.</summary>
    private static int[] OthersAscending(ReadOnlySpan<double> slots, int coupling)
    {
        double[] keys = new double[slots.Length - 1];
        int[] ascending = new int[slots.Length - 1];
        for (int i = 0; i < ascending.Length; i++)
        {
            ascending[i] = i < coupling ? i : i + 1;
            keys[i] = slots[ascending[i]];
        }

        Array.Sort(keys, ascending);
        return ascending;
    }

    /// <summary>
    /// Solves for what deflation kept and multiplies the vectors of both sides. New triplets take the first slots,
    /// deflated ones the others.
    /// </summary>
    private void Update(
        MatrixView<T> left, MatrixView<T> right, int half, Span<double> slots, ReadOnlySpan<double> z,
        SupportPacking packing, List<int> kept, List<int> deflated)
    {
        int k = kept.Count;
        double[] standing = new double[deflated.Count];
        for (int i = 0; i < standing.Length; i++)
        {
            standing[i] = slots[deflated[i]];
        }

        using Scratch<T> vectors = context.Scratch.Rent<T>(2 * (nint)k * k);
        MatrixView<T> leftFactors = new(vectors.Pointer, k, k, k);
        MatrixView<T> rightFactors = new(vectors.Pointer + ((nint)k * k), k, k, k);
        using (SecularSolution<SingularValueVariable> solution = new(context, k, cancellation))
        {
            solution.Solve(kept, slots, z, 1);
            solution.ForEach(j =>
            {
                using Scratch<double> work = context.Scratch.Rent<double>(k);
                fixed (int* at = packing.Position)
                {
                    SecularVectors<SingularValueVariable, T>.FormPair(
                        k, solution.Poles, solution.Components, solution.Origins[j], solution.Distances[j], at,
                        work.Pointer, leftFactors.Pointer + (j * leftFactors.RowStride),
                        rightFactors.Pointer + (j * rightFactors.RowStride));
                }
            });
            new Span<double>(solution.Roots, k).CopyTo(slots);
        }

        standing.CopyTo(slots[k..]);
        _vectors.Multiply(left, half, packing, deflated, leftFactors);
        _vectors.Multiply(right, half, packing, deflated, rightFactors);
    }
}
