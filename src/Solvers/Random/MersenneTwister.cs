namespace VemKernels.Solvers;

/// <summary>
/// The 32-bit Mersenne Twister MT19937: a linear recurrence over 624 words whose outputs are tempered.
/// </summary>
/// <remarks>
/// <code>
/// x[k + 624] = x[k + 397] ^ twist(upper bit of x[k], lower 31 bits of x[k + 1])
/// output     = temper(x[k])
/// </code>
/// Source: M. Matsumoto, T. Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed uniform pseudo-random
/// number generator", ACM TOMACS 8 (1998); seeding from one word as in their revision of 2002 (Knuth, TAOCP 2, 3rd
/// edition, page 106).
/// </remarks>
internal sealed class MersenneTwister
{
    private const int StateLength = 624;
    private const int Middle = 397;
    private const uint UpperMask = 0x80000000;
    private const uint LowerMask = 0x7fffffff;
    private const uint TwistMatrix = 0x9908b0df;
    private const uint SeedMultiplier = 1812433253;

    private readonly uint[] _state = new uint[StateLength];
    private int _position = StateLength;

    public MersenneTwister(uint seed)
    {
        _state[0] = seed;
        for (uint i = 1; i < StateLength; i++)
        {
            uint previous = _state[i - 1];
            _state[i] = (SeedMultiplier * (previous ^ (previous >> 30))) + i;
        }
    }

    /// <summary>The next 32 random bits.</summary>
    public uint NextUInt32()
    {
        if (_position == StateLength)
        {
            Regenerate();
        }

        return Temper(_state[_position++]);
    }

    /// <summary>The next 64 random bits; the upper half is drawn first.</summary>
    public ulong NextUInt64()
    {
        ulong upper = NextUInt32();
        return (upper << 32) | NextUInt32();
    }

    /// <summary>A multiple of 2^-53 in [0, 1): 27 bits of one draw above 26 bits of the next.</summary>
    public double NextDouble()
    {
        const double LowerRange = 1 << 26;
        const double Range = 1L << 53;
        uint upper = NextUInt32() >> 5;
        uint lower = NextUInt32() >> 6;
        return ((upper * LowerRange) + lower) / Range;
    }

    private void Regenerate()
    {
        uint[] x = _state;
        for (int i = 0; i < StateLength; i++)
        {
            uint joined = (x[i] & UpperMask) | (x[(i + 1) % StateLength] & LowerMask);
            uint twisted = (joined >> 1) ^ ((joined & 1) == 0 ? 0 : TwistMatrix);
            x[i] = x[(i + Middle) % StateLength] ^ twisted;
        }

        _position = 0;
    }

    private static uint Temper(uint y)
    {
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >> 18);
    }
}
