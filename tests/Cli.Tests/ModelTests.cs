using VemKernels.Data;
using VemKernels.Solvers;

namespace VemKernels.Cli.Tests;

/// <summary>Each model of <c>vem fit</c> is what its solver gives when called by itself, and predicts so.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ModelTests : IDisposable
{
    private static readonly double[] Alphas = [0.1, 1, 10, 100, 1000];

    /// <summary>Every model, for what holds of all.</summary>
    private static readonly string[] AllModels =
    [
        "--model banded",
        "--model banded --weights primal",
        "--model banded --delay-prior stim=smoothness:ridge=0.1",
        "--model ridge --weights primal --delay-prior stim=hrf:tr=2",
        "--model ridge",
        "--model ridge --alpha 10",
        "--model kernel --kernel rbf:gamma=0.05",
        "--model kernel --kernel polynomial --degree 2 --fit-intercept",
        "--model kernel --alpha 10 --kernel cosine",
        "--model multiple-kernel --kernel rbf --kernel motion=linear",
        "--model multiple-kernel --weights primal",
        "--model hyper-gradient",
        "--model hyper-gradient --initial-deltas random-search --kernel other=rbf:gamma=0.1",
        "--model weighted-kernel --deltas DELTAS",
        "--model lasso --l21 0,0.01,0.1 --l1 0.01",
    ];

    private readonly SmallExperiment _data = new();

    public ModelTests() => WriteArray("deltas.npy", [[-1], [0.5], [-3]]);

    public void Dispose() => _data.Dispose();

    [TestCaseSource(nameof(AllModels))]
    public void Predictions_and_scores_of_the_test_run_are_those_of_the_fit(string model)
    {
        foreach (string dtype in (string[])["float32", "float64"])
        {
            double within = dtype == "float32" ? 2e-4 : 1e-9;
            Fit([.. Words(model), "--dtype", dtype]);
            Predict();
            using Matrix<double> predictions = NpyFile.Read<double>(_data["predictions.npy"]);
            using Matrix<double> responses = NpyFile.Read<double>(_data["responses.npy"]);
            using TrainingData data = new(_data);
            using Matrix<double> r2 = Scores.Of(
                data.Backend, ScoreKind.R2, responses.View.SliceRows(TrainingData.Samples, SmallExperiment.RunLength),
                predictions.View.SliceRows(TrainingData.Samples, SmallExperiment.RunLength));
            data.RequireFile("test_r2.npy", r2.View, within);
            using Matrix<double> correlation = Scores.Of(
                data.Backend, ScoreKind.Correlation,
                responses.View.SliceRows(TrainingData.Samples, SmallExperiment.RunLength),
                predictions.View.SliceRows(TrainingData.Samples, SmallExperiment.RunLength));
            data.RequireFile("test_correlation.npy", correlation.View, within);
            for (int voxel = 0; voxel < SmallExperiment.Voxels; voxel++)
            {
                Assert.That(r2[0, voxel], Is.GreaterThan(0.2), $"voxel {voxel} depends on all spaces");
            }
        }
    }

    [Test]
    public void Kernel_ridge_has_the_kernel_that_was_asked_for()
    {
        Fit("--model", "kernel", "--kernel", "rbf", "--gamma", "0.05");
        Predict();
        using TrainingData data = new(_data);
        MatrixView<double> kernel = data.Kernel("rbf:gamma=0.05", data.Features);
        using RandomSearchResult<double> result = KernelRidgeCV.Solve(
            data.Backend, kernel, data.Targets, data.Folds, new RandomSearchOptions { Alphas = Alphas });
        RequireSearch(data, result, [kernel]);
    }

    [Test]
    public void Multiple_kernel_ridge_has_a_kernel_for_each_space()
    {
        Fit("--model", "multiple-kernel", "--kernel", "rbf", "--kernel", "motion=polynomial:degree=2,coef0=0.5",
            "--kernel", "other=linear", "--fit-intercept", "--score", "r2", "--iterations", "6", "--seed", "4");
        Predict();
        using TrainingData data = new(_data);
        MatrixView<double>[] kernels = data.Kernels("rbf", "polynomial:degree=2,coef0=0.5", "linear");
        using Matrix<double> gammas = Candidates(6, 4);
        using RandomSearchResult<double> result = MultipleKernelRidge.Solve(
            data.Backend, kernels, data.Targets, gammas.View, data.Folds,
            new RandomSearchOptions { Alphas = Alphas, Score = ScoreKind.R2, FitIntercept = true });
        RequireSearch(data, result, kernels);
    }

    [TestCase("--winner-take-all")]
    [TestCase("--concentrations 0.5 --iterations 5")]
    [TestCase("--global-alpha --share-candidate")]
    [TestCase("--conservative")]
    [TestCase("--jitter-alphas --seed 3")]
    [TestCase("--alpha-tolerance 0 --score correlation")]
    public void Options_of_the_search_reach_the_solver(string options)
    {
        Fit([.. Words(options), "--model", "banded"]);
        using TrainingData data = new(_data);
        using Matrix<double> gammas = options.Contains("winner", StringComparison.Ordinal)
            ? Matrix<double>.From(3, 3, [1.0, 0, 0, 0, 1, 0, 0, 0, 1])
            : options.Contains("concentrations", StringComparison.Ordinal) ? Candidates(5, 0, 0.5)
            : Candidates(20, options.Contains("jitter", StringComparison.Ordinal) ? 3 : 0);
        using RandomSearchResult<double> result = BandedRidge.Solve(
            data.Backend, data.Spaces, data.Targets, gammas.View, data.Folds,
            new RandomSearchOptions
            {
                Alphas = Alphas,
                Score = options.Contains("correlation", StringComparison.Ordinal)
                    ? ScoreKind.Correlation : ScoreKind.NegativeSquaredError,
                LocalAlpha = !options.Contains("global", StringComparison.Ordinal),
                ShareCandidate = options.Contains("share", StringComparison.Ordinal) ? true : null,
                Conservative = options.Contains("conservative", StringComparison.Ordinal),
                JitterAlphas = options.Contains("jitter", StringComparison.Ordinal),
                Seed = 3,
                RedundantAlphaTolerance = 0,
            });
        data.RequireFile("cv_scores.npy", result.CvScores.View);
        data.RequireFile("best_alphas.npy", result.BestAlphas.View);
        data.RequireFile("deltas.npy", result.Deltas.View);
    }

    [TestCase("runs:2")]
    [TestCase("folds.npy")]
    [TestCase("folds.tsv:fold")]
    public void Splits_are_those_asked_for(string cv)
    {
        int[] folds = [.. Enumerable.Range(0, SmallExperiment.Samples).Select(i => i * 7 % 4)];
        WriteArray("folds.npy", [.. folds.Select(fold => new[] { (double)fold })]);
        File.WriteAllLines(_data["folds.tsv"], ["fold", .. folds.Select(fold => $"{fold}")]);
        using (NpyArray ints = NpyArray.From<int>(folds, folds.Length))
        {
            NpyFile.WriteArray(_data["folds.npy"], ints);
        }

        Fit("--model", "ridge", "--cv", cv.StartsWith("runs", StringComparison.Ordinal) ? cv : _data[cv]);
        using TrainingData data = new(_data);
        int[] onsets = [.. Enumerable.Range(0, 5).Select(run => run * SmallExperiment.RunLength)];
        Fold[] splits = cv.StartsWith("runs", StringComparison.Ordinal)
            ? RunSplits.LeaveRunsOut(TrainingData.Samples, onsets, 2, 0)
            : CrossValidationSplits.LeaveOneRunOut(folds.AsSpan(0, TrainingData.Samples));
        using RandomSearchResult<double> result = RidgeCV.Solve(
            data.Backend, data.Features, data.Targets, splits, new RandomSearchOptions { Alphas = Alphas });
        data.RequireFile("cv_scores.npy", result.CvScores.View);
        using RandomSearchResult<double> byRun = RidgeCV.Solve(
            data.Backend, data.Features, data.Targets, data.Folds, new RandomSearchOptions { Alphas = Alphas });
        Assert.That(Math.Abs(byRun.CvScores[0, 0] - result.CvScores[0, 0]), Is.GreaterThan(1e-6), "other splits");
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Ridge_takes_alphas_as_they_are(bool ofTargets)
    {
        double[] alphas = ofTargets ? WriteAlphas() : [10];
        Fit("--model", "ridge", "--alpha", ofTargets ? _data["alphas.npy"] : "10");
        Predict();
        using TrainingData data = new(_data);
        using RidgeResult<double> result =
            Ridge.Solve(data.Backend, data.Features, data.Targets, new RidgeOptions { Alphas = alphas });
        data.RequireFile("primal.npy", result.Weights!.View);
        data.RequirePredictions(_data["predictions.npy"], result.Weights!.View);
        Assert.That(File.Exists(Path.Combine(_data["out"], "cv_scores.npy")), Is.False);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Kernel_ridge_takes_alphas_and_sample_weights_as_they_are(bool weighted)
    {
        double[] alphas = WriteAlphas();
        double[] weights = [.. Enumerable.Range(0, SmallExperiment.Samples).Select(i => (double)(i % 3))];
        WriteArray("weights.npy", [.. weights.Select(weight => new[] { weight })]);
        Fit(["--model", "kernel", "--kernel", "rbf:gamma=0.1", "--alpha", _data["alphas.npy"], "--fit-intercept",
            .. weighted ? (string[])["--sample-weights", _data["weights.npy"]] : []]);
        Predict();
        using TrainingData data = new(_data);
        MatrixView<double> kernel = data.Kernel("rbf:gamma=0.1", data.Features);
        KernelRidgeOptions options = new()
        {
            Alphas = alphas, FitIntercept = true, SampleWeights = weighted ? weights[..TrainingData.Samples] : null,
        };
        using DualWeightsResult<double> result = KernelRidge.Solve(data.Backend, kernel, data.Targets, options);
        using Matrix<double> none = new(1, 1);
        data.RequirePredictions(
            _data["predictions.npy"], [kernel], result.Weights!.View, none.View, result.Intercept!.View);
        using Matrix<double> deltas =
            Matrix<double>.From(1, alphas.Length, [.. alphas.Select(alpha => -Math.Log(alpha))]);
        data.RequireFile("deltas.npy", deltas.View);
    }

    [Test]
    public void Weighted_kernel_ridge_takes_deltas_as_they_are()
    {
        Fit("--model", "weighted-kernel", "--deltas", _data["deltas.npy"], "--kernel", "motion=rbf", "--alpha", "3",
            "--tolerance", "1e-10", "--max-iterations", "500");
        Predict();
        using TrainingData data = new(_data);
        MatrixView<double>[] kernels = data.Kernels("linear", "rbf", "linear");
        using Matrix<double> deltas = NpyFile.Read<double>(_data["deltas.npy"]);
        using DualWeightsResult<double> result = WeightedKernelRidge.Solve(
            data.Backend, kernels, data.Targets, deltas.View,
            new WeightedKernelRidgeOptions { Alphas = [3], Tolerance = 1e-10, MaxIterations = 500 });
        data.RequirePredictions(_data["predictions.npy"], kernels, result.Weights!.View, deltas.View);
    }

    [TestCase("0", "neumann")]
    [TestCase("ridge", "cg")]
    [TestCase("random-search", "direct")]
    [TestCase("deltas.npy", "neumann")]
    public void Hyper_gradient_descent_starts_where_it_is_told(string start, string method)
    {
        string argument = start.EndsWith(".npy", StringComparison.Ordinal) ? _data[start] : start;
        Fit("--model", "hyper-gradient", "--initial-deltas", argument, "--kernel", "stim=cosine", "--max-iterations",
            "4", "--tolerance", "0", "--hyper-gradient", method, "--inner", "cg");
        Predict();
        using TrainingData data = new(_data);
        MatrixView<double>[] kernels = data.Kernels("cosine", "linear", "linear");
        using Matrix<double> gammas = Candidates(20, 0);
        using RandomSearchResult<double> search = MultipleKernelRidge.Solve(
            data.Backend, kernels, data.Targets, gammas.View, data.Folds,
            new RandomSearchOptions { Alphas = start == "random-search" ? Alphas : [1] });
        using Matrix<double> column = NpyFile.Read<double>(_data["deltas.npy"]);
        using Matrix<double> given = Matrix<double>.Uninitialized(3, SmallExperiment.Voxels);
        for (int j = 0; j < SmallExperiment.Voxels; j++)
        {
            column.View.CopyTo(given.View.SliceColumns(j, 1));
        }

        InitialDeltas<double> initial = start switch
        {
            "0" => InitialDeltas<double>.Constant(0),
            "ridge" => InitialDeltas<double>.RidgeCV,
            "random-search" => InitialDeltas<double>.From(search),
            _ => InitialDeltas<double>.Given(given.View),
        };
        using HyperGradientResult<double> result = HyperGradientDescent.Solve(
            data.Backend, kernels, data.Targets, data.Folds,
            new HyperGradientOptions
            {
                MaxIterations = 4, Tolerance = null,
                Method = method switch
                {
                    "cg" => HyperGradientMethod.ConjugateGradient,
                    "direct" => HyperGradientMethod.Direct,
                    _ => HyperGradientMethod.Neumann,
                },
                InnerMethod = InnerMethod.ConjugateGradient, Seed = 0, Weights = WeightKind.Dual,
            },
            initial);
        data.RequireFile("deltas.npy", result.Deltas.View, 1e-6);
        data.RequireFile("cv_scores.npy", result.CvScores.View, 1e-6);

        // Ridge may choose alphas down to 1e-10, whose predictions are small differences of large numbers.
        data.RequirePredictions(
            _data["predictions.npy"], kernels, result.Weights!.View, result.Deltas.View,
            within: start == "ridge" ? 1e-4 : 1e-6);
    }

    [TestCase(null)]
    [TestCase("groups.npy")]
    [TestCase("groups.txt")]
    public void The_groups_of_a_lasso_are_the_spaces_unless_given(string? given)
    {
        int[] groups = given switch
        {
            null => [0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 2],
            "groups.npy" => [0, 1, 0, 1, 0, 1, 2, 2, -1, 3, 3],
            _ => [0, 1, 0, 0, 1, 0, 2, 2, -1, 3, 3],
        };
        WriteArray("groups.npy", [.. groups.Select(group => new[] { (double)group })]);
        File.WriteAllLines(_data["groups.txt"], ["p", "q", "p", "r", "r", "-1", "s", "s"]); // Before delays.
        Fit(["--model", "lasso", "--l21", "1e-3:1e-1:3", "--l1", "0,0.01", "--score", "r2",
            .. given is null ? [] : (string[])["--groups", _data[given]]]);
        Predict();
        using TrainingData data = new(_data);
        using SparseGroupLassoCVResult<double> result = SparseGroupLassoCV.Solve(
            data.Backend, data.Features, data.Targets, data.Folds,
            new SparseGroupLassoCVOptions { L21 = [1e-3, 1e-2, 1e-1], L1 = [0, 0.01], Groups = groups });
        data.RequireFile("primal.npy", result.Refit.Weights!.View);
        data.RequireFile("cv_scores.npy", result.CvScores.View);
        data.RequireFile("best_l21.npy", result.BestL21.View);
        data.RequireFile("best_l1.npy", result.BestL1.View);
        data.RequirePredictions(_data["predictions.npy"], result.Refit.Weights!.View);
    }

    [TestCase("banded")]
    [TestCase("ridge")]
    [TestCase("kernel")]
    [TestCase("multiple-kernel")]
    [TestCase("hyper-gradient")]
    public void Primal_weights_predict_as_dual_ones_do_and_none_predict_nothing(string model)
    {
        string[] search = model == "hyper-gradient" ? [] : ["--alphas", "1,100"];
        Fit(["--model", model, .. search]);
        Predict();
        using Matrix<double> dual = NpyFile.Read<double>(_data["predictions.npy"]);
        using TrainingData data = new(_data);
        using Matrix<double> split = data.Read("test_r2_split.npy");
        Fit(["--model", model, .. search, "--weights", "primal"]);
        Predict();
        using Matrix<double> primal = NpyFile.Read<double>(_data["predictions.npy"]);
        TrainingData.Require(primal.View, dual.View, 1e-6);
        data.RequireFile("test_r2_split.npy", split.View, 1e-7);
        Assert.That(File.Exists(Path.Combine(_data["out"], "dual.npy")), Is.False);

        Vem.Succeed(
            [.. _data.FitWithout("--zscore-runs", "--iterations", "--alphas", "--test-runs"), "--model", model,
                .. search, "--weights", "none"]);
        Assert.That(File.Exists(Path.Combine(_data["out"], "primal.npy")), Is.False);
        Assert.That(Vem.Run(PredictArguments()).Error, Does.Contain("--weights none"));
    }

    [TestCase("smoothness")]
    [TestCase("smoothness:order=1,ridge=0.1")]
    [TestCase("hrf:tr=2.5")]
    public void A_prior_on_delays_is_a_change_of_variables(string prior)
    {
        string[] delays = ["--delays", "other=1,2,4", "--delay-prior", $"other={prior}"];
        Fit(["--model", "banded", .. delays, "--iterations", "4"]);
        Predict();
        using Matrix<double> dual = NpyFile.Read<double>(_data["predictions.npy"]);
        using TrainingData fitted = new(_data);
        Fit(["--model", "banded", "--delays", "other=1,2,4", "--iterations", "4"]);
        using TrainingData plain = new(_data);
        using Prior weights = prior switch
        {
            "smoothness" => Prior.Smoothness(plain.Backend, 3, 2),
            "hrf:tr=2.5" => Prior.Haemodynamic(plain.Backend, [1, 2, 4], 2.5, 0.1),
            _ => Prior.Smoothness(plain.Backend, 3, 1, 0.1),
        };
        using Prior delayPrior = weights.WithUnitMeanVariance();
        using Prior features = Prior.Spherical(3);
        TikhonovPrior tikhonov = new(features, delayPrior);
        MatrixView<double> stim = plain.Features.SliceColumns(0, 6), motion = plain.Features.SliceColumns(6, 2);
        MatrixView<double> other = plain.Features.SliceColumns(8, 9);
        using Matrix<double> transformed = tikhonov.Transform(plain.Backend, other);
        TrainingData.Require(fitted.Features.SliceColumns(8, 9), transformed.View, 1e-12, "features");
        using Matrix<double> gammas = Candidates(4, 0);
        using RandomSearchResult<double> result = BandedRidge.Solve(
            plain.Backend, [stim, motion, transformed.View], plain.Targets, gammas.View, plain.Folds,
            new RandomSearchOptions { Alphas = Alphas, Weights = WeightKind.Primal });

        Fit(["--model", "banded", .. delays, "--iterations", "4", "--weights", "primal"]);
        Predict();
        using Matrix<double> primal = NpyFile.Read<double>(_data["predictions.npy"]);
        TrainingData.Require(primal.View, dual.View, 1e-8, "predictions");
        using TrainingData mapped = new(_data);
        mapped.RequireFile("cv_scores.npy", result.CvScores.View);
        using Matrix<double> expected = Matrix<double>.From(result.Weights!.View);
        tikhonov.MapBack(plain.Backend, expected.View.SliceRows(8, 9), expected.View.SliceRows(8, 9));
        mapped.RequireFile("primal.npy", expected.View);
    }

    private void RequireSearch(
        TrainingData data, RandomSearchResult<double> result, IReadOnlyList<MatrixView<double>> kernels)
    {
        data.RequireFile("cv_scores.npy", result.CvScores.View);
        data.RequireFile("best_alphas.npy", result.BestAlphas.View);
        data.RequireFile("deltas.npy", result.Deltas.View);
        data.RequirePredictions(
            _data["predictions.npy"], kernels, result.Weights!.View, result.Deltas.View, result.Intercept?.View);
    }

    private static Matrix<double> Candidates(int count, long seed, params double[] concentrations)
    {
        Matrix<double> gammas =
            DirichletSamples.Generate(count, 3, concentrations.Length == 0 ? [0.1, 1] : concentrations, seed);
        gammas.View.SliceRows(0, 1).Fill(1.0 / 3);
        return gammas;
    }

    private void Fit(params string[] options) => Vem.Succeed(
        [
            .. Data(), .. options.Contains("--dtype") ? (string[])[] : ["--dtype", "float64"],
            .. Searches(options) ? (string[])["--alphas", "0.1:1000:5"] : [], .. options,
        ]);

    /// <summary>Whether the model searches over alphas and the options do not say which.</summary>
    private static bool Searches(string[] options) =>
        !options.Contains("--alpha") && !options.Contains("--alphas") && !options.Contains("lasso")
        && !options.Contains("weighted-kernel")
        && (!options.Contains("hyper-gradient") || options.Contains("random-search"));

    private string[] Data() => _data.FitWithout("--zscore-runs", "--iterations", "--alphas");

    private string[] Words(string options) =>
        [.. options.Split(' ').Select(word => word == "DELTAS" ? _data["deltas.npy"] : word)];

    private void Predict() => Vem.Succeed(PredictArguments());

    private string[] PredictArguments() =>
    [
        "predict", "--model", _data["out"], "--features", $"stim={_data["samples.tsv"]}", "--features",
        $"motion={_data["motion.tsv"]}", "--features", $"other={_data["other.npy"]}", "--runs",
        $"{_data["samples.tsv"]}:run", "--out", _data["predictions.npy"],
    ];

    private double[] WriteAlphas()
    {
        double[] alphas = [.. Enumerable.Range(0, SmallExperiment.Voxels).Select(i => 1.0 + i)];
        WriteArray("alphas.npy", [.. alphas.Select(alpha => new[] { alpha })]);
        return alphas;
    }

    private void WriteArray(string file, double[][] rows)
    {
        using Matrix<double> matrix = Matrix<double>.From(
            rows.Length, rows[0].Length, [.. rows.SelectMany(row => row)]);
        NpyFile.Write(_data[file], matrix.View);
    }
}
