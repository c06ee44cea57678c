using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// Singular values of an upper bidiagonal matrix by implicit QR, with the zero-shift sweep that keeps the small ones to
/// high relative accuracy: Demmel and Kahan, "Accurate singular values of bidiagonal matrices", SIAM J. Sci. Stat.
/// Comput. 11(5), 1990 (convergence criteria, section 4; shifts and direction, section 5).
/// <code>
///   d0 e0              A sweep chases a bulge from one end of the last unreduced block to the other: downwards where the
///      d1 e1           larger elements are at its top, else upwards. Upwards is the same sweep on the matrix mirrored in
///         d2 e2        its antidiagonal, with the two sides' rotations exchanged, so there is one code for both:
///            d3        it walks d and e by steps of 1 or -1.
/// </code>
/// In double for either element type: the leaves of divide and conquer.
/// </summary>
internal sealed unsafe class BidiagonalIteration
{
    /// <summary>Half the distance from 1 to the next larger double.</summary>
    private const double UnitRoundoff = 1.1102230246251565e-16;

    /// <summary>
    /// The relative tolerance: the least of what LAPACK takes, which is up to ten times more in double. Matrices are
    /// small here, so that a sweep more costs little.
    /// </summary>
    private const double Tolerance = 10 * UnitRoundoff;

    /// <summary>
    /// A zero shift where the smallest singular value, relative to the largest, is under the tolerance by this factor.
    /// </summary>
    private const double ZeroShiftFactor = 0.01;

    /// <summary>Rotations allowed, in units of n squared. A matrix takes about one.</summary>
    private const long MostRotations = 6;

    private readonly double* _d;
    private readonly double* _e;
    private readonly nint _n;
    private readonly double _threshold;

    // Where the iteration is: what is left to do ends at row _last; the block and the direction of the last sweep.
    private long _rotationsLeft;
    private nint _last;
    private nint _oldFirst = -1;
    private nint _oldLast = -1;
    private int _step = 1;

    /// <summary>Prepares for a bidiagonal matrix, which is worked on in place.</summary>
    /// <param name="d">The diagonal, n elements.</param>
    /// <param name="e">The superdiagonal, n - 1 elements.</param>
    /// <param name="n">The size, at least 1.</param>
    public BidiagonalIteration(double* d, double* e, nint n)
    {
        _d = d;
        _e = e;
        _n = n;
        double leastThreshold = MostRotations * (double)n * n * Rotation.SmallestNormal;
        _threshold = Math.Max(Tolerance * LeastSingularValueBound(), leastThreshold);
        _rotationsLeft = MostRotations * n * n;
        _last = n - 1;
    }

    /// <summary>
    /// Goes on until the batch, empty at first, is full of rotations, or to the end: d then holds the singular values
    /// with signs, in no order, and e zeros. A batch that is still empty afterwards says that this was so before.
    /// </summary>
    /// <exception cref="ArithmeticException">No convergence.</exception>
    public void Fill(RotationBatch batch)
    {
        while (_last > 0 && !batch.IsFull)
        {
            nint last = _last;
            nint first = FirstOfBlock(last, out double largest);
            if (first == last)
            {
                _last--;
                continue;
            }

            if (_rotationsLeft < 0)
            {
                throw new ArithmeticException(
                    $"The singular value decomposition did not converge: {last + 1} of {_n} singular values are left.");
            }

            if (first == last - 1)
            {
                SolveTwo(first, batch);
                _last -= 2;
                continue;
            }

            // A new block: chase towards its smaller end.
            if (first > _oldLast || last < _oldFirst)
            {
                _step = Math.Abs(_d[first]) >= Math.Abs(_d[last]) ? 1 : -1;
            }

            int step = _step;
            nint count = last - first;
            double* d = step > 0 ? _d + first : _d + last;
            double* e = step > 0 ? _e + first : _e + last - 1;
            if (Deflates(d, e, step, count, out double smallest))
            {
                continue;
            }

            _oldFirst = first;
            _oldLast = last;
            _rotationsLeft -= count;
            double shift = Shift(d, e, step, count, smallest, largest);
            RotationPair* rotations = batch.Add(step > 0 ? first : last, step, count);
            if (shift == 0)
            {
                ChaseWithoutShift(d, e, step, count, rotations);
            }
            else
            {
                ChaseWithShift(d, e, step, count, shift, rotations);
            }

            double* lastE = e + ((count - 1) * step);
            if (Math.Abs(*lastE) <= _threshold)
            {
                *lastE = 0;
            }
        }
    }

    /// <summary>A lower bound of the smallest singular value, over sqrt(n).</summary>
    private double LeastSingularValueBound()
    {
        double mu = Math.Abs(_d[0]);
        double bound = mu;
        for (nint i = 1; i < _n && bound != 0; i++)
        {
            mu = Math.Abs(_d[i]) * (mu / (mu + Math.Abs(_e[i - 1])));
            bound = Math.Min(bound, mu);
        }

        return bound / Math.Sqrt(_n);
    }

    /// <summary>
    /// Walks up from last to where the superdiagonal is negligible; also the largest element of that block.
    /// </summary>
    private nint FirstOfBlock(nint last, out double largest)
    {
        largest = Math.Abs(_d[last]);
        for (nint i = last - 1; i >= 0; i--)
        {
            double superdiagonal = Math.Abs(_e[i]);
            if (superdiagonal <= _threshold)
            {
                _e[i] = 0;
                return i + 1;
            }

            largest = Math.Max(largest, Math.Max(Math.Abs(_d[i]), superdiagonal));
        }

        return 0;
    }

    /// <summary>
    /// Sets the first superdiagonal element to zero that the relative criterion allows, if any. Else smallest is a
    /// lower bound of the block's smallest singular value.
    /// </summary>
    private bool Deflates(double* d, double* e, int step, nint count, out double smallest)
    {
        smallest = 0;
        if (Math.Abs(e[(count - 1) * step]) <= Tolerance * Math.Abs(d[count * step]))
        {
            e[(count - 1) * step] = 0;
            return true;
        }

        double mu = Math.Abs(*d);
        smallest = mu;
        for (nint k = 0; k < count; k++, d += step, e += step)
        {
            double superdiagonal = Math.Abs(*e);
            if (superdiagonal <= Tolerance * mu)
            {
                *e = 0;
                return true;
            }

            mu = Math.Abs(d[step]) * (mu / (mu + superdiagonal));
            smallest = Math.Min(smallest, mu);
        }

        return false;
    }

    /// <summary>
    /// The smaller singular value of the last 2 x 2 block, or 0 where a shift would cost relative accuracy or make no
    /// difference.
    /// </summary>
    private double Shift(double* d, double* e, int step, nint count, double smallest, double largest)
    {
        if (_n * Tolerance * (smallest / largest) <= Math.Max(UnitRoundoff, ZeroShiftFactor * Tolerance))
        {
            return 0;
        }

        double shift = Rotation.SmallerSingularValue(d[(count - 1) * step], e[(count - 1) * step], d[count * step]);
        double ratio = shift / Math.Abs(*d);
        return ratio * ratio < UnitRoundoff ? 0 : shift;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ChaseWithoutShift(double* d, double* e, int step, nint count, RotationPair* rotations)
    {
        double cosine = 1;
        double oldCosine = 1;
        double oldSine = 0;
        for (nint k = 0; k < count; k++, d += step, e += step)
        {
            double r = Rotation.Generate(*d * cosine, *e, out cosine, out double sine);
            if (k > 0)
            {
                e[-step] = oldSine * r;
            }

            *d = Rotation.Generate(oldCosine * r, d[step] * sine, out oldCosine, out oldSine);
            rotations[k] = new RotationPair
            {
                FirstCosine = cosine, FirstSine = sine, SecondCosine = oldCosine, SecondSine = oldSine,
            };
        }

        double h = *d * cosine;
        *d = h * oldCosine;
        e[-step] = h * oldSine;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ChaseWithShift(
        double* d, double* e, int step, nint count, double shift, RotationPair* rotations)
    {
        double f = (Math.Abs(*d) - shift) * (Math.CopySign(1, *d) + (shift / *d));
        double g = *e;
        for (nint k = 0; k < count; k++, d += step, e += step)
        {
            double r = Rotation.Generate(f, g, out double cosine, out double sine);
            if (k > 0)
            {
                e[-step] = r;
            }

            f = (cosine * *d) + (sine * *e);
            double above = (cosine * *e) - (sine * *d);
            g = sine * d[step];
            double next = cosine * d[step];
            *d = Rotation.Generate(f, g, out double secondCosine, out double secondSine);
            f = (secondCosine * above) + (secondSine * next);
            d[step] = (secondCosine * next) - (secondSine * above);
            if (k < count - 1)
            {
                g = secondSine * e[step];
                e[step] = secondCosine * e[step];
            }

            rotations[k] = new RotationPair
            {
                FirstCosine = cosine, FirstSine = sine, SecondCosine = secondCosine, SecondSine = secondSine,
            };
        }

        e[-step] = f;
    }

    /// <summary>
    /// Diagonalises a 2 x 2 block at once: the right rotation from the angle of B'B, whose difference of squares is
    /// taken as a product, the left one from B v, the smaller value from the determinant.
    /// </summary>
    private void SolveTwo(nint first, RotationBatch batch)
    {
        double scale = Math.Max(Math.Max(Math.Abs(_d[first]), Math.Abs(_d[first + 1])), Math.Abs(_e[first]));
        double f = _d[first] / scale;
        double g = _e[first] / scale;
        double h = _d[first + 1] / scale;
        double difference = ((Math.Abs(f) - Math.Abs(h)) * (Math.Abs(f) + Math.Abs(h))) - (g * g);
        double product = f * g;
        double length = Math.Sqrt((difference * difference) + (4 * product * product));
        double cosine = 1;
        double sine = 0;
        if (length > 0)
        {
            // The half-angle formula of whichever is the larger of cosine and sine; the other from sin 2x = 2 sin x cos
            // x.
            double larger = Math.Sqrt((1 + (Math.Abs(difference) / length)) / 2);
            double smaller = Math.Abs(product) / (length * larger);
            cosine = difference >= 0 ? larger : smaller;
            sine = Math.CopySign(difference >= 0 ? smaller : larger, product);
        }

        double r = Rotation.Generate((f * cosine) + (g * sine), h * sine, out double leftCosine, out double leftSine);
        *batch.Add(first, 1, 1) = new RotationPair
        {
            FirstCosine = cosine, FirstSine = sine, SecondCosine = leftCosine, SecondSine = leftSine,
        };
        _d[first] = r * scale;
        _d[first + 1] = f * (h / r) * scale;
        _e[first] = 0;
    }
}
