namespace VemKernels.Simd;

/// <summary>Which coordinates of a vector may be other than zero at a merge of two halves.</summary>
internal enum VectorSupport
{
    /// <summary>Those of the upper half.</summary>
    Upper,

    /// <summary>All: a rotation mixed vectors of both halves.</summary>
    Both,

    /// <summary>Those of the lower half.</summary>
    Lower,
}

/// <summary>(p, q) = (c p + s q, c q - s p) for the vectors in slots p and q.</summary>
internal readonly record struct SlotRotation(int P, int Q, double Cosine, double Sine, bool SameHalf);

/// <summary>
/// Deflation of diag(d) + rho z z' (Cuppen, "A divide and conquer method for the symmetric tridiagonal eigenproblem",
/// Numer. Math. 36, 1981; Dongarra and Sorensen 1987; LAPACK's laed2). An eigenvalue stands already where z is
/// negligible; where two d are negligibly apart, a rotation of their vectors makes one z zero. What is left has well
/// separated d and no small z. The same holds for the singular values of diag(d) with z in a row above it, rho being 1
/// (laed2 and lasd2): both sides are rotated by the same angle.
/// </summary>
internal sealed class Deflation
{
    /// <summary>Numbers below this many roundings of the largest are negligible, as in LAPACK.</summary>
    private const double Roundings = 8;

    /// <summary>Slots whose eigenvalues the secular equation will give, by ascending d.</summary>
    public List<int> Kept { get; } = [];

    /// <summary>Slots whose eigenvalue and vector stand.</summary>
    public List<int> Deflated { get; } = [];

    /// <summary>Rotations to be applied to the vectors, in this order.</summary>
    public List<SlotRotation> Rotations { get; } = [];

    /// <summary>
    /// Finds what can be deflated. d and z are by slot and change with the rotations; support is by slot; ascending
    /// lists the slots by ascending d; epsilon is the unit roundoff of the vectors.
    /// </summary>
    public static Deflation Find(
        Span<double> d, Span<double> z, Span<VectorSupport> support, ReadOnlySpan<int> ascending, double rho,
        double epsilon)
    {
        Deflation result = new();
        double tolerance = Tolerance(d, z, epsilon);
        int candidate = -1;
        foreach (int slot in ascending)
        {
            if (rho * Math.Abs(z[slot]) <= tolerance)
            {
                result.Deflated.Add(slot);
                continue;
            }

            if (candidate >= 0 && !result.TryRotateAway(candidate, slot, d, z, support, tolerance))
            {
                result.Kept.Add(candidate);
            }

            candidate = slot;
        }

        if (candidate >= 0)
        {
            result.Kept.Add(candidate);
        }

        return result;
    }

    /// <summary>What is negligible beside these d and z.</summary>
    public static double Tolerance(ReadOnlySpan<double> d, ReadOnlySpan<double> z, double epsilon)
    {
        double largest = 0;
        for (int i = 0; i < d.Length; i++)
        {
            largest = Math.Max(largest, Math.Max(Math.Abs(d[i]), Math.Abs(z[i])));
        }

        return Roundings * epsilon * largest;
    }

    /// <summary>
    /// Deflates slot p by a rotation with its neighbour q, if the element that this neglects is small enough.
    /// </summary>
    private bool TryRotateAway(
        int p, int q, Span<double> d, Span<double> z, Span<VectorSupport> support, double tolerance)
    {
        double length = double.Hypot(z[q], z[p]);
        double c = z[q] / length;
        double s = -z[p] / length;
        if (Math.Abs((d[q] - d[p]) * c * s) > tolerance)
        {
            return false;
        }

        z[q] = length;
        z[p] = 0;
        bool sameHalf = support[p] == support[q] && support[p] != VectorSupport.Both;
        if (!sameHalf)
        {
            support[q] = VectorSupport.Both;
        }

        Rotations.Add(new SlotRotation(p, q, c, s, sameHalf));
        (d[p], d[q]) = ((d[p] * c * c) + (d[q] * s * s), (d[p] * s * s) + (d[q] * c * c));
        Deflated.Add(p);
        return true;
    }
}
