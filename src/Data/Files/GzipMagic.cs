namespace VemKernels.Data;

/// <summary>How a gzip file is known.</summary>
internal static class GzipMagic
{
    /// <summary>The usual end of its name.</summary>
    public const string Extension = ".gz";

    private static ReadOnlySpan<byte> Magic => [0x1f, 0x8b];

    /// <summary>Whether a file begins as gzip files do. Leaves it at its start.</summary>
    public static bool Begins(FileStream file)
    {
        Span<byte> first = stackalloc byte[Magic.Length];
        int read = file.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return first[..read].SequenceEqual(Magic);
    }
}
