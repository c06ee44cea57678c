using NUnit.Framework;
using VemKernels.Tests;

namespace VemKernels.Data.Tests;

/// <summary>Real files; the numbers to compare with were taken by numpy and nibabel.</summary>
internal sealed class SharedFilesTests : FileTests
{
    private static string Haxby(string file) => SharedData.PathOf("data", "haxby2001", file);

    private static string Golden(string file) => SharedData.PathOf("golden", file);

    [Test]
    public void Every_golden_file_opens_whole()
    {
        string[] files = Directory.GetFiles(SharedData.PathOf("golden"), "*.npz");
        Assert.That(files, Is.Not.Empty);
        foreach (string path in files)
        {
            using NpzFile file = NpzFile.Open(path);
            foreach (string name in file.Names)
            {
                using NpyArray array = file[name];
                if (name == "meta")
                {
                    Assert.That(array.ToText(), Does.StartWith("{").And.EndsWith("}"), path);
                }
                else
                {
                    Assert.That(array.ToDoubles(), Has.Length.EqualTo(array.Header.Count), path);
                }
            }
        }
    }

    [Test]
    public void Golden_numbers_are_those_that_numpy_reads()
    {
        using NpzFile kernels = NpzFile.Open(Golden("hyper_gradient_direct_conjugate_gradient_0.npz"));
        using NpyArray ks = kernels["in_Ks"];
        using Matrix<double> last = ks.ToMatrix<double>(2);
        Assert.That(ks.Shape, Is.EqualTo(new nint[] { 3, 60, 60 }));
        Assert.That(last[59, 0], Is.EqualTo(0.5536078085427334));

        using NpzFile scoring = NpzFile.Open(Golden("scoring.npz"));
        using NpyArray fortran = scoring["out_r2_split_svd"];
        using Matrix<double> split = fortran.ToMatrix<double>();
        using Matrix<double> prediction = scoring["in_P"].ToMatrix<double>(3);
        Assert.That(fortran.Header.FortranOrder, Is.True);
        Assert.That((split[3, 0], split[0, 8]), Is.EqualTo((-0.18366358386949727, 0.03151995723202419)));
        Assert.That(prediction[49, 8], Is.EqualTo(0.24019362262323588));

        using NpzFile lasso = NpzFile.Open(Golden("lasso.npz"));
        Assert.That(
            lasso["in_groups"].ToInts(), Is.EqualTo(new long[] { 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2 }));
    }

    [Test]
    public void The_series_of_Haxby_is_read_as_nibabel_reads_it()
    {
        using NiftiImage maskImage = NiftiImage.Read(Haxby("mask.nii.gz"));
        using NiftiImage bold = NiftiImage.Read(Haxby("bold.nii.gz"));
        NiftiMask mask = maskImage.ReadMask();
        using Matrix<float> series = bold.ReadSeries<float>(mask);
        Assert.That((series.Rows, series.Columns), Is.EqualTo(((nint)1452, (nint)530)));
        Assert.That(mask.Indices[..4].ToArray(), Is.EqualTo(new nint[] { 56, 57, 58, 59 }));
        Assert.That(mask.Indices[^1], Is.EqualTo((nint)779));
        Assert.That(Values(series.View).Sum(v => (long)v), Is.EqualTo(1118771612));
        Assert.That(Values(series.View.Block(0, 0, 1, 4)), Is.EqualTo(new float[] { 287, 327, 433, 511 }));
        Assert.That(Values(series.View.Block(1451, 527, 1, 3)), Is.EqualTo(new float[] { 900, 1017, 193 }));
        Assert.That(series[700, 265], Is.EqualTo(2335));

        NiftiTargetSource<float> source = new(bold, mask);
        using Matrix<float> tile = new(1452, 100);
        source.Read(430, tile.View);
        Assert.That(Values(tile.View), Is.EqualTo(Values(series.View.SliceColumns(430, 100))));
    }

    [Test]
    public void A_map_of_Haxby_keeps_its_space()
    {
        using NiftiImage maskImage = NiftiImage.Read(Haxby("mask.nii.gz"));
        using NiftiImage bold = NiftiImage.Read(Haxby("bold.nii.gz"));
        NiftiMask mask = maskImage.ReadMask();
        float[] values = [.. Enumerable.Range(1, mask.Count).Select(i => (float)i)];
        NiftiWriter.WriteVolume(At("map.nii.gz"), bold.Header, mask, values);
        using NiftiImage map = NiftiImage.Read(At("map.nii.gz"));
        using Matrix<float> read = map.ReadSeries<float>(mask);
        Assert.That(Values(read.View), Is.EqualTo(values));
        Assert.That(map.ReadMask().Indices.ToArray(), Is.EqualTo(mask.Indices.ToArray()), "0 outside the mask");
        Assert.That(map.Header.Affine.ToString(), Is.EqualTo("-3.1 0 0 60.45; 0 3.75 0 -35.625; 0 0 3.75 -0; 0 0 0 1"));
        Assert.That((map.Header.QformCode, map.Header.SformCode, map.Header.Units), Is.EqualTo((1, 1, 10)));
        Affine quaternion = (map.Header with { SformCode = 0 }).Affine;
        Assert.That(
            quaternion.Apply(39, 19, 0), Is.EqualTo(map.Header.Affine.Apply(39, 19, 0)), "qform and sform agree");
    }

    [Test]
    public void The_reference_of_Haxby_is_read_as_numpy_reads_it()
    {
        using NpzFile reference = NpzFile.Open(Haxby("reference.npz"));
        using Matrix<float> responses = reference["Y"].ToMatrix<float>();
        Assert.That(
            Values(responses.View.Block(0, 0, 1, 3)), Is.EqualTo(new[] { -1.0295587f, -1.6408451f, -1.4737906f }));
        Assert.That(responses[1451, 529], Is.EqualTo(0.40986216f));
        Assert.That(reference["best_alphas"].ToDoubles().Sum(), Is.EqualTo(9385603.013592737).Within(1e-6));
        long[] runs = reference["run"].ToInts();
        Assert.That((runs[0], runs[121], runs[1451]), Is.EqualTo((1L, 2L, 12L)));
    }

    [Test]
    public void The_tables_of_Haxby_are_read()
    {
        TsvTable samples = TsvTable.Read(Haxby("samples.tsv"));
        TsvTable motion = TsvTable.Read(Haxby("motion.tsv"));
        using Matrix<double> matrix = motion.ToMatrix<double>();
        Assert.That(
            (samples.Rows, samples.NumericColumns.Count, samples.Text("category").Distinct().Count()), Is.EqualTo((1452, 1, 9)));
        Assert.That((matrix.Rows, matrix.Columns), Is.EqualTo(((nint)1452, (nint)6)));
        Assert.That(motion.Numbers("motion3").Sum(), Is.EqualTo(3.96410162).Within(1e-8));
        Assert.That(matrix[2, 5], Is.EqualTo(-0.0207151));
    }
}
