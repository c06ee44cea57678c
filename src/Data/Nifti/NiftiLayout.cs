namespace VemKernels.Data;

/// <summary>
/// Where the fields of a NIfTI header lie, and how wide they are: all in which NIfTI-1 and NIfTI-2 differ.
/// </summary>
/// <remarks>
/// Sources: nifti1.h and nifti2.h of the NIfTI Data Format Working Group. Offsets and widths in bytes.
/// </remarks>
internal sealed record NiftiLayout
{
    /// <summary>Entries of dim and pixdim: a count (or qfac), then seven dimensions.</summary>
    public const int DimensionEntries = 8;

    /// <summary>Bytes of the field descrip.</summary>
    public const int DescriptionBytes = 80;

    /// <summary>Width of datatype and bitpix.</summary>
    public const int TypeWidth = 2;

    /// <summary>Width of the header's first field, its own size.</summary>
    public const int HeaderSizeWidth = 4;

    /// <summary>Bytes after the header that say whether extensions follow.</summary>
    public const int ExtenderBytes = 4;

    /// <summary>NIfTI-1.</summary>
    public static readonly NiftiLayout One = new()
    {
        HeaderSize = 348,
        Magic = 344,
        SingleFileMagic = "n+1\0"u8.ToArray(),
        PairMagic = "ni1\0"u8.ToArray(),
        IntegerWidth = 2,
        RealWidth = 4,
        CodeWidth = 2,
        Dim = 40,
        DataType = 70,
        BitPix = 72,
        PixDim = 76,
        VoxOffset = 108,
        VoxOffsetIsReal = true,
        SclSlope = 112,
        SclInter = 116,
        XyztUnits = 123,
        UnitsWidth = 1,
        Descrip = 148,
        QformCode = 252,
        SformCode = 254,
        Quatern = 256,
        QOffset = 268,
        SRow = 280,
    };

    /// <summary>NIfTI-2.</summary>
    public static readonly NiftiLayout Two = new()
    {
        HeaderSize = 540,
        Magic = 4,
        SingleFileMagic = "n+2\0\r\n\x1a\n"u8.ToArray(),
        PairMagic = "ni2\0\r\n\x1a\n"u8.ToArray(),
        IntegerWidth = 8,
        RealWidth = 8,
        CodeWidth = 4,
        Dim = 16,
        DataType = 12,
        BitPix = 14,
        PixDim = 104,
        VoxOffset = 168,
        VoxOffsetIsReal = false,
        SclSlope = 176,
        SclInter = 184,
        XyztUnits = 500,
        UnitsWidth = 4,
        Descrip = 240,
        QformCode = 344,
        SformCode = 348,
        Quatern = 352,
        QOffset = 376,
        SRow = 400,
    };

    /// <summary>Bytes of the header; also the value of its first field.</summary>
    public required int HeaderSize { get; init; }

    /// <summary>Where the magic bytes lie.</summary>
    public required int Magic { get; init; }

    /// <summary>Magic bytes of a .nii file.</summary>
    public required byte[] SingleFileMagic { get; init; }

    /// <summary>Magic bytes of a .hdr file whose data are in an .img file.</summary>
    public required byte[] PairMagic { get; init; }

    /// <summary>Width of the entries of dim.</summary>
    public required int IntegerWidth { get; init; }

    /// <summary>Width of real fields.</summary>
    public required int RealWidth { get; init; }

    /// <summary>Width of qform_code and sform_code.</summary>
    public required int CodeWidth { get; init; }

    /// <summary>Width of xyzt_units.</summary>
    public required int UnitsWidth { get; init; }

    /// <summary>Whether vox_offset is a real field (else an integer).</summary>
    public required bool VoxOffsetIsReal { get; init; }

    /// <summary>Number of dimensions, then their lengths.</summary>
    public required int Dim { get; init; }

    /// <summary>Code of the element type.</summary>
    public required int DataType { get; init; }

    /// <summary>Bits of an element.</summary>
    public required int BitPix { get; init; }

    /// <summary>qfac, then the size of a step along each dimension.</summary>
    public required int PixDim { get; init; }

    /// <summary>Where the data begin.</summary>
    public required int VoxOffset { get; init; }

    /// <summary>Factor of stored values.</summary>
    public required int SclSlope { get; init; }

    /// <summary>Summand of stored values.</summary>
    public required int SclInter { get; init; }

    /// <summary>Units of space and time.</summary>
    public required int XyztUnits { get; init; }

    /// <summary>Free text.</summary>
    public required int Descrip { get; init; }

    /// <summary>What space the quaternion leads to; 0 for none.</summary>
    public required int QformCode { get; init; }

    /// <summary>What space the affine rows lead to; 0 for none.</summary>
    public required int SformCode { get; init; }

    /// <summary>quatern_b, quatern_c, quatern_d.</summary>
    public required int Quatern { get; init; }

    /// <summary>qoffset_x, qoffset_y, qoffset_z.</summary>
    public required int QOffset { get; init; }

    /// <summary>srow_x, srow_y, srow_z, four reals each.</summary>
    public required int SRow { get; init; }

    /// <summary>
    /// Where the data of a file without extensions begin: after the header and four bytes that say so.
    /// </summary>
    public int FirstDataOffset => HeaderSize + ExtenderBytes;
}
