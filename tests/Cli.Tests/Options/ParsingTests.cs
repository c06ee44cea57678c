using VemKernels.Cli.Options;

namespace VemKernels.Cli.Tests.Options;

public sealed class ParsingTests
{
    [Test]
    public void Alphas_are_spaced_evenly_in_the_logarithm_and_end_where_asked()
    {
        IReadOnlyList<double> alphas = AlphaGrid.Parse("1e0:1e6:13").Values;
        Assert.That(alphas, Has.Count.EqualTo(13));
        for (int i = 0; i < alphas.Count; i++)
        {
            Assert.That(alphas[i], Is.EqualTo(Math.Pow(10, i / 2.0)).Within(1e-14).Percent);
        }

        Assert.That((alphas[0], alphas[^1]), Is.EqualTo((1.0, 1e6)));
    }

    [Test]
    public void Alphas_may_be_a_list_or_a_grid_of_one()
    {
        Assert.That(AlphaGrid.Parse("10,1,2.5").Values, Is.EqualTo(new[] { 10, 1, 2.5 }));
        Assert.That(AlphaGrid.Parse("5:5:1").Values, Is.EqualTo(new[] { 5.0 }));
    }

    [TestCase("0")]
    [TestCase("1,-2")]
    [TestCase("-1:10:3")]
    [TestCase("inf")]
    [TestCase("nan")]
    [TestCase("1:10")]
    [TestCase("1:10:0")]
    [TestCase("1:10:2.5")]
    [TestCase("")]
    [TestCase("one")]
    public void Alphas_that_make_no_sense_are_refused(string text) =>
        Assert.That(() => AlphaGrid.Parse(text), Throws.TypeOf<FormatException>());

    [TestCase("123", 123)]
    [TestCase("1KB", 1000)]
    [TestCase("4GB", 4_000_000_000)]
    [TestCase("1.5 mb", 1_500_000)]
    [TestCase("2GiB", 2L << 30)]
    [TestCase("1T", 1_000_000_000_000)]
    public void Memory_sizes_have_decimal_and_binary_units(string text, long bytes) =>
        Assert.That(MemorySize.Parse(text).Bytes, Is.EqualTo(bytes));

    [TestCase("")]
    [TestCase("GB")]
    [TestCase("0")]
    [TestCase("-1GB")]
    [TestCase("4XB")]
    [TestCase("4GBs")]
    [TestCase("1e3")]
    public void Memory_sizes_that_make_no_sense_are_refused(string text) =>
        Assert.That(() => MemorySize.Parse(text), Throws.TypeOf<FormatException>());

    [Test]
    public void A_file_may_be_followed_by_columns()
    {
        FileArgument file = FileArgument.Parse("dir/a.tsv:one,two");
        Assert.That(file.Path, Is.EqualTo("dir/a.tsv"));
        Assert.That(file.Columns, Is.EqualTo(new[] { "one", "two" }));
        Assert.That(file.ToString(), Is.EqualTo("dir/a.tsv:one,two"));
        Assert.That(FileArgument.Parse("a.npy").Columns, Is.Empty);
    }

    [Test]
    public void The_colon_of_a_drive_marks_no_column()
    {
        Assert.That(FileArgument.Parse(@"C:\a.npy").Path, Is.EqualTo(@"C:\a.npy"));
        Assert.That(FileArgument.Parse(@"C:\a.tsv:run").Columns, Is.EqualTo(new[] { "run" }));
    }

    [Test]
    public void A_file_whose_name_has_a_colon_is_found()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["a:b.tsv"], "x\n1\n");
        Assert.That(FileArgument.Parse(folder["a:b.tsv"]).Columns, Is.Empty);
    }

    [TestCase("a.tsv:")]
    [TestCase(":run")]
    [TestCase("a.tsv:x,,y")]
    [TestCase("")]
    public void A_file_or_column_without_a_name_is_refused(string text) =>
        Assert.That(() => FileArgument.Parse(text), Throws.TypeOf<FormatException>());

    [Test]
    public void A_feature_space_is_a_name_and_a_file()
    {
        FeatureArgument space = FeatureArgument.Parse("motion=a=b.tsv:x");
        Assert.That(space.Name, Is.EqualTo("motion"));
        Assert.That(space.Source.Path, Is.EqualTo("a=b.tsv"));
    }

    [TestCase("motion.tsv")]
    [TestCase("=motion.tsv")]
    [TestCase("motion=")]
    [TestCase("../up=a.npy")]
    [TestCase(".hidden=a.npy")]
    public void A_feature_space_without_a_usable_name_is_refused(string text) =>
        Assert.That(() => FeatureArgument.Parse(text), Throws.TypeOf<FormatException>());

    [Test]
    public void Delays_may_be_a_range() =>
        Assert.That(DelayArgument.Parse("a=0,2-5").Delays, Is.EqualTo(new[] { 0, 2, 3, 4, 5 }));

    [Test]
    public void Delays_keep_their_order() =>
        Assert.That(DelayArgument.Parse("a=3,-1,0").Delays, Is.EqualTo(new[] { 3, -1, 0 }));

    [TestCase("a=1,1")]
    [TestCase("a=1,")]
    [TestCase("a=x")]
    [TestCase("1,2")]
    [TestCase("a=4-1")]
    [TestCase("a=-1-2")]
    [TestCase("a=1-3,2")]
    [TestCase("a=0-2000000000")]
    public void Delays_that_make_no_sense_are_refused(string text) =>
        Assert.That(() => DelayArgument.Parse(text), Throws.TypeOf<FormatException>());

    [Test]
    public void Cross_validation_is_by_runs_or_a_number_of_folds()
    {
        Assert.That(CrossValidation.Parse("runs"), Is.EqualTo(CrossValidation.Runs));
        Assert.That(CrossValidation.Parse("7").Folds, Is.EqualTo(7));
        Assert.That(() => CrossValidation.Parse("1"), Throws.TypeOf<FormatException>());
    }
}
