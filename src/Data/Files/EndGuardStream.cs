namespace VemKernels.Data;

/// <summary>
/// A compressed file with one byte added at its end. <see cref="System.IO.Compression.GZipStream"/> takes a file that
/// ends too early for a complete one; with the guard byte, a decoder that has not met its end and checksum reads it,
/// comes back for more, and is told. A decoder that has finished ignores the byte, as it cannot begin another gzip
/// member.
/// </summary>
internal sealed class EndGuardStream(FileStream file) : ReadOnlyStream
{
    /// <summary>Also no last byte of a gzip trailer (the length of the contents) of less than 4.2 GB.</summary>
    private const byte Guard = 0xFF;

    private bool _guardRead;

    public override int Read(Span<byte> buffer)
    {
        int count = file.Read(buffer);
        if (count > 0 || buffer.IsEmpty)
        {
            return count;
        }

        if (_guardRead)
        {
            throw new EndOfStreamException("the compressed data end before their checksum");
        }

        buffer[0] = Guard;
        _guardRead = true;
        return 1;
    }
}
