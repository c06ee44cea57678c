using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace VemKernels.Solvers;

/// <summary>
/// numpy's legacy generator: <c>numpy.random.RandomState(seed)</c> draw for draw, so that a seed gives the candidates,
/// splits and simulated data that the Python packages make from it.
/// </summary>
/// <remarks>
/// Bits come from MT19937 seeded with one word. Normal deviates are Marsaglia's polar method with the second deviate of
/// a pair kept for the next call; gamma deviates are Marsaglia and Tsang (2000) for shapes over 1 and Ahrens and Dieter
/// (1974) under 1, in the variants that numpy froze in its version 1.16. Values equal numpy's bit for bit where the C
/// library's log and pow are the same. Not safe for use from several threads at once.
/// </remarks>
public sealed class RandomState
{
    private readonly MersenneTwister _bits;
    private double _keptNormal;
    private bool _hasKeptNormal;

    /// <summary>Seeds a generator.</summary>
    /// <param name="seed">0 to 2^32 - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A seed outside that range.</exception>
    public RandomState(long seed)
    {
        if (seed is < 0 or > uint.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(seed), $"Seed {seed} is outside 0..{uint.MaxValue}.");
        }

        _bits = new MersenneTwister((uint)seed);
    }

    /// <summary>
    /// A generator with the given seed, or with one from the operating system's entropy where there is none.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A seed outside 0 to 2^32 - 1.</exception>
    public static RandomState FromSeed(long? seed) => new(seed ?? EntropySeed());

    /// <summary>A uniform deviate: a multiple of 2^-53 in [0, 1).</summary>
    public double Rand() => _bits.NextDouble();

    /// <summary>Fills a span with uniform deviates.</summary>
    public void Rand(Span<double> values)
    {
        foreach (ref double value in values)
        {
            value = Rand();
        }
    }

    /// <summary>A standard normal deviate.</summary>
    public double Randn()
    {
        if (_hasKeptNormal)
        {
            _hasKeptNormal = false;
            return _keptNormal;
        }

        double x, y, radius;
        do
        {
            x = (2.0 * Rand()) - 1.0;
            y = (2.0 * Rand()) - 1.0;
            radius = (x * x) + (y * y);
        }
        while (radius is >= 1.0 or 0.0);

        double scale = Math.Sqrt(-2.0 * Math.Log(radius) / radius);
        _keptNormal = scale * x;
        _hasKeptNormal = true;
        return scale * y;
    }

    /// <summary>Fills a span with standard normal deviates.</summary>
    public void Randn(Span<double> values)
    {
        foreach (ref double value in values)
        {
            value = Randn();
        }
    }

    /// <summary>A rows x columns matrix of standard normal deviates, drawn row by row.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative size.</exception>
    public Matrix<double> Randn(nint rows, nint columns)
    {
        Matrix<double> normals = Matrix<double>.Uninitialized(rows, columns);
        for (nint i = 0; i < rows; i++)
        {
            Randn(normals.View.RowSpan(i));
        }

        return normals;
    }

    /// <summary>An exponential deviate with mean 1.</summary>
    public double StandardExponential() => -Math.Log(1.0 - Rand());

    /// <summary>A gamma deviate with scale 1.</summary>
    /// <param name="shape">Shape, at least 0; its mean and variance.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative shape, or NaN.</exception>
    public double StandardGamma(double shape)
    {
        if (!(shape >= 0.0))
        {
            throw new ArgumentOutOfRangeException(nameof(shape), $"Gamma shape {shape}; expected at least 0.");
        }

        return shape switch
        {
            1.0 => StandardExponential(),
            0.0 => 0.0,
            < 1.0 => GammaUnderOne(shape),
            _ => GammaOverOne(shape),
        };
    }

    /// <summary>Dirichlet deviates: gamma deviates of the given shapes, divided by their sum.</summary>
    /// <param name="alpha">Concentrations, all over 0.</param>
    /// <param name="n">How many deviates.</param>
    /// <returns>
    /// n x alpha.Length; rows sum to 1, or are NaN where all gamma deviates underflow (concentrations under some 1e-2).
    /// </returns>
    /// <exception cref="ArgumentException">A concentration that is not over 0, or none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A negative n.</exception>
    public Matrix<double> Dirichlet(ReadOnlySpan<double> alpha, nint n)
    {
        if (alpha.IsEmpty)
        {
            throw new ArgumentException("A Dirichlet distribution needs at least one concentration.", nameof(alpha));
        }

        foreach (double concentration in alpha)
        {
            if (!(concentration > 0.0))
            {
                throw new ArgumentException(
                    $"Dirichlet concentration {concentration}; expected over 0.", nameof(alpha));
            }
        }

        Matrix<double> samples = Matrix<double>.Uninitialized(n, alpha.Length);
        for (nint i = 0; i < n; i++)
        {
            Span<double> sample = samples.View.RowSpan(i);
            double sum = 0.0;
            for (int j = 0; j < alpha.Length; j++)
            {
                sample[j] = StandardGamma(alpha[j]);
                sum += sample[j];
            }

            // numpy multiplies by the reciprocal; a division would differ in the last bit.
            double reciprocal = 1.0 / sum;
            foreach (ref double value in sample)
            {
                value *= reciprocal;
            }
        }

        return samples;
    }

    /// <summary>The numbers 0 to n - 1 in random order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative n.</exception>
    public int[] Permutation(int n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        int[] order = new int[n];
        for (int i = 0; i < n; i++)
        {
            order[i] = i;
        }

        Shuffle(order.AsSpan());
        return order;
    }

    /// <summary>Puts the items into random order, in place (Fisher and Yates, from the last item down).</summary>
    public void Shuffle<TItem>(Span<TItem> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = (int)UpTo((ulong)i);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>A uniform integer in [low, high).</summary>
    /// <exception cref="ArgumentOutOfRangeException">An empty range.</exception>
    public long RandInt(long low, long high)
    {
        if (low >= high)
        {
            throw new ArgumentOutOfRangeException(nameof(high), $"No integer lies in [{low}, {high}).");
        }

        ulong last = unchecked((ulong)high - 1 - (ulong)low);
        return unchecked(low + (long)UpTo(last));
    }

    private static uint EntropySeed()
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    /// <summary>A uniform integer in [0, last]: masked to the bits of last, drawn again while too large.</summary>
    private ulong UpTo(ulong last)
    {
        if (last == 0)
        {
            return 0;
        }

        ulong mask = ulong.MaxValue >> BitOperations.LeadingZeroCount(last);
        ulong value;
        do
        {
            value = (last <= uint.MaxValue ? _bits.NextUInt32() : _bits.NextUInt64()) & mask;
        }
        while (value > last);

        return value;
    }

    private double GammaUnderOne(double shape)
    {
        double power = 1.0 / shape;
        while (true)
        {
            double u = Rand();
            double v = StandardExponential();
            if (u <= 1.0 - shape)
            {
                double x = Math.Pow(u, power);
                if (x <= v)
                {
                    return x;
                }
            }
            else
            {
                double y = -Math.Log((1.0 - u) / shape);
                double x = Math.Pow(1.0 - shape + (shape * y), power);
                if (x <= v + y)
                {
                    return x;
                }
            }
        }
    }

    private double GammaOverOne(double shape)
    {
        const double SqueezeFactor = 0.0331; // Marsaglia and Tsang (2000), section 4
        double d = shape - (1.0 / 3.0);
        double c = 1.0 / Math.Sqrt(9.0 * d);
        while (true)
        {
            double x, v;
            do
            {
                x = Randn();
                v = 1.0 + (c * x);
            }
            while (v <= 0.0);

            v = v * v * v;
            double u = Rand();
            if (u < 1.0 - (SqueezeFactor * (x * x) * (x * x))
                || Math.Log(u) < (0.5 * x * x) + (d * (1.0 - v + Math.Log(v))))
            {
                return d * v;
            }
        }
    }
}
