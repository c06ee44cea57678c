using System.Text.Json.Nodes;
using VemKernels.Cli.Inputs;
using VemKernels.Cli.Options;
using VemKernels.Data;

namespace VemKernels.Cli.Tests;

/// <summary>Spaces that are columns of one feature matrix give what spaces in files of their own give.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class GroupTests : IDisposable
{
    /// <summary>Of the columns of matrix.npy; the third is in no space.</summary>
    private static readonly string[] Labels = ["b", "a", "-1", "b", "a", "a"];

    private readonly SmallExperiment _data = new();

    public GroupTests()
    {
        using Matrix<double> motion = TsvTable.Read(_data["motion.tsv"]).ToMatrix<double>("x", "y");
        using Matrix<double> other = NpyFile.Read<double>(_data["other.npy"]);
        using Matrix<double> all = new(SmallExperiment.Samples, Labels.Length);
        for (int i = 0; i < SmallExperiment.Samples; i++)
        {
            (all[i, 0], all[i, 3]) = (motion[i, 0], motion[i, 1]);
            (all[i, 1], all[i, 4], all[i, 5]) = (other[i, 0], other[i, 1], other[i, 2]);
            all[i, 2] = i;
        }

        NpyFile.Write(_data["matrix.npy"], all.View);
        NpyFile.Write(_data["b.npy"], motion.View);
        File.WriteAllLines(_data["groups.txt"], [.. Labels, ""]);
        NpyFile.WriteVector<double>(_data["deltas.npy"], [-1, 0.5]);
    }

    public void Dispose() => _data.Dispose();

    [TestCase("--model banded --iterations 4 --weights primal --delays b=0,1 --delays a=2")]
    [TestCase("--model multiple-kernel --iterations 4 --kernel a=rbf:gamma=0.1")]
    [TestCase("--model hyper-gradient --max-iterations 3 --zscore-runs")]
    [TestCase("--model weighted-kernel --deltas DELTAS")]
    public void A_fit_and_what_follows_are_those_of_files_of_their_own(string model)
    {
        string[] words = [.. model.Split(' ').Select(word => word == "DELTAS" ? _data["deltas.npy"] : word)];
        string[] tests = ["--test-runs", "6", .. words];
        Vem.Succeed(Separate("fit", "separate", tests));
        Vem.Succeed(Grouped("fit", "grouped", ["--groups", _data["groups.txt"], .. tests]));
        string[] files = words.Contains("primal") ? ["primal.npy"] : ["dual.npy"];
        RequireSame([.. files, "deltas.npy", "test_r2_split.npy", "test_correlation.npy", "model_features.npy"]);

        Vem.Succeed(Separate("score", "separate-scores", "--model", _data["separate"]));
        Vem.Succeed(Grouped("score", "grouped-scores", "--model", _data["grouped"]));
        RequireSame(["r2.npy", "r2_split.npy"], "-scores");
        if (!words.Contains("weighted-kernel"))
        {
            Vem.Succeed("refine", "--model", _data["separate"], "--out", _data["separate-refined"]);
            File.Move(_data["groups.txt"], _data["moved.txt"]);
            Vem.Succeed(
                "refine", "--model", _data["grouped"], "--out", _data["grouped-refined"], "--groups",
                _data["moved.txt"]);
            RequireSame(["deltas.npy", "test_r2_split.npy"], "-refined");
        }

        JsonNode spaces = JsonNode.Parse(File.ReadAllText(Path.Combine(_data["grouped"], "summary.json")))!["sizes"]![
            "spaces"]!;
        Assert.That((string)spaces[0]!["name"]!, Is.EqualTo("a"));
        Assert.That(
            spaces[0]!["source_columns"]!.AsArray().Select(column => (int)column!), Is.EqualTo(new[] { 1, 4, 5 }));
    }

    [Test]
    public void Delays_and_prior_of_the_matrix_are_those_of_its_spaces()
    {
        string[] prior = ["--delay-prior", "m=smoothness"];
        Vem.Succeed(Grouped("fit", "grouped", ["--groups", _data["groups.txt"], "--delays", "m=1-3", .. prior]));
        Vem.Succeed(Separate(
            "fit", "separate", "--delays", "a=1-3", "--delays", "b=1-3", "--delay-prior", "a=smoothness",
            "--delay-prior", "b=smoothness"));
        RequireSame(["deltas.npy", "dual.npy"]);
        Refuses(["--delays", "b=1,2", .. prior], "--delay-prior m=smoothness", "has no --delays");
        Refuses(["--delays", "c=1"], "--delays c=1", "there are m, a, b");
    }

    [Test]
    public void Labels_are_numbers_or_names_in_arrays_tables_or_text()
    {
        NpyFile.WriteVector<double>(_data["n.npy"], [7, 2, -1, 7, 2, 2]);
        File.WriteAllLines(_data["n.txt"], ["7", "2", "-1", "7", "2", "2"]);
        File.WriteAllLines(_data["n.tsv"], ["feature\tgroup", "p\t7", "q\t2", "r\t-1", "s\t7", "t\t2", "u\t2"]);
        foreach (string file in (string[])["n.npy", "n.txt", "n.tsv:group"])
        {
            GroupLabels labels = GroupLabels.Read(FileArgument.Parse(_data[file]), "m");
            Assert.That(labels.Names, Is.EqualTo(new[] { "m-2", "m-7" }), file);
            Assert.That(labels.OfColumns, Is.EqualTo(new[] { 1, 0, -1, 1, 0, 0 }), file);
        }

        GroupLabels named = GroupLabels.Read(FileArgument.Parse(_data["groups.txt"]), "m");
        Assert.That(named.Names, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(named.OfColumns, Is.EqualTo(new[] { 1, 0, -1, 1, 0, 0 }));
    }

    [TestCase("5 labels; expected one for each of 6 features", "a", "a", "b", "b", "b")]
    [TestCase("all groups are negative", "-1", "-1", "-1", "-1", "-1", "-1")]
    [TestCase("label 1 (counted from 0) is 'x/y'", "a", "x/y", "b", "b", "b", "b")]
    [TestCase("number 2 (counted from 0) is 0.5; expected a whole number", "1", "1", "0.5", "1", "1", "1")]
    [TestCase("is empty")]
    public void Labels_that_do_not_fit_are_refused_by_the_name_of_their_file(string problem, params string[] labels)
    {
        File.WriteAllLines(_data["groups.txt"], labels);
        Refuses([], _data["groups.txt"], problem);
    }

    [Test]
    public void Groups_that_make_no_sense_are_refused()
    {
        VemResult several = Vem.Run(Separate("fit", "x", "--groups", _data["groups.txt"]));
        Assert.That(several.Error, Does.Match(@"\Avem: --groups .*there are 2 --features\n\z"));
        Refuses(["--model", "ridge"], "--groups", "the model is ridge");
        File.Delete(_data["groups.txt"]);
        Refuses([], _data["groups.txt"], "no such file");
    }

    private string[] Separate(string command, string output, params string[] more) => Command(
        command, output, ["--features", $"a={_data["other.npy"]}", "--features", $"b={_data["b.npy"]}", .. more]);

    private string[] Grouped(string command, string output, params string[] more) =>
        Command(command, output, ["--features", $"m={_data["matrix.npy"]}", .. more]);

    private string[] Command(string command, string output, string[] more) =>
    [
        command, "--responses", _data["responses.npy"], "--runs", $"{_data["samples.tsv"]}:run", "--out", _data[output],
        .. more,
    ];

    private void RequireSame(string[] files, string suffix = "")
    {
        foreach (string file in files)
        {
            Assert.That(
                File.ReadAllBytes(Path.Combine(_data[$"grouped{suffix}"], file)),
                Is.EqualTo(File.ReadAllBytes(Path.Combine(_data[$"separate{suffix}"], file))), file);
        }
    }

    private void Refuses(string[] more, params string[] words)
    {
        VemResult result = Vem.Run(Grouped("fit", "refused", ["--groups", _data["groups.txt"], .. more]));
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.BadInput), result.Error);
        Assert.That(result.Error, Does.Match(@"\Avem: .*\n\z"));
        foreach (string word in words)
        {
            Assert.That(result.Error, Does.Contain(word));
        }

        Assert.That(Directory.Exists(_data["refused"]), Is.False);
    }
}
