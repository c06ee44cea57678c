using System.Text.Json.Nodes;
using VemKernels.Data;
using VemKernels.Solvers;

namespace VemKernels.Cli.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RefineTests : IDisposable
{
    private readonly SmallExperiment _data = new();

    public void Dispose() => _data.Dispose();

    [TestCase("banded")]
    [TestCase("multiple-kernel --kernel motion=rbf:gamma=0.2")]
    public void Refining_descends_from_what_a_search_found(string model)
    {
        Fit(model);
        Refine("--max-iterations", "30", "--tolerance", "0");
        using TrainingData search = new(_data);
        using TrainingData data = new(_data, "refined");
        string[] choices = model == "banded" ? ["linear", "linear", "linear"] : ["linear", "rbf:gamma=0.2", "linear"];
        MatrixView<double>[] kernels = data.Kernels(choices);
        using Matrix<double> deltas = search.Read("deltas.npy");
        using Matrix<double> dual = search.Read("dual.npy");
        using HyperGradientResult<double> expected = HyperGradientDescent.Solve(
            data.Backend, kernels, data.Targets, data.Folds,
            new HyperGradientOptions
            {
                MaxIterations = 30, Tolerance = null, Seed = 0, Score = ScoreKind.R2, Weights = WeightKind.Dual,
            },
            InitialDeltas<double>.Given(deltas.View, dual.View));
        data.RequireFile("deltas.npy", expected.Deltas.View, 1e-6);
        data.RequireFile("dual.npy", expected.Weights!.View, 1e-5);
        data.RequireFile("cv_scores.npy", expected.CvScores.View, 1e-6);

        using Matrix<double> scores = data.Read("cv_scores.npy");
        double gain = 0;
        for (int voxel = 0; voxel < SmallExperiment.Voxels; voxel++)
        {
            Assert.That(scores[29, voxel], Is.GreaterThan(scores[0, voxel] - 1e-4), $"voxel {voxel}");
            gain += scores[29, voxel] - scores[0, voxel];
        }

        Assert.That(gain, Is.Positive);
        using Matrix<double> alphas = data.Read("best_alphas.npy");
        for (int voxel = 0; voxel < SmallExperiment.Voxels; voxel++)
        {
            double sum = Enumerable.Range(0, 3).Sum(space => Math.Exp(expected.Deltas[space, voxel]));
            Assert.That(alphas[voxel, 0], Is.EqualTo(1 / sum).Within(1e-5 / sum), $"voxel {voxel}");
        }

        string[] files = [.. Directory.EnumerateFiles(_data["refined"]).Select(file => Path.GetFileName(file))];
        Assert.That(files, Does.Contain("test_r2.npy").And.Contain("summary.json").And.Contain("model.json"));
    }

    [Test]
    public void A_refined_model_predicts_and_is_refined_again()
    {
        Fit("multiple-kernel --weights primal");
        Refine();
        Assert.That(File.Exists(Path.Combine(_data["refined"], "primal.npy")), Is.True, "as the fit had");
        Vem.Succeed("refine", "--model", _data["refined"], "--out", _data["again"]);
        Vem.Succeed(
            "predict", "--model", _data["again"], "--features", $"stim={_data["samples.tsv"]}", "--features",
            $"motion={_data["motion.tsv"]}", "--features", $"other={_data["other.npy"]}", "--runs",
            $"{_data["samples.tsv"]}:run", "--out", _data["predictions.npy"]);
        using TrainingData again = new(_data, "again");
        using Matrix<double> primal = again.Read("primal.npy");
        again.RequirePredictions(_data["predictions.npy"], primal.View);
    }

    [Test]
    public void Inputs_that_moved_are_given_again()
    {
        Fit("banded");
        Refine();
        byte[] expected = File.ReadAllBytes(Path.Combine(_data["refined"], "deltas.npy"));
        File.Move(_data["other.npy"], _data["elsewhere.npy"]);
        File.Move(_data["responses.npy"], _data["measured.npy"]);
        string[] refine = ["refine", "--model", _data["out"], "--out", _data["refined"]];
        Refuses(refine, $"--features other={_data["other.npy"]}", "no such file");
        Refuses(
            [.. refine, "--features", $"other={_data["elsewhere.npy"]}"], $"--responses {_data["responses.npy"]}",
            "no such file", "--responses where it is now");
        Refine("--features", $"other={_data["elsewhere.npy"]}", "--responses", _data["measured.npy"]);
        Assert.That(File.ReadAllBytes(Path.Combine(_data["refined"], "deltas.npy")), Is.EqualTo(expected));
    }

    [Test]
    public void What_makes_no_sense_is_refused_and_leaves_nothing()
    {
        Fit("banded");
        string[] refine = ["refine", "--model", _data["out"], "--out"];
        Refuses([.. refine, _data["out"]], $"--out {_data["out"]}", "would be lost");
        Refuses([.. refine, _data["refined"], "--features", "none=x.npy"], "--features none=x.npy", "stim, motion");
        using (Matrix<double> fewer = new(SmallExperiment.Samples, 5))
        {
            NpyFile.Write(_data["fewer.npy"], fewer.View);
        }

        Refuses([.. refine, _data["refined"], "--responses", _data["fewer.npy"]], "deltas.npy", "3 spaces x 5 targets");
        using CancellationTokenSource cancellation = new();
        cancellation.Cancel();
        string[] before = _data.Folder.Entries();
        Assert.That(
            Vem.Run(cancellation.Token, [.. refine, _data["refined"]]).ExitCode, Is.EqualTo(ExitCode.Cancelled));
        Assert.That(_data.Folder.Entries(), Is.EqualTo(before));
        Fit("ridge");
        Refuses([.. refine, _data["refined"]], $"--model {_data["out"]}", "banded, multiple-kernel, hyper-gradient");
    }

    [Test]
    public void The_summary_has_the_fields_of_a_fit_and_no_option_of_a_search()
    {
        Fit("banded");
        Refine();
        JsonObject fit = Summary("out"), refined = Summary("refined");
        Assert.That(refined.Select(field => field.Key), Is.EqualTo(fit.Select(field => field.Key)));
        JsonObject options = refined["options"]!.AsObject();
        Assert.That(
            options.Select(field => field.Key), Is.EqualTo(fit["options"]!.AsObject().Select(field => field.Key)));
        Assert.That((string)options["model"]!, Is.EqualTo("hyper-gradient"));
        Assert.That((string)options["initial-deltas"]!, Is.EqualTo(_data["out"]));
        foreach (string unused in (string[])["alphas", "iterations", "gammas", "l21", "alpha"])
        {
            Assert.That(options[unused], Is.Null, unused);
        }

        Assert.That(fit["options"]!["alphas"], Is.Not.Null);
        Assert.That(fit["options"]!["l21"], Is.Null);
        Assert.That(fit["options"]!["max-iterations"], Is.Null);
    }

    [Test]
    public void The_help_has_the_defaults_of_a_descent_only()
    {
        string help = Vem.Run("refine", "--help").Out;
        Assert.That(help, Does.Contain("Default: 10.").And.Contain("Default: 1e-2."));
        Assert.That(help, Does.Not.Contain("lasso").And.Not.Contain("weighted-kernel"));
    }

    private JsonObject Summary(string folder) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(_data[folder], "summary.json")))!.AsObject();

    private void Fit(string model) => Vem.Succeed(
        [
            .. _data.FitWithout("--zscore-runs", "--iterations"), "--dtype", "float64", "--score", "r2",
            "--model", .. model.Split(' '),
        ]);

    private void Refine(params string[] more) =>
        Vem.Succeed(["refine", "--model", _data["out"], "--out", _data["refined"], .. more]);

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
}
