using NUnit.Framework;

namespace VemKernels.Data.Tests;

internal sealed class NiftiImageTests : FileTests
{
    /// <summary>
    /// nibabel: a NIfTI-2 image, big-endian float32, 2 x 3 x 2 x 2 of arange(24) in C order, slope 0.5, intercept -1,
    /// qform only (rotation by 0.1, 0.2, 0.3 about z, y, x; sizes 2, 3, -4; offset 10, 20, 30), gzipped.
    /// </summary>
    private const string Nifti2 =
        "H4sIAAAAAAACA2NgYJLJ0zZi4OWS4mIQYFBggAAWKM0EpZnR+DCaEQeNAfZ/gNAOUL4D+38wcBCA8O0/4Keh1irYP0A1bxADcFjYH178TINv9wb77WGS"
        + "T830NthvSPt1nUnqsIMKNBxMoLQdXd3GRYpiR2CkOTQAaRAG8RdA4tExAUgfANITgBiYchw3AP0LUhMAFAeqcewAYmD8Oq4A8oEaHAuANDD+HGcAsQEQ"
        + "72BgAADii0SDgAIAAA==";

    private static readonly double[] Nifti2Affine =
    [
        1.95034065, -0.29353019, -0.79467732, 10, 0.307584, 2.83410746, 1.15851791, 20, -0.31869016, 0.93897548, -3.74517345, 30,
    ];

    [Test]
    public void A_NIfTI_2_file_of_nibabel_is_read([Values] bool compressed)
    {
        byte[] bytes = Gunzip(Nifti2);
        WriteBytes("a.nii", compressed ? Gzip(bytes) : bytes);
        using NiftiImage image = NiftiImage.Read(At("a.nii"));
        Assert.That((image.Header.IsNifti2, image.Header.IsBigEndian), Is.EqualTo((true, true)));
        Assert.That(image.Header.Dimensions, Is.EqualTo(new nint[] { 2, 3, 2, 2 }));
        using Matrix<double> series = image.ReadSeries<double>(NiftiMask.Whole(image.Header));
        for (int sample = 0; sample < 2; sample++)
        {
            for (int voxel = 0; voxel < 12; voxel++)
            {
                Assert.That(series[sample, voxel], Is.EqualTo((0.5 * ((2 * voxel) + sample)) - 1));
            }
        }

        RequireAffine(image.Header.Affine, Nifti2Affine);
    }

    [TestCase(2, new byte[] { 0xFE }, 254)]
    [TestCase(256, new byte[] { 0xFE }, -2)]
    [TestCase(4, new byte[] { 0xFE, 0xFF }, -2)]
    [TestCase(512, new byte[] { 0xFE, 0xFF }, 65534)]
    [TestCase(8, new byte[] { 0, 0, 1, 0 }, 65536)]
    [TestCase(768, new byte[] { 0, 0, 0, 0x80 }, 2147483648)]
    [TestCase(1024, new byte[] { 0, 0, 0, 0, 1, 0, 0, 0 }, 4294967296)]
    [TestCase(1280, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0x80 }, 9223372036854775808)]
    [TestCase(16, new byte[] { 0, 0, 0x20, 0xC0 }, -2.5)]
    [TestCase(64, new byte[] { 0, 0, 0, 0, 0, 0, 4, 0xC0 }, -2.5)]
    public void Every_type_is_read_in_both_byte_orders(short dataType, byte[] element, double value)
    {
        byte[] swapped = [.. element.Reverse()];
        WriteBytes("little.nii", NiftiBytes.Make(dataType, [1, 1, 1, 2], [.. element, .. element]));
        WriteBytes("big.nii", NiftiBytes.Make(dataType, [1, 1, 1, 2], [.. swapped, .. swapped], bigEndian: true));
        foreach (string name in (ReadOnlySpan<string>)["little.nii", "big.nii"])
        {
            using NiftiImage image = NiftiImage.Read(At(name));
            NiftiMask whole = NiftiMask.Whole(image.Header);
            using Matrix<double> doubles = image.ReadSeries<double>(whole);
            using Matrix<float> floats = image.ReadSeries<float>(whole);
            Assert.That(Values(doubles.View), Is.EqualTo(new[] { value, value }), name);
            Assert.That(Values(floats.View), Is.EqualTo(new[] { (float)value, (float)value }), name);
        }
    }

    [TestCase(0f, 3f, 5)]
    [TestCase(float.NaN, 3f, 5)]
    [TestCase(float.PositiveInfinity, 3f, 5)]
    [TestCase(1f, 0f, 5)]
    [TestCase(2f, 3f, 13)]
    [TestCase(2f, float.NaN, 10)]
    [TestCase(1f, 3f, 8)]
    public void Scaling_is_applied_where_the_header_asks_for_it(float slope, float intercept, double expected)
    {
        WriteBytes("a.nii", NiftiBytes.Make(2, [1, 1, 1], [5], slope: slope, intercept: intercept));
        using NiftiImage image = NiftiImage.Read(At("a.nii"));
        using Matrix<double> values = image.ReadSeries<double>(NiftiMask.Whole(image.Header));
        Assert.That(values[0, 0], Is.EqualTo(expected));
    }

    [Test]
    public void Masked_voxels_come_in_C_order_of_the_volume()
    {
        // Voxel (x, y, z) of volume t holds 100 t + 10 x + 4 y + z + 1; x is fastest in the file.
        byte[] data = new byte[2 * 2 * 3 * 4];
        for (int t = 0; t < 2; t++)
        {
            for (int i = 0; i < 24; i++)
            {
                data[(24 * t) + i] = (byte)((100 * t) + (10 * (i % 2)) + (4 * (i / 2 % 3)) + (i / 6) + 1);
            }
        }

        byte[] maskData = new byte[24];
        maskData[1] = 1;          // (1, 0, 0), C index 12
        maskData[18] = 7;         // (0, 0, 3), C index 3
        maskData[4 + 6] = 255;    // (0, 2, 1), C index 9
        WriteBytes("series.nii", NiftiBytes.Make(2, [2, 3, 4, 2], data));
        WriteBytes("mask.nii.gz", Gzip(NiftiBytes.Make(2, [2, 3, 4], maskData)));
        using NiftiImage series = NiftiImage.Read(At("series.nii"));
        using NiftiImage maskImage = NiftiImage.Read(At("mask.nii.gz"));
        NiftiMask mask = maskImage.ReadMask();
        Assert.That(mask.Indices.ToArray(), Is.EqualTo(new nint[] { 3, 9, 12 }));
        using Matrix<float> values = series.ReadSeries<float>(mask);
        Assert.That(Values(values.View), Is.EqualTo(new float[] { 4, 10, 11, 104, 110, 111 }));

        NiftiTargetSource<double> source = new(series, mask);
        using Matrix<double> tile = new(2, 2);
        source.Read(1, tile.View);
        Assert.That(
            (source.Samples, source.Targets, source.View), Is.EqualTo(((nint)2, (nint)3, (MatrixView<double>?)null)));
        Assert.That(Values(tile.View), Is.EqualTo(new double[] { 10, 11, 110, 111 }));
    }

    [Test]
    public void The_affine_is_sform_then_qform_then_voxel_sizes()
    {
        byte[] bytes = NiftiBytes.Make(2, [1, 1, 1], [0]);
        RequireAffine(Read(bytes).Affine, [2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 4, 0]);

        // Half a turn about y, as FSL writes radiological images; qfac -1.
        NiftiBytes.Int16(bytes, 252, 1);
        NiftiBytes.Single(bytes, 76, -1);
        NiftiBytes.Single(bytes, 260, 1);
        NiftiBytes.Single(bytes, 268, 60);
        RequireAffine(Read(bytes).Affine, [-2, 0, 0, 60, 0, 3, 0, 0, 0, 0, 4, 0]);

        NiftiBytes.Int16(bytes, 254, 2);
        for (int i = 0; i < 12; i++)
        {
            NiftiBytes.Single(bytes, 280 + (4 * i), i);
        }

        Affine affine = Read(bytes).Affine;
        RequireAffine(affine, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
        Assert.That(affine.Apply(1, 2, 3), Is.EqualTo((11.0, 39.0, 67.0)));
        Assert.That((affine[3, 2], affine[3, 3]), Is.EqualTo((0.0, 1.0)));
    }

    [Test]
    public void Data_behind_an_extension_are_found([Values] bool compressed)
    {
        byte[] bytes = NiftiBytes.Make(2, [2, 1, 1], [.. new byte[16], 5, 6]);
        NiftiBytes.Single(bytes, NiftiBytes.VoxOffsetOffset, NiftiBytes.HeaderBytes + 16);
        WriteBytes("a.nii", compressed ? Gzip(bytes) : bytes);
        using NiftiImage image = NiftiImage.Read(At("a.nii"));
        using Matrix<float> values = image.ReadSeries<float>(NiftiMask.Whole(image.Header));
        Assert.That(Values(values.View), Is.EqualTo(new float[] { 5, 6 }));
    }

    [Test]
    public void A_compressed_file_cut_anywhere_is_refused()
    {
        byte[] data = new byte[20000];
        new Random(1).NextBytes(data);
        byte[] whole = Gzip(NiftiBytes.Make(2, [20, 10, 100], data));
        int[] lengths = [3, 10, 15, 100, 5000, .. Enumerable.Range(1, 40).Select(cut => whole.Length - cut)];
        foreach (int length in lengths)
        {
            string path = WriteBytes("a.nii.gz", whole.AsSpan(0, length));
            Assert.Throws<DataFormatException>(
                () => NiftiImage.Read(path).Dispose(), $"{length} of {whole.Length} bytes");
        }
    }

    [Test]
    public void A_compressed_file_of_several_members_or_with_padding_is_read([Values] bool padded)
    {
        byte[] bytes = NiftiBytes.Make(2, [2, 1, 1], [5, 6]);
        byte[] members = [.. Gzip(bytes.AsSpan(0, 351)), .. Gzip(bytes.AsSpan(351)), .. padded ? new byte[100] : []];
        WriteBytes("a.nii.gz", members);
        using NiftiImage image = NiftiImage.Read(At("a.nii.gz"));
        using Matrix<float> values = image.ReadSeries<float>(NiftiMask.Whole(image.Header));
        Assert.That(Values(values.View), Is.EqualTo(new float[] { 5, 6 }));
    }

    [Test]
    public void A_compressed_file_with_a_wrong_checksum_is_refused()
    {
        byte[] whole = Gzip(NiftiBytes.Make(2, [20, 10, 100], new byte[20000]));
        whole[^7] ^= 1;
        string path = WriteBytes("a.nii.gz", whole);
        RequireProblem(path, () => NiftiImage.Read(path).Dispose(), "damaged or cut short");
    }

    [Test]
    public void Truncated_data_are_told_by_sizes([Values] bool compressed)
    {
        byte[] bytes = NiftiBytes.Make(4, [40, 20, 1, 2], new byte[1234]);
        string path = WriteBytes("a.nii", compressed ? Gzip(bytes) : bytes);
        RequireProblem(
            path,
            () => NiftiImage.Read(path).Dispose(),
            "truncated: the header says 40 x 20 x 1 x 2 int16 (3,200 bytes), the file holds 1,234");
    }

    [Test]
    public void A_header_that_claims_more_than_the_file_can_hold_is_refused_without_memory()
    {
        string path = WriteBytes("a.nii.gz", Gzip(NiftiBytes.Make(64, [32000, 32000, 32000, 3000], new byte[100])));
        RequireProblem(path, () => NiftiImage.Read(path).Dispose(), "compressed bytes cannot hold");
    }

    [Test]
    public void Files_of_other_kinds_are_told_in_one_line()
    {
        RequireRefused("text.nii", "hello, world"u8, "not a NIfTI file");
        RequireRefused("text.nii.gz", "hello, world"u8, "not a gzip file");
        RequireRefused("empty.nii.gz", [], "is empty");
        RequireRefused("short.nii", NiftiBytes.Make(2, [1], [0]).AsSpan(0, 100), "ends inside the NIfTI header");
        RequireRefused("pair.nii", Changed(NiftiBytes.MagicOffset, (byte)'n', (byte)'i'), "separate .img file");
        RequireRefused("magic.nii", Changed(NiftiBytes.MagicOffset, 0, 0, 0), "wrong magic");
        RequireRefused("complex.nii", Changed(NiftiBytes.DataTypeOffset, 32, 0), "datatype 32 is not supported");
        RequireRefused("dimensions.nii", Changed(NiftiBytes.DimOffset, 9, 0), "9 dimensions");
        RequireRefused("length.nii", Changed(NiftiBytes.DimOffset + 4, 0, 0), "dimension 2 claims a length of 0");
        RequireRefused("offset.nii", Changed(NiftiBytes.VoxOffsetOffset, 0, 0, 0x80, 0x3F), "begin at byte 1");
        Assert.Throws<FileNotFoundException>(() => NiftiImage.Read(At("none.nii")).Dispose());
    }

    [Test]
    public void An_uncompressed_file_under_a_compressed_name_is_read()
    {
        WriteBytes("a.nii.gz", NiftiBytes.Make(2, [1, 1, 1], [5]));
        using NiftiImage image = NiftiImage.Read(At("a.nii.gz"));
        Assert.That(image.Header.DataType, Is.EqualTo(ElementType.UInt8));
    }

    [Test]
    public void A_mask_of_another_shape_is_told_with_both_shapes()
    {
        WriteBytes("series.nii", NiftiBytes.Make(2, [2, 3, 1, 2], new byte[12]));
        string path = WriteBytes("mask.nii", NiftiBytes.Make(2, [3, 2], [1, 1, 1, 1, 1, 1]));
        using NiftiImage series = NiftiImage.Read(At("series.nii"));
        using NiftiImage maskImage = NiftiImage.Read(path);
        NiftiMask mask = maskImage.ReadMask();
        string problem = $"the mask has 3 x 2 x 1 voxels, {At("series.nii")} has 2 x 3 x 1";
        RequireProblem(path, () => series.ReadSeries<float>(mask), problem);
        RequireProblem(path, () => _ = new NiftiTargetSource<float>(series, mask), problem);
    }

    [Test]
    public void A_mask_that_chooses_nothing_or_is_a_series_is_refused()
    {
        string path = WriteBytes("empty.nii", NiftiBytes.Make(16, [2, 1, 1], [0, 0, 0, 0, 0, 0, 0xC0, 0x7F]));
        using NiftiImage empty = NiftiImage.Read(path);
        RequireProblem(path, () => empty.ReadMask(), "no voxel that is not zero");
        path = WriteBytes("series.nii", NiftiBytes.Make(2, [1, 1, 1, 2], [1, 1]));
        using NiftiImage series = NiftiImage.Read(path);
        RequireProblem(path, () => series.ReadMask(), "a mask has one volume, this image has 1 x 1 x 1 x 2");
    }

    private static byte[] Changed(int offset, params ReadOnlySpan<byte> values)
    {
        byte[] bytes = NiftiBytes.Make(2, [1, 1, 1], [0]);
        values.CopyTo(bytes.AsSpan(offset));
        return bytes;
    }

    private static NiftiHeader Read(byte[] bytes) => NiftiHeader.Read(new MemoryStream(bytes), "bytes");

    private static void RequireAffine(Affine affine, double[] rows)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            Assert.That(affine[i / 4, i % 4], Is.EqualTo(rows[i]).Within(1e-7), $"element ({i / 4}, {i % 4})");
        }
    }

    private void RequireRefused(string name, ReadOnlySpan<byte> bytes, string problem)
    {
        string path = WriteBytes(name, bytes);
        RequireProblem(path, () => NiftiImage.Read(path).Dispose(), problem);
    }
}
