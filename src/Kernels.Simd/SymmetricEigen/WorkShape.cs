namespace VemKernels.Simd;

/// <summary>The shape of working memory: rows padded so that every vector loop runs over whole vectors.</summary>
internal static class WorkShape
{
    /// <summary>Elements that rows are padded to: two of the widest vectors, 16 floats each.</summary>
    public const int Padding = 32;

    /// <summary>Row strides that are a multiple of this many elements put all rows into few cache sets.</summary>
    private const int CacheSetPeriod = 256;

    /// <summary>count rounded up to whole padding units.</summary>
    public static nint Padded(nint count) => (count + Padding - 1) / Padding * Padding;

    /// <summary>The stride of a row-major working matrix with rows of count elements.</summary>
    public static nint Stride(nint count)
    {
        nint padded = Padded(count);
        return padded % CacheSetPeriod == 0 ? padded + Padding : padded;
    }
}
