namespace VemKernels.Data;

/// <summary>
/// Passes a stream through and computes the CRC-32 of what was read (the polynomial of zip and gzip):
/// System.IO.Compression does not compare the checksum of a stored zip entry, and a flipped bit in data should be
/// noticed.
/// </summary>
internal sealed class Crc32Stream(Stream inner) : ReadOnlyStream
{
    /// <summary>The CRC-32 polynomial, lowest power in the highest bit (RFC 1952, section 8).</summary>
    private const uint ReversedPolynomial = 0xEDB88320;

    private const int TableSize = 256;

    private static readonly uint[] Table = MakeTable();

    private uint _state = uint.MaxValue;

    /// <summary>Reads to the end, and returns the checksum of all that the stream held.</summary>
    public uint DrainAndGetCrc32()
    {
        Drain(this);
        return ~_state;
    }

    public override int Read(Span<byte> buffer)
    {
        int count = inner.Read(buffer);
        uint state = _state;
        foreach (byte value in buffer[..count])
        {
            state = Table[(byte)(state ^ value)] ^ (state >> 8);
        }

        _state = state;
        return count;
    }

    private static uint[] MakeTable()
    {
        uint[] table = new uint[TableSize];
        for (uint i = 0; i < TableSize; i++)
        {
            uint remainder = i;
            for (int bit = 0; bit < 8; bit++)
            {
                remainder = (remainder & 1) != 0 ? (remainder >> 1) ^ ReversedPolynomial : remainder >> 1;
            }

            table[i] = remainder;
        }

        return table;
    }
}
