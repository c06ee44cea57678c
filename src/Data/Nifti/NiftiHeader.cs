using System.Text;

namespace VemKernels.Data;

/// <summary>
/// The header of a NIfTI-1 or NIfTI-2 file: what of it matters for reading data and for placing maps in the same space.
/// </summary>
public sealed record NiftiHeader
{
    /// <summary>NIfTI's codes of element types.</summary>
    private static readonly Dictionary<long, ElementType> TypeCodes = new()
    {
        [2] = ElementType.UInt8,
        [4] = ElementType.Int16,
        [8] = ElementType.Int32,
        [16] = ElementType.Float32,
        [64] = ElementType.Float64,
        [256] = ElementType.Int8,
        [512] = ElementType.UInt16,
        [768] = ElementType.UInt32,
        [1024] = ElementType.Int64,
        [1280] = ElementType.UInt64,
    };

    /// <summary>Whether it is NIfTI-2: wider fields, otherwise the same.</summary>
    public bool IsNifti2 { get; init; }

    /// <summary>Whether numbers in the file, header and data, have their highest byte first.</summary>
    public bool IsBigEndian { get; init; }

    /// <summary>Lengths of the dimensions x, y, z, time ...: one to seven, each at least 1.</summary>
    public required IReadOnlyList<nint> Dimensions { get; init; }

    /// <summary>The type in which values are stored.</summary>
    public ElementType DataType { get; init; } = ElementType.Float32;

    /// <summary>
    /// The field pixdim: qfac, voxel sizes along x, y, z, the repetition time, and three more. Eight entries.
    /// </summary>
    public IReadOnlyList<double> PixelSizes { get; init; } = [1, 1, 1, 1, 1, 1, 1, 1];

    /// <summary>Where the data begin, in bytes.</summary>
    public long DataOffset { get; init; }

    /// <summary>The field scl_slope. Zero, NaN and infinity mean: no scaling.</summary>
    public double ScaleSlope { get; init; }

    /// <summary>The field scl_inter.</summary>
    public double ScaleIntercept { get; init; }

    /// <summary>The field xyzt_units: code of the unit of space plus code of the unit of time.</summary>
    public int Units { get; init; }

    /// <summary>The field qform_code; 0 where the quaternion means nothing.</summary>
    public int QformCode { get; init; }

    /// <summary>The field sform_code; 0 where the affine rows mean nothing.</summary>
    public int SformCode { get; init; }

    /// <summary>quatern_b, quatern_c, quatern_d.</summary>
    public IReadOnlyList<double> Quaternion { get; init; } = [0, 0, 0];

    /// <summary>qoffset_x, qoffset_y, qoffset_z.</summary>
    public IReadOnlyList<double> QuaternionOffset { get; init; } = [0, 0, 0];

    /// <summary>srow_x, srow_y and srow_z: the first three rows of the affine, twelve entries.</summary>
    public IReadOnlyList<double> AffineRows { get; init; } = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>The field descrip.</summary>
    public string Description { get; init; } = "";

    /// <summary>The first three dimensions (1 where there are fewer).</summary>
    public (nint X, nint Y, nint Z) VolumeShape => (Dimension(0), Dimension(1), Dimension(2));

    /// <summary>Voxels of one volume.</summary>
    public nint VolumeVoxels => Dimension(0) * Dimension(1) * Dimension(2);

    /// <summary>How many volumes: the product of the dimensions after the third.</summary>
    public nint Volumes => Dimensions.Skip(VolumeDimensions).Aggregate((nint)1, (product, length) => product * length);

    /// <summary>Bytes of all values.</summary>
    public long DataBytes => (long)VolumeVoxels * Volumes * DataType.Size();

    /// <summary>
    /// From voxel indices to positions, by the standard's rule: the affine rows where sform_code is positive, else the
    /// quaternion where qform_code is, else voxel sizes alone.
    /// </summary>
    public Affine Affine
    {
        get
        {
            if (SformCode > 0)
            {
                return new([.. AffineRows]);
            }

            double x = PixelSizes[1];
            double y = PixelSizes[2];
            double z = PixelSizes[3];
            if (QformCode > 0)
            {
                double qfac = PixelSizes[0] < 0 ? -1 : 1;
                return Affine.FromQuaternion(
                    Quaternion[0], Quaternion[1], Quaternion[2], [x, y, qfac * z], [.. QuaternionOffset]);
            }

            return new([x, 0, 0, 0, 0, y, 0, 0, 0, 0, z, 0]);
        }
    }

    /// <summary>Factor and summand of stored values: 1 and 0 where the header asks for no scaling.</summary>
    internal (double Slope, double Intercept) Scaling =>
        ScaleSlope == 0 || !double.IsFinite(ScaleSlope)
            ? (1, 0)
            : (ScaleSlope, double.IsFinite(ScaleIntercept) ? ScaleIntercept : 0);

    /// <summary>"40 x 20 x 1": the first three dimensions, as messages write them.</summary>
    internal string VolumeText => ShapeText.Of([Dimension(0), Dimension(1), Dimension(2)]);

    private const int VolumeDimensions = 3;

    private NiftiLayout Layout => IsNifti2 ? NiftiLayout.Two : NiftiLayout.One;

    /// <summary>Reads a header from the start of a stream, and leaves the stream behind it.</summary>
    /// <param name="stream">The file's contents, decompressed.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <exception cref="DataFormatException">It is not a NIfTI header, or has what we do not read.</exception>
    public static NiftiHeader Read(Stream stream, string file)
    {
        byte[] sizeField = ReadBytes(stream, NiftiLayout.HeaderSizeWidth, file);
        foreach (NiftiLayout layout in (ReadOnlySpan<NiftiLayout>)[NiftiLayout.One, NiftiLayout.Two])
        {
            foreach (bool bigEndian in (ReadOnlySpan<bool>)[false, true])
            {
                if (new NiftiFields(sizeField, bigEndian).Integer(0, NiftiLayout.HeaderSizeWidth) == layout.HeaderSize)
                {
                    byte[] rest = ReadBytes(stream, layout.HeaderSize - NiftiLayout.HeaderSizeWidth, file);
                    return Parse([.. sizeField, .. rest], layout, bigEndian, file);
                }
            }
        }

        throw new DataFormatException(
            file,
            $"not a NIfTI file (its first field is neither {NiftiLayout.One.HeaderSize} nor {NiftiLayout.Two.HeaderSize})");
    }

    /// <summary>
    /// The bytes of a header and of the four that follow it, little-endian. NIfTI-2 if this header is, or if a
    /// dimension is longer than NIfTI-1 can say.
    /// </summary>
    /// <remarks>
    /// Written for a file without extensions and without scaling, whatever <see cref="DataOffset"/> and scaling are.
    /// </remarks>
    public byte[] ToBytes()
    {
        NiftiLayout layout = Dimensions.Any(length => length > short.MaxValue) ? NiftiLayout.Two : Layout;
        byte[] bytes = new byte[layout.FirstDataOffset];
        NiftiFields.SetInteger(bytes, 0, NiftiLayout.HeaderSizeWidth, layout.HeaderSize);
        layout.SingleFileMagic.CopyTo(bytes, layout.Magic);
        NiftiFields.SetInteger(bytes, layout.Dim, layout.IntegerWidth, Dimensions.Count);
        for (int i = 1; i < NiftiLayout.DimensionEntries; i++)
        {
            int field = layout.Dim + (i * layout.IntegerWidth);
            NiftiFields.SetInteger(bytes, field, layout.IntegerWidth, Dimension(i - 1));
        }

        long code = TypeCodes.First(pair => pair.Value == DataType).Key;
        NiftiFields.SetInteger(bytes, layout.DataType, NiftiLayout.TypeWidth, code);
        NiftiFields.SetInteger(bytes, layout.BitPix, NiftiLayout.TypeWidth, 8 * DataType.Size());
        NiftiFields.SetReals(bytes, layout.PixDim, layout.RealWidth, [.. PixelSizes]);
        if (layout.VoxOffsetIsReal)
        {
            NiftiFields.SetReals(bytes, layout.VoxOffset, layout.RealWidth, layout.FirstDataOffset);
        }
        else
        {
            NiftiFields.SetInteger(bytes, layout.VoxOffset, layout.IntegerWidth, layout.FirstDataOffset);
        }

        NiftiFields.SetReals(bytes, layout.SclSlope, layout.RealWidth, 1);
        NiftiFields.SetReals(bytes, layout.SclInter, layout.RealWidth, 0);
        NiftiFields.SetInteger(bytes, layout.XyztUnits, layout.UnitsWidth, Units);
        NiftiFields.SetInteger(bytes, layout.QformCode, layout.CodeWidth, QformCode);
        NiftiFields.SetInteger(bytes, layout.SformCode, layout.CodeWidth, SformCode);
        NiftiFields.SetReals(bytes, layout.Quatern, layout.RealWidth, [.. Quaternion]);
        NiftiFields.SetReals(bytes, layout.QOffset, layout.RealWidth, [.. QuaternionOffset]);
        NiftiFields.SetReals(bytes, layout.SRow, layout.RealWidth, [.. AffineRows]);
        byte[] description = Encoding.Latin1.GetBytes(Description);
        int length = Math.Min(description.Length, NiftiLayout.DescriptionBytes - 1);
        description.AsSpan(0, length).CopyTo(bytes.AsSpan(layout.Descrip));
        return bytes;
    }

    private static NiftiHeader Parse(byte[] bytes, NiftiLayout layout, bool bigEndian, string file)
    {
        ReadOnlySpan<byte> magic = bytes.AsSpan(layout.Magic, layout.SingleFileMagic.Length);
        if (magic.SequenceEqual(layout.PairMagic))
        {
            throw new DataFormatException(
                file, "a header whose data are in a separate .img file; convert the pair to one .nii file");
        }

        if (!magic.SequenceEqual(layout.SingleFileMagic))
        {
            throw new DataFormatException(file, "not a NIfTI file (wrong magic; an Analyze 7.5 file?)");
        }

        NiftiFields fields = new(bytes, bigEndian);
        long typeCode = fields.Integer(layout.DataType, NiftiLayout.TypeWidth);
        if (!TypeCodes.TryGetValue(typeCode, out ElementType type))
        {
            throw new DataFormatException(
                file,
                $"NIfTI datatype {typeCode} is not supported; expected "
                + string.Join(", ", TypeCodes.Values.Select(known => known.Name())));
        }

        double offset = layout.VoxOffsetIsReal
            ? fields.Real(layout.VoxOffset, layout.RealWidth)
            : fields.Integer(layout.VoxOffset, layout.IntegerWidth);
        if (offset == 0)
        {
            offset = layout.FirstDataOffset;
        }

        if (!(offset >= layout.HeaderSize) || offset > long.MaxValue / 2)
        {
            throw new DataFormatException(file, $"damaged NIfTI header: its data would begin at byte {offset}");
        }

        return new()
        {
            IsNifti2 = layout == NiftiLayout.Two,
            IsBigEndian = bigEndian,
            Dimensions = ReadDimensions(fields, layout, type, file),
            DataType = type,
            PixelSizes = fields.Reals(layout.PixDim, layout.RealWidth, NiftiLayout.DimensionEntries),
            DataOffset = (long)offset,
            ScaleSlope = fields.Real(layout.SclSlope, layout.RealWidth),
            ScaleIntercept = fields.Real(layout.SclInter, layout.RealWidth),
            Units = (int)fields.Integer(layout.XyztUnits, layout.UnitsWidth),
            QformCode = (int)fields.Integer(layout.QformCode, layout.CodeWidth),
            SformCode = (int)fields.Integer(layout.SformCode, layout.CodeWidth),
            Quaternion = fields.Reals(layout.Quatern, layout.RealWidth, VolumeDimensions),
            QuaternionOffset = fields.Reals(layout.QOffset, layout.RealWidth, VolumeDimensions),
            AffineRows = fields.Reals(layout.SRow, layout.RealWidth, VolumeDimensions * Affine.Size),
            Description = Encoding.Latin1.GetString(bytes, layout.Descrip, NiftiLayout.DescriptionBytes).Split('\0')[0],
        };
    }

    private static nint[] ReadDimensions(NiftiFields fields, NiftiLayout layout, ElementType type, string file)
    {
        long count = fields.Integer(layout.Dim, layout.IntegerWidth);
        if (count is < 1 or >= NiftiLayout.DimensionEntries)
        {
            throw new DataFormatException(file, $"damaged NIfTI header: it claims {count} dimensions");
        }

        nint[] dimensions = new nint[count];
        nint bytes = type.Size();
        for (int i = 0; i < dimensions.Length; i++)
        {
            dimensions[i] = (nint)fields.Integer(layout.Dim + ((i + 1) * layout.IntegerWidth), layout.IntegerWidth);
            if (dimensions[i] < 1 || dimensions[i] > nint.MaxValue / bytes)
            {
                throw new DataFormatException(
                    file, $"damaged NIfTI header: dimension {i + 1} claims a length of {dimensions[i]}");
            }

            bytes *= dimensions[i];
        }

        return dimensions;
    }

    private static byte[] ReadBytes(Stream stream, int count, string file)
    {
        byte[] bytes = new byte[count];
        if (stream.ReadAtLeast(bytes, count, throwOnEndOfStream: false) < count)
        {
            throw new DataFormatException(file, "truncated: it ends inside the NIfTI header");
        }

        return bytes;
    }

    private nint Dimension(int index) => index < Dimensions.Count ? Dimensions[index] : 1;
}
