using System.Text;
using System.Text.RegularExpressions;
using VemKernels.Data;

namespace VemKernels.Cli.Tests;

/// <summary>
/// Every bad input is one line that names the file or option, exit code 2, and nothing is left behind.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class BadInputTests : IDisposable
{
    private readonly SmallExperiment _data = new();

    public void Dispose() => _data.Dispose();

    [TestCase("--responses", "none.npy")]
    [TestCase("--responses", "none.nii.gz")]
    [TestCase("--runs", "none.tsv:run")]
    public void A_missing_file_is_named(string option, string file) =>
        Refuses(_data.FitWith(option, _data[file]), _data[file.Split(':')[0]], "no such file");

    [Test]
    public void A_missing_feature_file_is_named() =>
        Refuses(_data.Fit("--features", $"more={_data["none.npy"]}"), _data["none.npy"], "no such file");

    [Test]
    public void A_missing_file_of_candidates_is_named() =>
        Refuses(FitOfCandidates("none.npy"), _data["none.npy"], "no such file");

    [Test]
    public void A_missing_mask_is_named()
    {
        string[] fit = [.. _data.FitWith("--responses", _data["bold.nii.gz"]), "--mask", _data["none.nii"]];
        Refuses(fit, _data["none.nii"], "no such file");
    }

    [TestCase("responses.npy")]
    [TestCase("other.npy")]
    public void A_truncated_npy_is_named(string file)
    {
        Truncate(file);
        Refuses(_data.Fit(), _data[file], "truncated");
    }

    [Test]
    public void Npy_of_text_is_named()
    {
        WriteNpyHeader("other.npy", "{'descr': '<U4', 'fortran_order': False, 'shape': (120, 1), }", 120 * 16);
        Refuses(_data.Fit(), _data["other.npy"], "text of 4 characters");
    }

    [Test]
    public void Npy_of_three_dimensions_is_named()
    {
        WriteNpyHeader(
            "responses.npy", "{'descr': '<f4', 'fortran_order': False, 'shape': (120, 2, 3), }", 120 * 6 * 4);
        Refuses(_data.Fit(), _data["responses.npy"], "3 dimensions");
    }

    [Test]
    public void Npy_of_objects_is_named()
    {
        WriteNpyHeader("responses.npy", "{'descr': '|O', 'fortran_order': False, 'shape': (120, 2), }", 0);
        Refuses(_data.Fit(), _data["responses.npy"], "objects");
    }

    [Test]
    public void A_file_that_is_no_npy_is_named()
    {
        File.WriteAllText(_data["responses.npy"], "hello, world");
        Refuses(_data.Fit(), _data["responses.npy"]);
    }

    [Test]
    public void Big_endian_npy_is_read()
    {
        byte[] file = File.ReadAllBytes(_data["responses.npy"]);
        int data = file.Length - (SmallExperiment.Samples * SmallExperiment.Voxels * sizeof(float));
        string header = Encoding.Latin1.GetString(file, 0, data).Replace("<f4", ">f4", StringComparison.Ordinal);
        Encoding.Latin1.GetBytes(header).CopyTo(file, 0);
        for (int i = data; i < file.Length; i += sizeof(float))
        {
            Array.Reverse(file, i, sizeof(float));
        }

        Vem.Succeed(_data.Fit());
        byte[] expected = File.ReadAllBytes(Path.Combine(_data["out"], "dual.npy"));
        File.WriteAllBytes(_data["responses.npy"], file);
        Vem.Succeed(_data.Fit());
        Assert.That(File.ReadAllBytes(Path.Combine(_data["out"], "dual.npy")), Is.EqualTo(expected));
    }

    [Test]
    public void A_compressed_image_cut_short_is_named()
    {
        Truncate("bold.nii.gz");
        Refuses(_data.FitWith("--responses", _data["bold.nii.gz"]), _data["bold.nii.gz"]);
    }

    [Test]
    public void Features_of_another_number_of_samples_are_named_with_the_responses()
    {
        WriteMatrix("other.npy", SmallExperiment.Samples - 1, 2);
        Refuses(_data.Fit(), _data["other.npy"], "119 samples", _data["responses.npy"], "120");
    }

    [Test]
    public void NaN_in_responses_is_counted_and_located()
    {
        using (Matrix<float> responses = NpyFile.Read<float>(_data["responses.npy"]))
        {
            responses[5, 7] = float.NaN;
            responses[5, 9] = float.NaN;
            responses[80, 1] = float.NaN;
            NpyFile.Write(_data["responses.npy"], responses.View);
        }

        Refuses(_data.Fit(), _data["responses.npy"], "3 NaN", "sample 5, target 7");
    }

    [TestCase("n/a", "'n/a' is not a finite number")]
    [TestCase("", "an empty cell is not a number")]
    [TestCase("0.1.2", "'0.1.2' is not a number")]
    public void A_gap_or_a_slip_in_a_column_of_numbers_is_located(string cell, string problem)
    {
        ReplaceLine("motion.tsv", 4, $"{cell}\t0\tnone");
        Refuses(_data.Fit(), _data["motion.tsv"], $"line 5, column 'x': {problem}");
        string[] unnamed = _data.FitWith("--out", _data["out"]);
        unnamed[Array.IndexOf(unnamed, $"motion={_data["motion.tsv"]}:x,y")] = $"motion={_data["motion.tsv"]}";
        VemResult result = Vem.Run(unnamed);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.BadInput));
        Assert.That(result.Error, Does.Contain($"line 5, column 'x': {problem}"));
    }

    [Test]
    public void NaN_in_an_array_of_features_is_counted_and_located()
    {
        using (Matrix<double> other = NpyFile.Read<double>(_data["other.npy"]))
        {
            other[3, 1] = double.NaN;
            NpyFile.Write(_data["other.npy"], other.View);
        }

        Refuses(_data.Fit(), _data["other.npy"], "1 NaN", "sample 3, feature 1");
    }

    [Test]
    public void A_gap_among_categories_is_located()
    {
        ReplaceLine("samples.tsv", 7, "1\t");
        Refuses(_data.Fit(), _data["samples.tsv"], "line 8, column 'category': an empty cell is not a category");
    }

    [TestCase(61, false)]
    [TestCase(60, true)]
    public void Text_of_more_categories_than_half_the_rows_is_refused(int different, bool isTaken)
    {
        File.WriteAllLines(_data["words.tsv"],
            ["word", .. Enumerable.Range(0, SmallExperiment.Samples).Select(i => $"{i % different},5")]);
        string[] fit = _data.Fit("--features", $"words={_data["words.tsv"]}:word");
        if (isTaken)
        {
            Vem.Succeed(fit);
        }
        else
        {
            Refuses(
                fit, _data["words.tsv"], "column 'word': 61 different texts in 120 rows, such as '0,5', are likely");
        }
    }

    [Test]
    public void Gaps_and_slips_in_new_features_are_located()
    {
        Vem.Succeed(_data.Fit());
        ReplaceLine("motion.tsv", 4, "0\t\tnone");
        string[] predict =
        [
            "predict", "--model", _data["out"], "--out", _data["p.npy"], "--features", $"stim={_data["samples.tsv"]}",
            "--features", $"motion={_data["motion.tsv"]}", "--features", $"other={_data["other.npy"]}", "--runs",
            $"{_data["samples.tsv"]}:run",
        ];
        Refuses(predict, _data["motion.tsv"], "line 5, column 'y': an empty cell is not a number");
        ReplaceLine("motion.tsv", 4, "0\tn/a\tnone");
        Refuses(predict, _data["motion.tsv"], "line 5, column 'y': 'n/a' is not a finite number");
        ReplaceLine("samples.tsv", 2, "1\tn/a");
        Refuses(predict, _data["samples.tsv"], "line 3, column 'category': 'n/a' is not a category");
    }

    [Test]
    public void A_run_of_one_sample_is_named()
    {
        string[] lines = File.ReadAllLines(_data["samples.tsv"]);
        lines[^1] = lines[^1].Replace("6\t", "7\t", StringComparison.Ordinal);
        File.WriteAllLines(_data["samples.tsv"], lines);
        Refuses(_data.Fit(), _data["samples.tsv"], "run 7 has one sample");
    }

    [Test]
    public void Runs_of_fewer_samples_than_the_data_are_named()
    {
        File.WriteAllLines(_data["runs.tsv"], ["run", .. Enumerable.Repeat("1", 50), .. Enumerable.Repeat("2", 50)]);
        Refuses(_data.FitWith("--runs", _data["runs.tsv"]), _data["runs.tsv"], "do not cover", "100", "120");
    }

    [Test]
    public void Runs_that_do_not_exist_are_named()
    {
        Refuses(_data.FitWith("--test-runs", "9"), "--test-runs 9", "no run 9");
        Refuses(_data.Fit("--train-runs", "1-4,8"), "--train-runs 1-4,8", "no run 8");
    }

    [Test]
    public void A_run_in_two_places_is_named()
    {
        File.WriteAllLines(_data["runs.tsv"], ["run", .. Enumerable.Range(0, 120).Select(i => $"{1 + (i / 10 % 6)}")]);
        Refuses(_data.FitWith("--runs", _data["runs.tsv"]), _data["runs.tsv"], "not contiguous");
    }

    [TestCase("0")]
    [TestCase("1,-1")]
    public void An_alpha_that_is_not_positive_is_named(string alphas) =>
        Refuses(_data.FitWith("--alphas", alphas), "--alphas", "alpha");

    [Test]
    public void An_empty_space_is_named()
    {
        WriteMatrix("none.npy", SmallExperiment.Samples, 0);
        Refuses(_data.Fit("--features", $"none={_data["none.npy"]}"), _data["none.npy"], "empty");
        File.WriteAllLines(_data["words.tsv"], ["word", .. Enumerable.Repeat("x", 120)]);
        Refuses(_data.Fit("--features", $"words={_data["words.tsv"]}"), _data["words.tsv"], "empty", "word");
    }

    [Test]
    public void A_mask_of_another_shape_is_named()
    {
        NiftiHeader header = new() { Dimensions = [3, 2, 2] };
        NiftiWriter.WriteVolume(
            _data["mask.nii"], header, NiftiMask.Whole(header), Enumerable.Repeat(1f, 12).ToArray());
        string[] fit = [.. _data.FitWith("--responses", _data["bold.nii.gz"]), "--mask", _data["mask.nii"]];
        Refuses(fit, _data["mask.nii"], "3 x 2 x 2");
    }

    [Test]
    public void An_output_folder_under_a_file_is_named() =>
        Refuses(_data.FitWith("--out", Path.Combine(_data["motion.tsv"], "out")), _data["motion.tsv"]);

    [Test]
    public void An_output_folder_that_is_somebody_elses_is_kept()
    {
        Directory.CreateDirectory(_data["out"]);
        File.WriteAllText(Path.Combine(_data["out"], "thesis.txt"), "do not lose me");
        Refuses(_data.Fit(), _data["out"]);
    }

    [TestCase("--features", "motion=", "motion.tsv")]
    [TestCase("--responses", "", "responses.npy")]
    [TestCase("--mask", "", "mask.nii")]
    [TestCase("--runs", "", "runs.tsv")]
    [TestCase("--gammas", "", "gammas.npy")]
    public void An_output_folder_that_holds_an_input_is_refused(string option, string name, string file)
    {
        Vem.Succeed(_data.Fit());
        string input = Path.Combine(_data["out"], "data", file);
        Directory.CreateDirectory(Path.GetDirectoryName(input)!);
        File.WriteAllText(input, "1");
        Refuses(
            ["fit", "--features", $"a={_data["other.npy"]}", option, name + input, .. option == "--responses"
                ? Array.Empty<string>() : ["--responses", _data["responses.npy"]], "--out", _data["out"]],
            $"--out {_data["out"]}", input);
        Refuses(_data.Fit(), _data["out"], Path.Combine("data", file));
    }

    [Test]
    public void A_budget_that_does_not_hold_one_tile_is_named_with_one_that_does()
    {
        VemResult result = Vem.Run(_data.Fit("--memory", "1KB"));
        Match budget = Regex.Match(
            result.Error, @"--memory: .*budget of 1 KB is too small; .*; --memory (\w+) would do");
        Assert.That(budget.Success, result.Error);
        Refuses(_data.Fit("--memory", "1KB"), "--memory");
        Vem.Succeed(_data.Fit("--memory", budget.Groups[1].Value));
    }

    [Test]
    public void Runs_that_are_not_numbers_are_located()
    {
        ReplaceLine("samples.tsv", 3, "run-1\trest");
        Refuses(
            _data.Fit(), _data["samples.tsv"],
            "line 4, column 'run': 'run-1' is not the number of a run; expected whole numbers");
        ReplaceLine("samples.tsv", 3, "1.5\trest");
        Refuses(_data.Fit(), "line 4, column 'run': '1.5' is not");
        File.WriteAllLines(_data["runs.tsv"], ["run\tx", .. Enumerable.Repeat("run-1\ta", SmallExperiment.Samples)]);
        Refuses(
            _data.FitWith("--runs", _data["runs.tsv"]), "no column of numbers for the runs; name one",
            "of run, x");
    }

    [Test]
    public void A_baseline_that_does_not_exist_is_told_with_those_there_are()
    {
        Refuses(_data.FitWith("--baseline", "pause"), "--baseline pause", "there are cat, face, house, rest");
        Refuses(
            ["fit", "--features", $"other={_data["other.npy"]}", "--responses", _data["responses.npy"], "--baseline",
                "rest", "--out", _data["out"]],
            "--baseline rest", "the features have no column of categories");
    }

    [TestCase("20")]
    [TestCase("1,-20")]
    public void A_delay_as_long_as_a_run_is_named(string delays) =>
        Refuses(_data.FitWith("--delays", $"stim={delays}"), $"--delays stim={delays}", "longest run has 20 samples");

    [Test]
    public void Options_that_need_runs_say_so()
    {
        string[] withoutRuns = _data.FitWithout("--runs", "--test-runs", "--zscore-runs");
        Refuses([.. withoutRuns, "--zscore-runs"], "--zscore-runs", "--runs");
        Refuses([.. withoutRuns, "--test-runs", "1"], "--test-runs 1", "--runs");
        Refuses([.. withoutRuns, "--cv", "runs"], "--cv runs", "--runs");
    }

    [Test]
    public void Options_that_contradict_each_other_are_named()
    {
        Refuses(_data.Fit("--train-runs", "5-6"), "--test-runs 6", "run 6");
        Refuses(_data.Fit("--mask", _data["mask.nii"]), "--mask", "responses.npy");
        Refuses([.. FitOfCandidates("other.npy"), "--model", "ridge"], "--gammas", "banded");
        Refuses(_data.Fit("--model", "kernel"), "--iterations", "banded");
        Refuses([.. _data.FitWithout("--iterations"), "--model", "ridge", "--seed", "0"], "--seed", "banded");
        Refuses(_data.Fit("--gammas", _data["other.npy"]), "--iterations", "--gammas");
        Refuses([.. FitOfCandidates("other.npy"), "--seed", "0"], "--seed", "--gammas");
        Refuses(_data.Fit("--delays", "nobody=1"), "--delays nobody=1", "stim");
        Refuses(_data.Fit("--features", $"stim={_data["other.npy"]}"), "--features", "'stim'");
        Refuses(_data.Fit("--cv", "1000"), "--cv 1000");
        Refuses([.. _data.FitWith("--test-runs", "1-6")], "--test-runs 1-6");
    }

    [TestCase("--model banded --kernel rbf", "--kernel", "multiple-kernel")]
    [TestCase("--model banded --alpha 10", "--alpha", "ridge, kernel, weighted-kernel")]
    [TestCase("--model ridge --kernel linear", "--kernel", "the model is ridge")]
    [TestCase("--model ridge --max-iterations 4", "--max-iterations", "hyper-gradient, weighted-kernel, lasso")]
    [TestCase("--model ridge --winner-take-all", "--winner-take-all", "banded")]
    [TestCase("--model kernel --l1 0.1", "--l1", "lasso")]
    [TestCase("--model kernel --initial-deltas ridge", "--initial-deltas", "hyper-gradient")]
    [TestCase("--model lasso --global-alpha", "--global-alpha", "banded")]
    [TestCase("--model weighted-kernel --deltas d.npy --cv 5", "--cv", "the model is weighted-kernel")]
    [TestCase("--model weighted-kernel", "--deltas", "is missing")]
    [TestCase("--model hyper-gradient --global-alpha", "--global-alpha", "--initial-deltas random-search")]
    [TestCase("--model hyper-gradient --initial-deltas 1000", "--initial-deltas 1000", "finite")]
    [TestCase("--model ridge --alpha 10 --score r2", "--score", "--alpha gives the regularisation")]
    [TestCase("--model ridge --alpha 10 --conservative", "--conservative", "--alpha gives the regularisation")]
    [TestCase("--model ridge --alpha 10 --weights dual", "--weights dual", "primal or none")]
    [TestCase("--model ridge --alpha 0", "--alpha 0", "over 0")]
    [TestCase("--model ridge --sample-weights w.npy", "--sample-weights w.npy", "--alpha")]
    [TestCase("--model banded --winner-take-all --concentrations 1", "--concentrations", "--winner-take-all")]
    [TestCase("--model banded --global-alpha --conservative", "--conservative", "--global-alpha")]
    [TestCase("--model banded --weights none", "--test-runs 6", "--weights is none")]
    [TestCase("--model banded --weights some", "--weights some", "dual|primal|none")]
    [TestCase("--model banded --cv runs:0", "--cv runs:0", "runs:2")]
    [TestCase("--model banded --cv runs:5", "--cv runs:5", "5 of 5 runs")]
    [TestCase("--model kernel --kernel gauss", "--kernel gauss", "rbf")]
    [TestCase("--model kernel --kernel rbf:degree=2", "--kernel rbf:degree=2", "degree")]
    [TestCase("--model kernel --kernel rbf --degree 2", "--degree 2", "no kernel takes it")]
    [TestCase("--model kernel --kernel stim=rbf", "--kernel stim=rbf", "one kernel")]
    [TestCase("--model multiple-kernel --kernel none=rbf", "--kernel none=rbf", "stim, motion, other")]
    [TestCase("--model multiple-kernel --kernel rbf --kernel linear", "--kernel rbf", "same spaces")]
    [TestCase("--model multiple-kernel --kernel rbf --weights primal", "--weights primal", "linear kernels")]
    [TestCase("--model kernel --kernel polynomial:degree=400", "--kernel polynomial:degree=400", "infin")]
    [TestCase("--model kernel --alpha 1e-60", "--alpha", "--dtype float64")]
    [TestCase("--delay-prior other=smoothness", "--delay-prior other=smoothness", "no --delays")]
    [TestCase("--delay-prior stim=hrf", "--delay-prior stim=hrf", "hrf:tr=2")]
    [TestCase("--delay-prior stim=smoothness:tr=2", "--delay-prior stim=smoothness:tr=2", "order, ridge")]
    [TestCase("--delay-prior stim=flat", "--delay-prior stim=flat", "spherical")]
    public void Options_that_a_model_has_no_use_for_are_named(string options, params string[] words) =>
        Refuses([.. _data.FitWithout("--iterations", "--alphas"), .. options.Split(' ')], words);

    [TestCase("--model ridge --alpha", "alphas", 3, 1, "3 numbers; expected one for each of 12 targets")]
    [TestCase("--model ridge --alpha", "alphas", 12, 1, "number 0 (counted from 0) is 0; expected over 0")]
    [TestCase("--model kernel --alpha 1 --sample-weights", "weights", 7, 1, "each of 120 samples")]
    [TestCase("--model kernel --alpha 1 --sample-weights", "weights", 120, 1, "all training samples are 0")]
    [TestCase("--model weighted-kernel --deltas", "deltas", 2, 12, "expected 3 spaces x 12 targets")]
    [TestCase("--model hyper-gradient --initial-deltas", "deltas", 3, 5, "expected 3 spaces x 12 targets")]
    [TestCase("--model lasso --groups", "groups", 4, 1, "each of 8 features, or of 11 after delays")]
    [TestCase("--model ridge --cv", "folds", 120, 1, "all training samples are in fold 0")]
    public void Files_of_hyper_parameters_that_do_not_fit_are_named(
        string options, string file, int rows, int columns, string problem)
    {
        WriteMatrix($"{file}.npy", rows, columns);
        Refuses(
            [.. _data.FitWithout("--iterations", "--alphas"), .. options.Split(' '), _data[$"{file}.npy"]],
            _data[$"{file}.npy"], problem);
    }

    [Test]
    public void Groups_that_leave_out_every_feature_are_named()
    {
        using (Matrix<double> groups = new(11, 1))
        {
            groups.View.Fill(-1);
            NpyFile.Write(_data["groups.npy"], groups.View);
        }

        Refuses(
            [.. _data.FitWithout("--iterations", "--alphas"), "--model", "lasso", "--groups", _data["groups.npy"]],
            _data["groups.npy"], "all groups are negative");
    }

    [Test]
    public void Candidates_that_do_not_fit_are_named()
    {
        WriteMatrix("gammas.npy", 4, 2);
        Refuses(FitOfCandidates("gammas.npy"), _data["gammas.npy"], "3 spaces");
        WriteMatrix("gammas.npy", 4, 3);
        Refuses(FitOfCandidates("gammas.npy"), _data["gammas.npy"], "all weights are 0");
    }

    [Test]
    public void A_column_that_does_not_exist_is_named() =>
        Refuses(_data.Fit("--features", $"more={_data["motion.tsv"]}:z"), _data["motion.tsv"], "'z'");

    /// <summary>Runs a command that must fail in one line with these words, and leave the folder as it was.</summary>
    private void Refuses(string[] arguments, params string[] words)
    {
        string[] before = _data.Folder.Entries();
        VemResult result = Vem.Run(arguments);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.BadInput), result.Error);
        Assert.That(result.Error, Does.Match(@"\Avem: .*\n\z"));
        foreach (string word in words)
        {
            Assert.That(result.Error, Does.Contain(word));
        }

        Assert.That(result.Out, Is.Empty);
        Assert.That(_data.Folder.Entries(), Is.EqualTo(before));
    }

    private string[] FitOfCandidates(string file) => [.. _data.FitWithout("--iterations"), "--gammas", _data[file]];

    /// <summary>Replaces a line, counted from 0.</summary>
    private void ReplaceLine(string file, int line, string text)
    {
        string[] lines = File.ReadAllLines(_data[file]);
        lines[line] = text;
        File.WriteAllLines(_data[file], lines);
    }

    private void Truncate(string file)
    {
        byte[] bytes = File.ReadAllBytes(_data[file]);
        File.WriteAllBytes(_data[file], bytes[..(bytes.Length / 2)]);
    }

    private void WriteMatrix(string file, nint rows, nint columns)
    {
        using Matrix<double> zeros = new(rows, columns);
        NpyFile.Write(_data[file], zeros.View);
    }

    private void WriteNpyHeader(string file, string dictionary, int dataBytes)
    {
        string padded = dictionary.PadRight(117) + "\n";
        byte[] header = [0x93, .. "NUMPY"u8, 1, 0, (byte)padded.Length, 0, .. Encoding.Latin1.GetBytes(padded)];
        File.WriteAllBytes(_data[file], [.. header, .. new byte[dataBytes]]);
    }
}
