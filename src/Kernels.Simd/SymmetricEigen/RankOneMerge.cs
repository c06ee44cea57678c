using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// One merge of divide and conquer: from the eigendecompositions of the two halves of a tridiagonal block, whose
/// coupling e was torn out of the two diagonal elements beside it, to that of the block (Cuppen 1981; LAPACK's laed1 to
/// laed3).
/// <code>
///   T = diag(T1, T2) + |e| v v'  =  Q (D + rho z z') Q',   Q = diag(Q1, Q2),  z = Q'v / sqrt(2),  rho = 2 |e|
///
///   E = Q', eigenvectors in rows ("slots"); what deflation kept is multiplied by the vectors of D + rho z z'
///   (MergedVectors)
/// </code>
/// d, z and the secular equation are in double for either element type; E and U are of the element type.
/// </summary>
internal sealed unsafe class RankOneMerge<S, V, T>(
    SimdContext context, MatrixView<T> E, double* d, int* order, CancellationToken cancellation)
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MergedVectors<S, V, T> _vectors = new(context, cancellation);

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
        _vectors.Rotate(block, half, deflation.Rotations);
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

    /// <summary>
    /// Solves for what deflation kept and multiplies the vectors. New pairs take the first slots, deflated ones the
    /// others.
    /// </summary>
    private void Update(
        MatrixView<T> block, int half, Span<double> slots, ReadOnlySpan<double> z, VectorSupport[] support,
        Deflation deflation,
        double rho)
    {
        int k = deflation.Kept.Count;
        SupportPacking packing = new(deflation.Kept, support);
        double[] standing = new double[slots.Length - k];
        for (int i = 0; i < standing.Length; i++)
        {
            standing[i] = slots[deflation.Deflated[i]];
        }

        using Scratch<T> vectors = context.Scratch.Rent<T>((nint)k * k);
        MatrixView<T> U = vectors.View(k, k);
        using (SecularSolution<EigenvalueVariable> solution = new(context, k, cancellation))
        {
            solution.Solve(deflation.Kept, slots, z, rho);
            solution.ForEach(j =>
            {
                using Scratch<double> work = context.Scratch.Rent<double>(k);
                fixed (int* at = packing.Position)
                {
                    SecularVectors<EigenvalueVariable, T>.Form(
                        k, solution.Poles, solution.Components, solution.Origins[j], solution.Distances[j], at,
                        work.Pointer, U.Pointer + (j * U.RowStride));
                }
            });
            new Span<double>(solution.Roots, k).CopyTo(slots);
        }

        standing.CopyTo(slots[k..]);
        _vectors.Multiply(block, half, packing, deflation.Deflated, U);
    }
}
