using System.Text.Json.Nodes;
using VemKernels.Cli.Fit;
using VemKernels.Cli.Score;
using VemKernels.Data;

namespace VemKernels.Cli.Tests;

/// <summary>What <c>vem fit</c> says of scores that mislead: constant targets, splits that do not add up.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class NoteTests : IDisposable
{
    private readonly SmallExperiment _data = new();

    public void Dispose() => _data.Dispose();

    [TestCase(true)]
    [TestCase(false)]
    public void Constant_targets_are_counted_with_their_scores(bool zscore)
    {
        using (Matrix<float> responses = NpyFile.Read<float>(_data["responses.npy"]))
        {
            for (int i = 0; i < SmallExperiment.Samples; i++)
            {
                int run = i / SmallExperiment.RunLength;
                responses[i, 3] = 7; // Constant.
                responses[i, 5] = run < SmallExperiment.Runs - 1 ? -2.5f : responses[i, 5]; // In training runs.
                responses[i, 8] = run; // Inside of each run.
                responses[i, 9] = i == 40 ? 1 : 0; // Not.
            }

            NpyFile.Write(_data["responses.npy"], responses.View);
        }

        int count = zscore ? 3 : 2;
        VemResult result = Vem.Run(
            [.. zscore ? _data.Fit() : _data.FitWithout("--zscore-runs"), "--report", _data["page.html"]]);
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        string note = $"{count} targets of 12 are constant over the training samples (the first is 3, counted from 0)";
        Assert.That(result.Error, Does.Contain($"vem: {note}").And.Contain("; their scores: cv score median"));
        Assert.That(File.ReadAllText(_data["page.html"]), Does.Contain(note));
        JsonNode constant = Summary("out")["constant_targets"]!;
        Assert.That((int)constant["count"]!, Is.EqualTo(count));
        Assert.That((int)constant["first"]!, Is.EqualTo(3));
        Assert.That((double)constant["cv_score"]!["median"]!, Is.Zero.Within(1e-9), "no error is made on a constant");
        Assert.That(constant["test_r2"], Is.Not.Null);
    }

    [Test]
    public void Constant_targets_of_images_are_found_too()
    {
        using (Matrix<float> responses = NpyFile.Read<float>(_data["responses.npy"]))
        {
            responses.View.SliceColumns(11, 1).Fill(2);
            NiftiHeader header = new() { Dimensions = [2, 3, 2, SmallExperiment.Samples] };
            NiftiWriter.WriteSeries(_data["bold.nii.gz"], header, NiftiMask.Whole(header), responses.View);
        }

        VemResult result = Vem.Run(_data.FitWith("--responses", _data["bold.nii.gz"]));
        Assert.That(
            result.Error, Does.Contain("1 target of 12 is constant over the training samples (the first is 11"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Constant_features_are_counted_and_the_first_is_named(bool zscore)
    {
        string[] motion = File.ReadAllLines(_data["motion.tsv"]);
        for (int line = 1; line < motion.Length; line++)
        {
            string[] cells = motion[line].Split('\t');
            cells[1] = line <= TrainingData.Samples ? "3" : cells[1]; // In training runs.
            motion[line] = string.Join('\t', cells);
        }

        File.WriteAllLines(_data["motion.tsv"], motion);
        using (Matrix<double> other = NpyFile.Read<double>(_data["other.npy"]))
        {
            for (int i = 0; i < SmallExperiment.Samples; i++)
            {
                other[i, 2] = i / SmallExperiment.RunLength; // Inside of each run.
                other[i, 1] = i == 40 ? 1 : 0; // Not.
            }

            NpyFile.Write(_data["other.npy"], other.View);
        }

        VemResult result = Vem.Run(
            [.. zscore ? _data.Fit() : _data.FitWithout("--zscore-runs"), "--report", _data["page.html"]]);
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        string note = zscore
            ? "2 features of 8 are constant over the training samples (the first is of space 'motion', column 'y'), so"
            : "1 feature of 8 is constant over the training samples (the first is of space 'motion', column 'y'), so";
        Assert.That(result.Error, Does.Contain($"vem: {note} that nothing can be explained by"));
        Assert.That(result.Error.Split(note).Length, Is.EqualTo(2), "once");
        JsonNode constant = Summary("out")["constant_features"]!;
        Assert.That((int)constant["count"]!, Is.EqualTo(zscore ? 2 : 1));
        Assert.That((int)constant["features"]!, Is.EqualTo(8));
        Assert.That((string)constant["first"]!["space"]!, Is.EqualTo("motion"));
        Assert.That((int)constant["first"]!["index"]!, Is.EqualTo(1));
        Assert.That((string)constant["first"]!["column"]!, Is.EqualTo("y"));
    }

    [Test]
    public void A_category_that_no_training_run_has_is_a_constant_feature()
    {
        string[] lines = File.ReadAllLines(_data["samples.tsv"]);
        lines[^1] = "6\tzebra";
        File.WriteAllLines(_data["samples.tsv"], lines);
        Assert.That(
            Vem.Run(_data.Fit()).Error,
            Does.Contain("1 feature of 9 is constant over the training samples (the first is of space 'stim', category "
                + "'zebra' of column 'category')"));
    }

    [Test]
    public void Constant_columns_of_groups_are_named_by_their_place_in_the_file()
    {
        using (Matrix<double> other = NpyFile.Read<double>(_data["other.npy"]))
        {
            other.View.SliceColumns(2, 1).Fill(4);
            NpyFile.Write(_data["other.npy"], other.View);
        }

        File.WriteAllLines(_data["groups.txt"], ["1", "0", "1"]);
        VemResult result = Vem.Run(
            "fit", "--features", $"other={_data["other.npy"]}", "--groups", _data["groups.txt"], "--responses",
            _data["responses.npy"], "--out", _data["out"]);
        Assert.That(
            result.Error, Does.Contain("1 feature of 3 is constant over the training samples (the first is of space "
                + "'other-1', column 2 counted from 0)"));
    }

    [Test]
    public void An_alpha_at_the_edge_is_told_with_what_to_do()
    {
        VemResult result = Vem.Run(_data.FitWith("--alphas", "1e6:1e9:4"));
        Assert.That(result.Error, Does.Match(
            @"vem: the lowest alpha, 1E\+06, is the best of \d+ of 12 targets, and a better one may lie beyond: "
                + @"extend --alphas to 1E\+03\n"));
        result = Vem.Run(_data.FitWith("--alphas", "1e-9:1e-6:4"));
        Assert.That(result.Error, Does.Match(@"the highest alpha, 1E-06, .* extend --alphas to 0.001\n"));
    }

    [Test]
    public void A_lasso_that_does_not_converge_says_what_may_do()
    {
        VemResult result = Vem.Run(
            [.. _data.FitWithout("--iterations", "--alphas"), "--model", "lasso", "--max-iterations", "2",
                "--tolerance", "1e-9"]);
        Assert.That(result.Error, Does.Match(
            @"vem: \d+ targets? did not meet --tolerance 1E-09 in --max-iterations 2; 20 may do\n"));
    }

    [Test]
    public void Without_constant_targets_there_is_no_word()
    {
        VemResult result = Vem.Run(_data.Fit());
        Assert.That(result.Error, Does.Not.Contain("constant").And.Not.Contain("add up"));
        JsonNode summary = Summary("out");
        Assert.That((int)summary["constant_targets"]!["count"]!, Is.Zero);
        Assert.That(summary["constant_targets"]!["first"], Is.Null);
        Assert.That((long)summary["split_gap"]!["targets"]!, Is.Zero);
        Assert.That((double)summary["split_gap"]!["largest"]!, Is.LessThan(1e-4));
    }

    [Test]
    public void A_split_that_does_not_add_up_is_told_by_its_largest_gap()
    {
        using (Matrix<float> responses = NpyFile.Read<float>(_data["responses.npy"]))
        {
            for (int i = TrainingData.Samples; i < SmallExperiment.Samples; i++)
            {
                responses[i, 4] += 3;
            }

            NpyFile.Write(_data["responses.npy"], responses.View);
        }

        VemResult result = Vem.Run(_data.FitWithout("--zscore-runs"));
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        using Matrix<double> r2 = Read("test_r2.npy"), split = Read("test_r2_split.npy");
        double[] gaps = [.. Enumerable.Range(0, SmallExperiment.Voxels).Select(
            voxel => Math.Abs(r2[voxel, 0] - split[0, voxel] - split[1, voxel] - split[2, voxel]))];
        Assert.That(Array.IndexOf(gaps, gaps.Max()), Is.EqualTo(4));
        JsonNode gap = Summary("out")["split_gap"]!;
        Assert.That((double)gap["largest"]!, Is.EqualTo(gaps.Max()).Within(1e-6));
        Assert.That(result.Error, Does.Match(
            $"vem: split r2 does not add up to r2 in {(long)gap["targets"]!} of 12 targets .largest gap .*training"));

        VemResult score = Vem.Run(
            "score", "--model", _data["out"], "--out", _data["scores"], "--features",
            $"stim={_data["samples.tsv"]}", "--features", $"motion={_data["motion.tsv"]}", "--features",
            $"other={_data["other.npy"]}", "--responses", _data["responses.npy"], "--runs",
            $"{_data["samples.tsv"]}:run");
        Assert.That(score.Error, Does.Contain("split r2 does not add up to r2"));
        Assert.That((double)Summary("scores")["split_gap"]!["largest"]!, Is.Positive);
    }

    [Test]
    public void A_gap_counts_where_two_decimals_show_it()
    {
        using Matrix<double> r2 = Matrix<double>.From(1, 4, [0.5, 0.5, -1000, double.NaN]);
        using Matrix<double> split = Matrix<double>.From(2, 4, [0.25, 0.2, -600, 1, 0.251, 0.2, -402, 1]);
        Assert.That(SplitGap.Of(r2.View, split.View), Is.EqualTo(new SplitGap(2, 1)));
    }

    private JsonNode Summary(string folder) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(_data[folder], ModelFolder.Summary)))!;

    private Matrix<double> Read(string file) => NpyFile.Read<double>(Path.Combine(_data["out"], file));
}
