using NUnit.Framework;

namespace VemKernels.Data.Tests;

internal sealed class NiftiWriterTests : FileTests
{
    private static readonly NiftiHeader Like = new()
    {
        Dimensions = [2, 3, 2, 5],
        DataType = ElementType.Int16,
        IsBigEndian = true,
        PixelSizes = [-1, 3.5, 3.75, 4, 2.5, 1, 1, 1],
        ScaleSlope = 2,
        ScaleIntercept = 1,
        Units = 10,
        QformCode = 1,
        SformCode = 4,
        Quaternion = [0, 1, 0],
        QuaternionOffset = [60.5, -35.5, 7],
        AffineRows = [-3.5, 0, 0, 60.5, 0, 3.75, 0, -35.5, 0, 0, 4, 7],
    };

    private static readonly NiftiMask Mask = new("mask", (2, 3, 2), [1, 4, 11]);

    [Test]
    public void A_map_has_the_input_s_space_and_its_values_at_the_mask(
        [Values("map.nii", "map.nii.gz")] string name, [Values] bool nifti2, [Values(0f, float.NaN)] float outside)
    {
        NiftiWriter.WriteVolume(At(name), Like with { IsNifti2 = nifti2 }, Mask, [5, 6, 7], outside);
        Assert.That(
            File.ReadAllBytes(At(name))[0], Is.EqualTo(name.EndsWith(".gz") ? 0x1f : nifti2 ? 540 % 256 : 348 % 256));
        using NiftiImage image = NiftiImage.Read(At(name));
        NiftiHeader header = image.Header;
        Assert.That(header.Dimensions, Is.EqualTo(new nint[] { 2, 3, 2 }));
        Assert.That(
            (header.IsNifti2, header.IsBigEndian, header.DataType), Is.EqualTo((nifti2, false, ElementType.Float32)));
        Assert.That(header.PixelSizes, Is.EqualTo(Like.PixelSizes));
        Assert.That((header.Units, header.QformCode, header.SformCode), Is.EqualTo((10, 1, 4)));
        Assert.That(header.Quaternion, Is.EqualTo(Like.Quaternion));
        Assert.That(header.QuaternionOffset, Is.EqualTo(Like.QuaternionOffset));
        Assert.That(header.AffineRows, Is.EqualTo(Like.AffineRows));
        Assert.That(
            (header.ScaleSlope, header.ScaleIntercept, header.Description), Is.EqualTo((1.0, 0.0, "VemKernels")));
        using Matrix<float> values = image.ReadSeries<float>(NiftiMask.Whole(header));
        Assert.That(Values(values.View), Is.EqualTo(new[]
        {
            outside, 5, outside, outside, 6, outside, outside, outside, outside, outside, outside, 7,
        }));
    }

    [Test]
    public void A_series_has_a_volume_for_each_row([Values] bool transposed)
    {
        using Matrix<float> matrix = Matrix<float>.From(3, 3, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        MatrixView<float> series = (transposed ? matrix.View.Transposed : matrix.View).SliceRows(1, 2);
        NiftiWriter.WriteSeries(At("a.nii.gz"), Like, Mask, series, repetitionTime: 1.25);
        using NiftiImage image = NiftiImage.Read(At("a.nii.gz"));
        using Matrix<float> read = image.ReadSeries<float>(Mask);
        Assert.That(image.Header.Dimensions, Is.EqualTo(new nint[] { 2, 3, 2, 2 }));
        Assert.That(image.Header.PixelSizes[4], Is.EqualTo(1.25));
        Assert.That(Values(read.View), Is.EqualTo(Values(series)));
    }

    [Test]
    public void A_series_longer_than_NIfTI_1_can_say_becomes_NIfTI_2()
    {
        using Matrix<float> series = new(40000, 1);
        series[39999, 0] = 3;
        NiftiMask mask = new("mask", (1, 1, 1), [0]);
        NiftiWriter.WriteSeries(At("a.nii"), new() { Dimensions = [1, 1, 1] }, mask, series.View);
        using NiftiImage image = NiftiImage.Read(At("a.nii"));
        using Matrix<float> read = image.ReadSeries<float>(mask);
        Assert.That((image.Header.IsNifti2, image.Header.Volumes, read[39999, 0]), Is.EqualTo((true, (nint)40000, 3f)));
    }

    [Test]
    public void Wrong_sizes_are_refused_and_leave_nothing()
    {
        Assert.Throws<ArgumentException>(() => NiftiWriter.WriteVolume(At("a.nii"), Like, Mask, [1, 2]));
        NiftiMask other = new("other.nii", (3, 2, 2), [0]);
        RequireProblem(
            "other.nii",
            () => NiftiWriter.WriteVolume(At("a.nii"), Like, other, [1]),
            "the mask has 3 x 2 x 2 voxels, the header has 2 x 3 x 2");
        using Matrix<float> empty = new(0, 3);
        Assert.Throws<ArgumentException>(() => NiftiWriter.WriteSeries(At("a.nii"), Like, Mask, empty.View));
        Assert.That(Directory.GetFiles(At("")), Is.Empty);
    }

    [Test]
    public void A_mask_must_ascend_inside_the_volume()
    {
        Assert.Throws<ArgumentException>(() => _ = new NiftiMask("m", (2, 2, 2), [3, 3]));
        Assert.Throws<ArgumentException>(() => _ = new NiftiMask("m", (2, 2, 2), [8]));
        Assert.Throws<ArgumentException>(() => _ = new NiftiMask("m", (2, 2, 2), [-1]));
    }
}
