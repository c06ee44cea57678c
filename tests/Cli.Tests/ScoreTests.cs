using VemKernels.Data;
using VemKernels.Solvers;

namespace VemKernels.Cli.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ScoreTests : IDisposable
{
    private const int First = TrainingData.Samples;

    private readonly SmallExperiment _data = new();

    public void Dispose() => _data.Dispose();

    [TestCase("banded")]
    [TestCase("multiple-kernel --kernel rbf")]
    [TestCase("lasso")]
    public void Scores_of_the_test_run_are_those_of_the_fit(string model)
    {
        WriteTestRun();
        Vem.Succeed(
            [.. _data.FitWithout("--iterations", "--alphas"), "--dtype", "float64", "--model", .. model.Split(' ')]);
        Score();
        foreach (string file in (string[])["r2.npy", "correlation.npy", "r2_split.npy"])
        {
            using Matrix<double> scored = NpyFile.Read<double>(Path.Combine(_data["scores"], file));
            using Matrix<double> fitted = NpyFile.Read<double>(Path.Combine(_data["out"], $"test_{file}"));
            TrainingData.Require(scored.View, fitted.View, 1e-9, file);
        }
    }

    [TestCase("product")]
    [TestCase("relative-weights")]
    [TestCase("none")]
    public void R2_is_split_as_asked(string split)
    {
        WriteTestRun();
        Vem.Succeed([.. _data.FitWithout("--zscore-runs"), "--dtype", "float64"]);
        Score("--split", split);
        string path = Path.Combine(_data["scores"], "r2_split.npy");
        if (split == "none")
        {
            Assert.That(File.Exists(path), Is.False);
            return;
        }

        using Matrix<double> found = NpyFile.Read<double>(path);
        using TrainingData data = new(_data);
        using Matrix<double> test = TestFeatures(data);
        using Matrix<double> dual = data.Read("dual.npy");
        using Matrix<double> deltas = data.Read("deltas.npy");
        using Matrix<double> parts = Matrix<double>.Uninitialized(
            3 * SmallExperiment.RunLength, SmallExperiment.Voxels);
        int first = 0;
        List<Matrix<double>> kernels = [];
        foreach (MatrixView<double> space in data.Spaces)
        {
            MatrixView<double> fresh = test.View.SliceColumns(first, space.Columns);
            kernels.Add(Predictions.LinearKernel(data.Backend, fresh, space));
            first += (int)space.Columns;
        }

        Predictions.PredictSplit(
            data.Backend, [.. kernels.Select(kernel => kernel.View)], dual.View, deltas.View, parts.View);
        using Matrix<double> measured = TestResponses(data);
        using Matrix<double> expected = split == "product"
            ? Scores.R2Split(data.Backend, measured.View, parts.View, 3)
            : Scores.R2SplitByRelativeWeights(data.Backend, measured.View, parts.View, 3);
        TrainingData.Require(found.View, expected.View, 1e-8);
        kernels.ForEach(kernel => kernel.Dispose());
    }

    [TestCase("float32", 1e-5)]
    [TestCase("float64", 1e-12)]
    public void Predictions_are_scored_as_they_are(string dtype, double within)
    {
        RandomState random = new(3);
        using Matrix<double> predictions = NpyFile.Read<double>(_data["responses.npy"]);
        for (int i = 0; i < predictions.Rows; i++)
        {
            for (int j = 0; j < predictions.Columns; j++)
            {
                predictions[i, j] += random.Randn();
            }
        }

        NpyFile.Write(_data["predictions.npy"], predictions.View);
        VemResult result = Vem.Run(
            "score", "--predictions", _data["predictions.npy"], "--responses", _data["bold.nii.gz"], "--out",
            _data["scores"], "--dtype", dtype);
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        using Matrix<double> responses = NpyFile.Read<double>(_data["responses.npy"]);
        using TrainingData data = Fitted();
        foreach ((ScoreKind kind, string name) in ((ScoreKind, string)[])
            [(ScoreKind.R2, "r2"), (ScoreKind.Correlation, "correlation")])
        {
            using Matrix<double> expected = Scores.Of(data.Backend, kind, responses.View, predictions.View);
            using Matrix<double> found = NpyFile.Read<double>(Path.Combine(_data["scores"], $"{name}.npy"));
            TrainingData.Require(found.View.Transposed, expected.View, within, name);
            using NiftiImage map = NiftiImage.Read(Path.Combine(_data["scores"], $"{name}.nii.gz"));
            using Matrix<double> ofMap = map.ReadSeries<double>(NiftiMask.Whole(map.Header));
            TrainingData.Require(ofMap.View, expected.View, 1e-5, name);
            double median = Median(expected.View.RowSpan(0).ToArray());
            Assert.That(result.Out, Does.Contain($"{name} median {median:F4}"));
        }

        Assert.That(result.Out, Does.StartWith("scored 120 samples x 12 targets: r2 median "));
    }

    [Test]
    public void Predictions_of_z_scored_runs_are_scored_against_z_scored_responses()
    {
        WriteTestRun();
        Vem.Succeed(_data.Fit());
        Vem.Succeed([.. Inputs("predict"), "--out", _data["predictions.npy"]]);
        Vem.Succeed(
            "score", "--predictions", _data["predictions.npy"], "--responses", _data["test_responses.npy"], "--runs",
            $"{_data["test_samples.tsv"]}:run", "--zscore-runs", "--out", _data["scores"]);
        using Matrix<double> scored = NpyFile.Read<double>(Path.Combine(_data["scores"], "r2.npy"));
        using Matrix<double> fitted = NpyFile.Read<double>(Path.Combine(_data["out"], "test_r2.npy"));
        TrainingData.Require(scored.View, fitted.View, 1e-4);
    }

    [Test]
    public void What_makes_no_sense_is_refused_and_leaves_nothing()
    {
        WriteTestRun();
        Vem.Succeed(_data.Fit());
        string[] score = [.. Inputs("score"), "--responses", _data["test_responses.npy"], "--out", _data["scores"]];
        Refuses([.. score, "--predictions", _data["p.npy"]], "--model, --predictions", "give one of them");
        Refuses([.. score, "--zscore-runs"], "--zscore-runs", "the model knows");
        Refuses([.. score[..^1], _data["out"]], $"--out {_data["out"]}", "would be lost");
        Refuses([.. score[..^3], _data["responses.npy"], .. score[^2..]], _data["responses.npy"], "120 samples",
            "20 x 12");
        string[] predictions =
            ["score", "--predictions", _data["test_responses.npy"], "--responses", _data["test_responses.npy"], "--out",
                _data["scores"]];
        Refuses([.. predictions, "--split", "product"], "--split", "--model");
        Refuses([.. predictions, "--zscore-runs"], "--zscore-runs", "--runs");
        using CancellationTokenSource cancellation = new();
        cancellation.Cancel();
        string[] before = _data.Folder.Entries();
        Assert.That(Vem.Run(cancellation.Token, score).ExitCode, Is.EqualTo(ExitCode.Cancelled));
        Assert.That(_data.Folder.Entries(), Is.EqualTo(before));
    }

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

        Assert.That(_data.Folder.Entries(), Is.EqualTo(before));
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return (values[(values.Length / 2) - 1] + values[values.Length / 2]) / 2;
    }

    /// <summary>A backend, with any fit behind it.</summary>
    private TrainingData Fitted()
    {
        Vem.Succeed(_data.FitWithout("--zscore-runs"));
        return new TrainingData(_data);
    }

    private void Score(params string[] more) => Vem.Succeed(
        [.. Inputs("score"), "--responses", _data["test_responses.npy"], "--out", _data["scores"], .. more]);

    private string[] Inputs(string command) =>
    [
        command, "--model", _data["out"], "--features", $"stim={_data["test_samples.tsv"]}:category", "--features",
        $"motion={_data["test_motion.tsv"]}:x,y", "--features", $"other={_data["test_other.npy"]}", "--runs",
        $"{_data["test_samples.tsv"]}:run",
    ];

    /// <summary>Writes the inputs of the last run by itself.</summary>
    private void WriteTestRun()
    {
        foreach (string table in (string[])["samples.tsv", "motion.tsv"])
        {
            string[] lines = File.ReadAllLines(_data[table]);
            File.WriteAllLines(_data[$"test_{table}"], [lines[0], .. lines.Skip(1 + First)]);
        }

        foreach (string array in (string[])["other.npy", "responses.npy"])
        {
            using Matrix<double> all = NpyFile.Read<double>(_data[array]);
            NpyFile.Write(_data[$"test_{array}"], all.View.SliceRows(First, SmallExperiment.RunLength));
        }
    }

    /// <summary>The features of the test run, delayed and centred, by hand.</summary>
    private Matrix<double> TestFeatures(TrainingData data)
    {
        string[] labels = [.. File.ReadAllLines(_data["test_samples.tsv"]).Skip(1).Select(line => line.Split('\t')[1])];
        double[][] motion =
        [
            .. File.ReadAllLines(_data["test_motion.tsv"]).Skip(1)
                .Select(line => line.Split('\t').Take(2).Select(double.Parse).ToArray()),
        ];
        using Matrix<double> other = NpyFile.Read<double>(_data["test_other.npy"]);
        using Matrix<double> means = data.Read("model_feature_means.npy");
        string[] categories = ["cat", "face", "house"];
        Matrix<double> features = new(SmallExperiment.RunLength, 11);
        for (int i = 0; i < SmallExperiment.RunLength; i++)
        {
            for (int delay = 1; delay <= 2; delay++)
            {
                int category = i < delay ? -1 : Array.IndexOf(categories, labels[i - delay]);
                if (category >= 0)
                {
                    features[i, (3 * (delay - 1)) + category] = 1;
                }
            }

            for (int j = 0; j < 3; j++)
            {
                features[i, 6 + (j % 2)] = motion[i][j % 2];
                features[i, 8 + j] = other[i, j];
            }

            for (int j = 0; j < 11; j++)
            {
                features[i, j] -= means[j, 0];
            }
        }

        return features;
    }

    private Matrix<double> TestResponses(TrainingData data)
    {
        Matrix<double> responses = NpyFile.Read<double>(_data["test_responses.npy"]);
        for (int i = 0; i < responses.Rows; i++)
        {
            for (int j = 0; j < responses.Columns; j++)
            {
                responses[i, j] -= data.Means[j];
            }
        }

        return responses;
    }
}
