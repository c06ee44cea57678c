using System.Text.Json.Nodes;
using VemKernels.Data;
using VemKernels.Solvers;

namespace VemKernels.Cli.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FitPredictTests : IDisposable
{
    private static readonly string[] AlwaysWritten =
    [
        "best_alphas.npy", "cv_grid.npy", "cv_scores.npy", "deltas.npy", "dual.npy", "model.json", "model_feature_means.npy",
        "model_features.npy",
        "model_response_means.npy", "summary.json",
    ];

    private static readonly string[] WrittenWithTest = ["test_correlation.npy", "test_r2.npy", "test_r2_split.npy"];

    private readonly SmallExperiment _data = new();

    public void Dispose() => _data.Dispose();

    [Test]
    public void A_fit_writes_these_files_of_these_shapes()
    {
        Vem.Succeed(_data.Fit());
        Assert.That(FilesOfOutput(), Is.EquivalentTo(AlwaysWritten.Concat(WrittenWithTest)));
        Assert.That(ShapeOf("deltas.npy"), Is.EqualTo(new nint[] { 3, SmallExperiment.Voxels }));
        Assert.That(ShapeOf("best_alphas.npy"), Is.EqualTo(new nint[] { SmallExperiment.Voxels }));
        Assert.That(ShapeOf("cv_scores.npy"), Is.EqualTo(new nint[] { 8, SmallExperiment.Voxels }));
        using Matrix<double> gammas = NpyFile.Read<double>(Path.Combine(_data["out"], "cv_grid.npy"));
        using Matrix<double> drawn = RandomCandidates.Draw(8, 3, seed: 0);
        Assert.That(gammas.Rows, Is.EqualTo(drawn.Rows));
        for (int candidate = 0; candidate < drawn.Rows; candidate++)
        {
            Assert.That(
                gammas.View.RowSpan(candidate).ToArray(), Is.EqualTo(drawn.View.RowSpan(candidate).ToArray()),
                $"candidate {candidate}");
        }

        Assert.That(ShapeOf("dual.npy"), Is.EqualTo(new nint[] { 100, SmallExperiment.Voxels }));
        Assert.That(ShapeOf("test_r2.npy"), Is.EqualTo(new nint[] { SmallExperiment.Voxels }));
        Assert.That(ShapeOf("test_correlation.npy"), Is.EqualTo(new nint[] { SmallExperiment.Voxels }));
        Assert.That(ShapeOf("test_r2_split.npy"), Is.EqualTo(new nint[] { 3, SmallExperiment.Voxels }));
        using Matrix<float> correlation = Read("test_correlation.npy");
        for (int voxel = 0; voxel < SmallExperiment.Voxels; voxel++)
        {
            Assert.That(correlation[voxel, 0], Is.GreaterThan(0.7f));
        }
    }

    [Test]
    public void Runs_may_be_whole_numbers_in_floats()
    {
        Vem.Succeed(_data.Fit());
        byte[] expected = File.ReadAllBytes(Path.Combine(_data["out"], "deltas.npy"));
        double[] labels = [.. Enumerable.Range(0, SmallExperiment.Samples).Select(i => 1.0 + (i / SmallExperiment.RunLength))];
        NpyFile.WriteVector<double>(_data["runs.npy"], labels);
        Vem.Succeed(_data.FitWith("--runs", _data["runs.npy"]));
        Assert.That(File.ReadAllBytes(Path.Combine(_data["out"], "deltas.npy")), Is.EqualTo(expected));
        labels[3] += 0.5;
        NpyFile.WriteVector<double>(_data["runs.npy"], labels);
        VemResult refused = Vem.Run(_data.FitWith("--runs", _data["runs.npy"]));
        Assert.That(refused.ExitCode, Is.Not.Zero);
        Assert.That(refused.Error, Does.Contain("sample 3").And.Contain("1.5 is not the number of a run"));
    }

    [TestCase("1e5,1e6,1e7", "lowest")]
    [TestCase("1e-9,1e-8,1e-7", "highest")]
    public void A_best_alpha_at_the_edge_of_the_grid_is_told(string alphas, string edge)
    {
        VemResult result = Vem.Run(_data.FitWith("--alphas", alphas));
        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Error, Does.Contain($"the {edge} alpha").And.Contain("--alphas"));
    }

    [Test]
    public void Without_test_runs_there_are_no_test_files()
    {
        Vem.Succeed(_data.FitWithout("--test-runs"));
        Assert.That(FilesOfOutput(), Is.EquivalentTo(AlwaysWritten));
        Assert.That(ShapeOf("dual.npy"), Is.EqualTo(new nint[] { SmallExperiment.Samples, SmallExperiment.Voxels }));
    }

    [Test]
    public void Without_runs_all_samples_train_by_five_folds()
    {
        Vem.Succeed(_data.FitWithout("--runs", "--test-runs", "--zscore-runs"));
        Assert.That(File.ReadAllText(Path.Combine(_data["out"], "summary.json")), Does.Contain("\"folds\": 5"));
    }

    [Test]
    public void Train_runs_alone_leave_the_others_aside()
    {
        Vem.Succeed([.. _data.FitWithout("--test-runs"), "--train-runs", "1-3"]);
        Assert.That(ShapeOf("dual.npy")[0], Is.EqualTo((nint)60));
    }

    [Test]
    public void A_fit_of_an_image_is_the_fit_of_its_voxels_and_writes_maps()
    {
        Vem.Succeed(_data.FitWith("--responses", _data["bold.nii.gz"]));
        string[] maps = ["test_correlation.nii.gz", "test_r2.nii.gz", "test_r2_split_stim.nii.gz", "test_r2_split_motion.nii.gz",
            "test_r2_split_other.nii.gz"];
        Assert.That(FilesOfOutput(), Is.EquivalentTo(AlwaysWritten.Concat(WrittenWithTest).Concat(maps)));
        using Matrix<float> ofImage = Read("test_correlation.npy");
        using NiftiImage map = NiftiImage.Read(Path.Combine(_data["out"], "test_correlation.nii.gz"));
        using Matrix<float> ofMap = map.ReadSeries<float>(NiftiMask.Whole(map.Header));
        Vem.Succeed(_data.Fit());
        using Matrix<float> ofArray = Read("test_correlation.npy");
        for (int voxel = 0; voxel < SmallExperiment.Voxels; voxel++)
        {
            Assert.That(ofImage[voxel, 0], Is.EqualTo(ofArray[voxel, 0]));
            Assert.That(ofMap[0, voxel], Is.EqualTo(ofArray[voxel, 0]));
        }
    }

    [Test]
    public void A_mask_chooses_voxels()
    {
        Vem.Succeed([.. _data.FitWith("--responses", _data["bold.nii.gz"]), "--mask", _data["mask.nii"]]);
        Assert.That(ShapeOf("test_r2.npy"), Is.EqualTo(new nint[] { SmallExperiment.Voxels - 2 }));
    }

    [TestCase("ridge")]
    [TestCase("kernel")]
    public void Ridge_and_kernel_take_all_spaces_as_one(string model)
    {
        Vem.Succeed([.. _data.FitWithout("--iterations", "--responses"), "--responses", _data["bold.nii.gz"],
            "--model", model]);
        Assert.That(ShapeOf("deltas.npy"), Is.EqualTo(new nint[] { 1, SmallExperiment.Voxels }));
        Assert.That(ShapeOf("test_r2_split.npy"), Is.EqualTo(new nint[] { 1, SmallExperiment.Voxels }));
        Assert.That(FilesOfOutput(), Does.Contain("test_r2_split_stim+motion+other.nii.gz"));
        PredictionsOfTestRunHaveTheTestCorrelation();
    }

    [Test]
    public void Ridge_and_kernel_agree()
    {
        Vem.Succeed([.. _data.FitWithout("--iterations"), "--model", "ridge", "--dtype", "float64"]);
        using Matrix<double> ridge = NpyFile.Read<double>(Path.Combine(_data["out"], "test_r2.npy"));
        Vem.Succeed([.. _data.FitWithout("--iterations"), "--model", "kernel", "--dtype", "float64"]);
        using Matrix<double> kernel = NpyFile.Read<double>(Path.Combine(_data["out"], "test_r2.npy"));
        for (int voxel = 0; voxel < SmallExperiment.Voxels; voxel++)
        {
            Assert.That(kernel[voxel, 0], Is.EqualTo(ridge[voxel, 0]).Within(1e-10));
        }
    }

    [Test]
    public void Predictions_of_the_test_run_have_the_test_correlation()
    {
        Vem.Succeed(_data.Fit());
        PredictionsOfTestRunHaveTheTestCorrelation();
    }

    [Test]
    public void Predictions_of_the_training_features_are_those_of_the_dual_weights()
    {
        Vem.Succeed([.. _data.FitWithout("--test-runs"), "--fit-intercept", "--dtype", "float64"]);
        Vem.Succeed(Predict());
        using Matrix<double> features = NpyFile.Read<double>(Path.Combine(_data["out"], "model_features.npy"));
        using Matrix<double> dual = NpyFile.Read<double>(Path.Combine(_data["out"], "dual.npy"));
        using Matrix<double> deltas = NpyFile.Read<double>(Path.Combine(_data["out"], "deltas.npy"));
        using Matrix<double> means = NpyFile.Read<double>(Path.Combine(_data["out"], "model_response_means.npy"));
        using Matrix<double> predictions = NpyFile.Read<double>(_data["predictions.npy"]);
        int[] sizes = [6, 2, 3];
        for (int voxel = 0; voxel < SmallExperiment.Voxels; voxel++)
        {
            double[] expected = new double[SmallExperiment.Samples];
            int first = 0;
            for (int space = 0; space < sizes.Length; space++)
            {
                for (int feature = first; feature < first + sizes[space]; feature++)
                {
                    double weight = 0;
                    for (int i = 0; i < SmallExperiment.Samples; i++)
                    {
                        weight += features[i, feature] * dual[i, voxel];
                    }

                    for (int i = 0; i < SmallExperiment.Samples; i++)
                    {
                        expected[i] += Math.Exp(deltas[space, voxel]) * features[i, feature] * weight;
                    }
                }

                first += sizes[space];
            }

            for (int i = 0; i < SmallExperiment.Samples; i++)
            {
                Assert.That(predictions[i, voxel], Is.EqualTo(expected[i] + means[voxel, 0]).Within(1e-9));
            }
        }
    }

    [Test]
    public void Without_z_scores_predictions_have_the_level_of_the_responses()
    {
        Vem.Succeed(_data.FitWithout("--zscore-runs"));
        Vem.Succeed(Predict());
        using Matrix<float> predictions = NpyFile.Read<float>(_data["predictions.npy"]);
        using Matrix<float> responses = NpyFile.Read<float>(_data["responses.npy"]);
        double squares = 0;
        for (int i = 0; i < SmallExperiment.Samples; i++)
        {
            for (int voxel = 0; voxel < SmallExperiment.Voxels; voxel++)
            {
                squares += Math.Pow(predictions[i, voxel] - responses[i, voxel], 2);
            }
        }

        Assert.That(squares / (SmallExperiment.Samples * SmallExperiment.Voxels), Is.LessThan(0.5),
            "noise has a variance of 0.25");
    }

    [Test]
    public void Prediction_takes_spaces_in_any_order_and_columns_of_other_names()
    {
        Vem.Succeed(_data.Fit());
        Vem.Succeed(Predict());
        byte[] expected = File.ReadAllBytes(_data["predictions.npy"]);
        string[] lines = File.ReadAllLines(_data["motion.tsv"]);
        lines[0] = "a\tb\tcomment";
        File.WriteAllLines(_data["renamed.tsv"], lines);
        Vem.Succeed(
            "predict", "--model", _data["out"], "--features", $"other={_data["other.npy"]}", "--features",
            $"motion={_data["renamed.tsv"]}:a,b",
            "--features", $"stim={_data["samples.tsv"]}", "--runs", $"{_data["samples.tsv"]}:run", "--out",
            _data["predictions.npy"]);
        Assert.That(File.ReadAllBytes(_data["predictions.npy"]), Is.EqualTo(expected));
    }

    [Test]
    public void Prediction_refuses_what_the_model_does_not_know()
    {
        Vem.Succeed(_data.Fit());
        string[] lines = File.ReadAllLines(_data["samples.tsv"]);
        lines[^1] = "6\tdragon";
        File.WriteAllLines(_data["new.tsv"], lines);
        PredictRefuses(Predict($"stim={_data["new.tsv"]}:category"), _data["new.tsv"], "dragon");
        PredictRefuses(Predict($"stim={_data["motion.tsv"]}:x,y"), _data["motion.tsv"], "2 columns");
        PredictRefuses(
            Predict($"other={_data["motion.tsv"]}:x,y", replaced: "other"), _data["motion.tsv"], "2 features");
        PredictRefuses(
            [.. Predict(), "--features", $"extra={_data["other.npy"]}"], "--features extra", "stim, motion, other");
        PredictRefuses(["predict", "--model", _data["out"], "--features", $"stim={_data["samples.tsv"]}", "--out",
            _data["p.npy"]], "'motion' is missing");
        PredictRefuses(["predict", "--model", _data["none"], "--features", "a=b.npy", "--out", _data["p.npy"]],
            _data["none"], "is not a folder that vem fit wrote (it has no model.json)");
        PredictRefuses([.. Predict()[..^1], Path.Combine(_data["motion.tsv"], "p.npy")], _data["motion.tsv"]);
    }

    [Test]
    public void Prediction_is_written_over_nothing_that_it_reads()
    {
        Vem.Succeed(_data.Fit());
        string dual = Path.Combine(_data["out"], "dual.npy");
        PredictRefuses([.. Predict()[..^1], _data["other.npy"]], $"--out {_data["other.npy"]}: is the input");
        PredictRefuses([.. Predict()[..^1], dual], $"--out {dual}", $"model's folder {_data["out"]}");
        PredictRefuses([.. Predict()[..^1], _data["p.nii.gz"]], $"--out {_data["p.nii.gz"]}", ".npy");
    }

    [Test]
    public void A_model_of_runs_needs_runs()
    {
        string[] predict = [.. Predict()[..^4], .. Predict()[^2..]];
        Vem.Succeed(_data.Fit());
        PredictRefuses(predict, "--runs", "the model was fitted with runs");
        Vem.Succeed(_data.FitWithout("--zscore-runs"));
        PredictRefuses(predict, "--runs", "the model was fitted with runs");
        Vem.Succeed(_data.FitWithout("--zscore-runs", "--delays"));
        Vem.Succeed(predict);
    }

    [Test]
    public void Without_named_columns_those_of_numbers_are_fitted_and_the_others_are_told()
    {
        string[] fit = [.. _data.Fit().Select(word => word.Replace(".tsv:x,y", ".tsv", StringComparison.Ordinal))];
        VemResult result = Vem.Run(fit);
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Error, Is.EqualTo($"vem: {_data["motion.tsv"]}: column comment is text and was left out; "
            + $"name it (motion=FILE:comment) to use it{Environment.NewLine}"));
        Assert.That(result.Out, Does.Contain("stim (6: category), motion (2: x, y), other (3)"));
    }

    [Test]
    public void A_fit_prints_which_score_it_maximised_and_both_test_scores()
    {
        VemResult result = Vem.Run(_data.Fit("--score", "r2"));
        Assert.That(result.Out, Does.Match(@"cv score \(r2\) .*, 5 splits\n"));
        Assert.That(result.Out, Does.Contain("cv score (r2) ").And.Contain("test r2 ").And.Contain("test correlation "));
        Assert.That(result.Out, Does.Contain("12 targets\n").And.Contain("100 samples: runs 1-5\n"));
    }

    [Test]
    public void A_model_of_the_version_before_predicts_the_same()
    {
        Vem.Succeed(_data.Fit());
        Vem.Succeed(Predict());
        byte[] expected = File.ReadAllBytes(_data["predictions.npy"]);
        string model = Path.Combine(_data["out"], "model.json");
        JsonObject description = JsonNode.Parse(File.ReadAllText(model))!.AsObject();
        description["version"] = 2;
        Assert.That(description.Remove("weights") && description.Remove("kernels"));
        foreach (JsonNode? space in description["spaces"]!.AsArray())
        {
            Assert.That(space!.AsObject().Remove("delay_prior"));
        }

        File.WriteAllText(model, description.ToJsonString());
        Vem.Succeed(Predict());
        Assert.That(File.ReadAllBytes(_data["predictions.npy"]), Is.EqualTo(expected));
    }

    [Test]
    public void A_damaged_model_is_named()
    {
        Vem.Succeed(_data.Fit());
        string model = Path.Combine(_data["out"], "model.json");
        string text = File.ReadAllText(model);
        File.WriteAllText(model, text.Replace("\"version\": 3", "\"version\": 99", StringComparison.Ordinal));
        PredictRefuses(Predict(), model, "version 99");
        File.WriteAllText(model, text[..100]);
        PredictRefuses(Predict(), model, "damaged");
        File.WriteAllText(model, text);
        using (Matrix<float> zeros = new(3, 3))
        {
            NpyFile.Write(Path.Combine(_data["out"], "dual.npy"), zeros.View);
        }

        PredictRefuses(Predict(), "dual.npy", "3 x 3", "100 x 12");
    }

    [TestCase("float32")]
    [TestCase("float64")]
    public void One_thread_and_two_give_the_same_bits(string dtype)
    {
        string[] fit = [.. _data.FitWith("--responses", _data["bold.nii.gz"]), "--dtype", dtype];
        Vem.Succeed([.. fit, "--threads", "1"]);
        Directory.Move(_data["out"], _data["one"]);
        Vem.Succeed([.. fit, "--threads", "2"]);
        foreach (string file in FilesOfOutput().Where(file => file != "summary.json"))
        {
            Assert.That(File.ReadAllBytes(Path.Combine(_data["out"], file)),
                Is.EqualTo(File.ReadAllBytes(Path.Combine(_data["one"], file))), file);
        }
    }

    [Test]
    public void Candidates_of_a_file_replace_random_ones()
    {
        using (Matrix<double> gammas = Candidates())
        {
            NpyFile.Write(_data["gammas.npy"], gammas.View);
        }

        Vem.Succeed(_data.Fit());
        byte[] expected = File.ReadAllBytes(Path.Combine(_data["out"], "cv_scores.npy"));
        Vem.Succeed([.. _data.FitWithout("--iterations"), "--gammas", _data["gammas.npy"]]);
        Assert.That(File.ReadAllBytes(Path.Combine(_data["out"], "cv_scores.npy")), Is.EqualTo(expected));

        static Matrix<double> Candidates()
        {
            Matrix<double> gammas = DirichletSamples.Generate(8, 3, [0.1, 1.0], 0);
            gammas.View.SliceRows(0, 1).Fill(1.0 / 3);
            return gammas;
        }
    }

    private void PredictionsOfTestRunHaveTheTestCorrelation()
    {
        Vem.Succeed(Predict());
        using Matrix<float> predictions = NpyFile.Read<float>(_data["predictions.npy"]);
        using Matrix<float> responses = NpyFile.Read<float>(_data["responses.npy"]);
        using Matrix<float> correlation = Read("test_correlation.npy");
        int first = (SmallExperiment.Runs - 1) * SmallExperiment.RunLength;
        for (int voxel = 0; voxel < SmallExperiment.Voxels; voxel++)
        {
            double[] predicted = [.. Enumerable.Range(first, SmallExperiment.RunLength).Select(
                i => (double)predictions[i, voxel])];
            double[] measured = [.. Enumerable.Range(first, SmallExperiment.RunLength).Select(
                i => (double)responses[i, voxel])];
            Assert.That(Correlation(predicted, measured), Is.EqualTo(correlation[voxel, 0]).Within(1e-4));
        }
    }

    private static double Correlation(double[] x, double[] y)
    {
        (double mx, double my) = (x.Average(), y.Average());
        double xy = x.Zip(y, (a, b) => (a - mx) * (b - my)).Sum();
        return xy / Math.Sqrt(x.Sum(a => (a - mx) * (a - mx)) * y.Sum(b => (b - my) * (b - my)));
    }

    private string[] Predict(string? replacement = null, string replaced = "stim")
    {
        Dictionary<string, string> spaces = new()
        {
            ["stim"] = $"stim={_data["samples.tsv"]}:category",
            ["motion"] = $"motion={_data["motion.tsv"]}",
            ["other"] = $"other={_data["other.npy"]}",
        };
        spaces[replaced] = replacement ?? spaces[replaced];
        return
        [
            "predict", "--model", _data["out"], .. spaces.Values.SelectMany(space => new[] { "--features", space }),
            "--runs", $"{_data["samples.tsv"]}:run", "--out", _data["predictions.npy"],
        ];
    }

    private void PredictRefuses(string[] arguments, params string[] words)
    {
        string[] before = _data.Folder.Entries();
        VemResult result = Vem.Run(arguments);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.BadInput), result.Error);
        Assert.That(result.Error, Does.Match(@"\Avem: .*\n\z"));
        foreach (string word in words)
        {
            Assert.That(result.Error, Does.Contain(word));
        }

        Assert.That(_data.Folder.Entries(), Is.EqualTo(before));
    }

    private string[] FilesOfOutput() =>
        [.. Directory.EnumerateFiles(_data["out"]).Select(file => Path.GetFileName(file))];

    private Matrix<float> Read(string file) => NpyFile.Read<float>(Path.Combine(_data["out"], file));

    private nint[] ShapeOf(string file)
    {
        using NpyArray array = NpyFile.Open(Path.Combine(_data["out"], file));
        return [.. array.Shape];
    }
}
