using System.Numerics;
using System.Text.RegularExpressions;
using VemKernels.Data;
using VemKernels.Solvers;

namespace VemKernels.Estimators.Tests;

[TestFixtureSource(typeof(EstimatorBackend), nameof(EstimatorBackend.WithElementTypes))]
internal sealed class SaveLoadTests<T>(EstimatorBackend backend) : EstimatorFixture<T>(backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string Description = "summary.json";

    private static string DataType => typeof(T) == typeof(float) ? "float32" : "float64";

    [TestCase(false)]
    [TestCase(true)]
    public void A_loaded_estimator_predicts_the_same_bits(bool intercept)
    {
        using Problem<T> problem = new(Backend);
        using TemporaryFolder folder = new();
        foreach ((Estimator<T> estimator, IReadOnlyList<MatrixView<T>> inputs) in FitAll(problem, intercept))
        {
            using (estimator)
            {
                estimator.Save(folder["model"]);
                using Estimator<T> loaded = Load(folder["model"]);
                Assert.That(loaded.GetType(), Is.EqualTo(estimator.GetType()));
                Assert.That(loaded.Intercept is not null, Is.EqualTo(intercept));
                using Matrix<T> expected = estimator.Predict(inputs);
                using Matrix<T> actual = loaded.Predict(inputs);
                AssertClose(actual.View, expected.View, 0, $"predictions of {estimator}");
                using Matrix<T> r2 = estimator.Score(inputs, problem.YNew);
                using Matrix<T> loadedR2 = loaded.Score(inputs, problem.YNew);
                AssertClose(loadedR2.View, r2.View, 0, $"scores of {estimator}");
                loaded.Save(folder["again"]);
                Assert.That(
                    File.ReadAllText(folder["again/summary.json"]), Is.EqualTo(File.ReadAllText(folder["model/summary.json"])));
            }
        }
    }

    [Test]
    public void Options_come_back_but_for_the_splits()
    {
        using Problem<T> problem = new(Backend);
        using TemporaryFolder folder = new();
        using MultipleKernelRidgeCV<T> model = new(Backend, new()
        {
            Search = Search with { Score = ScoreKind.R2, LocalAlpha = false },
            Folds = CrossValidationSplits.KFold(Problem<T>.Train, 3),
            Concentrations = [1, double.PositiveInfinity],
            Iterations = 4,
            Seed = 9,
        });
        model.Fit(problem.X, problem.Y).Save(folder["model"]);
        using MultipleKernelRidgeCV<T> loaded = MultipleKernelRidgeCV<T>.Load(Backend, folder["model"]);
        Assert.That(loaded.Options.Search.Alphas, Is.EqualTo(Search.Alphas));
        Assert.That(loaded.Options.Search.Score, Is.EqualTo(ScoreKind.R2));
        Assert.That(loaded.Options.Search.LocalAlpha, Is.False);
        Assert.That(loaded.Options.Concentrations, Is.EqualTo(model.Options.Concentrations));
        Assert.That((loaded.Options.Iterations, loaded.Options.Seed), Is.EqualTo((4, 9)));
        Assert.That(loaded.Options.Folds, Is.Null);
        AssertClose(loaded.Deltas.View, model.Deltas.View, 0, "deltas");
        AssertClose(loaded.DualCoef.View, model.DualCoef.View, 0, "dual coef");
        AssertClose(loaded.CvScores.View, model.CvScores.View, 0, "cv scores");
    }

    [Test]
    public void A_score_of_the_callers_own_works_and_is_not_saved()
    {
        using Problem<T> problem = new(Backend);
        using TemporaryFolder folder = new();
        using MultipleKernelRidgeCV<T> model = new(
            Backend, new() { Search = Search with { CustomScore = NegativeSquaredError }, Iterations = 3, Seed = 1 });
        using MultipleKernelRidgeCV<T> builtIn = new(Backend, new() { Search = Search, Iterations = 3, Seed = 1 });
        model.Fit(problem.X, problem.Y).Save(folder["model"]);
        builtIn.Fit(problem.X, problem.Y);
        AssertClose(model.CvScores.View, builtIn.CvScores.View, Tolerance, "cv scores");
        using MultipleKernelRidgeCV<T> loaded = MultipleKernelRidgeCV<T>.Load(Backend, folder["model"]);
        Assert.That(loaded.Options.Search.CustomScore, Is.Null);
        AssertClose(loaded.DualCoef.View, model.DualCoef.View, 0, "dual coef");
    }

    private static void NegativeSquaredError(
        MatrixView<double> truth, MatrixView<double> predictions, Span<double> scores)
    {
        for (int j = 0; j < scores.Length; j++)
        {
            double sum = 0;
            for (nint i = 0; i < truth.Rows; i++)
            {
                double error = truth[i, j] - predictions[i, j];
                sum += error * error;
            }

            scores[j] = -sum / truth.Rows;
        }
    }

    [Test]
    public void A_folder_tells_what_it_holds()
    {
        using TemporaryFolder folder = SavedRidge();
        EstimatorDescription description = EstimatorFolder.Describe(folder["model"]);
        Assert.That(
            (description.Estimator, description.DataType, description.Version),
            Is.EqualTo(("RidgeCV", DataType, 2)));
        Assert.That(
            (description.Sizes.Samples, description.Sizes.Targets, description.Sizes.Spaces),
            Is.EqualTo((40L, 9L, 1)));
        Assert.That(
            Directory.GetFiles(folder["model"]).Select(Path.GetFileName),
            Is.EquivalentTo((string[])["best_alphas.npy", "coef.npy", "cv_scores.npy", Description]));
    }

    [Test]
    public void A_newer_version_is_refused()
    {
        using TemporaryFolder folder = SavedRidge();
        Edit(folder, "\"version\": 2", "\"version\": 3");
        Assert.That(
            () => RidgeCV<T>.Load(Backend, folder["model"]),
            Throws.InstanceOf<DataFormatException>().With.Message.Contains("version 3 was written by a newer VemKernels"));
    }

    [TestCase("\"format\": \"vemkernels-estimator\"", "\"format\": \"other\"", "is not the description of a saved estimator")]
    [TestCase("\"version\": 2", "\"version\": \"one\"", "names no version")]
    [TestCase("\"samples\": 40", "\"samples\": -1", "sizes make no model")]
    [TestCase("\"targets\": 9", "\"targets\": 8", "6 x 9; summary.json says 6 x 8")]
    [TestCase("\"targets\": 9,", "", "damaged")]
    [TestCase("\"options\": {", "\"options\": [", "damaged")]
    [TestCase("\"estimator\": \"RidgeCV\"", "\"estimator\": \"BandedRidgeCV\"", "holds a BandedRidgeCV; expected a RidgeCV")]
    [TestCase("\"data_type\": \"float", "\"data_type\": \"bfloat", "holds a model of bfloat")]
    public void A_damaged_description_is_refused(string was, string becomes, string message)
    {
        using TemporaryFolder folder = SavedRidge();
        Edit(folder, was, becomes);
        Assert.That(
            () => RidgeCV<T>.Load(Backend, folder["model"]),
            Throws.InstanceOf<DataFormatException>().With.Message.Contains(message));
    }

    [Test]
    public void A_damaged_or_missing_array_is_refused()
    {
        using TemporaryFolder folder = SavedRidge();
        string coef = Path.Combine(folder["model"], "coef.npy");
        byte[] bytes = File.ReadAllBytes(coef);
        File.WriteAllBytes(coef, bytes[..^1]);
        Assert.That(
            () => RidgeCV<T>.Load(Backend, folder["model"]),
            Throws.InstanceOf<DataFormatException>().With.Message.Contains("coef.npy"));
        File.Delete(coef);
        Assert.That(() => RidgeCV<T>.Load(Backend, folder["model"]), Throws.InstanceOf<FileNotFoundException>());
        Assert.That(() => RidgeCV<T>.Load(Backend, folder["nowhere"]), Throws.InstanceOf<FileNotFoundException>());
    }

    [Test]
    public void What_is_not_fitted_is_not_saved_and_what_is_not_ours_is_not_replaced()
    {
        using Problem<T> problem = new(Backend);
        using TemporaryFolder folder = new();
        using RidgeCV<T> model = new(Backend, new() { Search = Search });
        Assert.That(() => model.Save(folder["model"]), Throws.InvalidOperationException);
        Assert.That(Directory.Exists(folder["model"]), Is.False);
        Directory.CreateDirectory(folder["notes"]);
        File.WriteAllText(Path.Combine(folder["notes"], "notes.txt"), "mine");
        model.Fit(problem.X[0], problem.Y);
        Assert.That(() => model.Save(folder["notes"]), Throws.InstanceOf<IOException>());
        Assert.That(Directory.GetFileSystemEntries(folder["notes"]), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_folder_of_version_1_is_read()
    {
        using Problem<T> problem = new(Backend);
        using TemporaryFolder folder = new();
        using MultipleKernelRidgeCV<T> model = new(Backend, new() { Search = Search, Iterations = 3, Seed = 0 });
        model.Fit(problem.X, problem.Y).Save(folder["model"]);
        string path = folder["model/" + Description];
        string kernels = Regex.Replace(File.ReadAllText(path), "\"kernels\": \\[\\s*\"linear\"\\s*\\]", "\"kernels\": \"linear\"");
        Assert.That(kernels, Does.Contain("\"kernels\": \"linear\""));
        File.WriteAllText(path, kernels.Replace("\"version\": 2", "\"version\": 1", StringComparison.Ordinal));
        using MultipleKernelRidgeCV<T> loaded = MultipleKernelRidgeCV<T>.Load(Backend, folder["model"]);
        using Matrix<T> expected = model.Predict(problem.XNew);
        using Matrix<T> actual = loaded.Predict(problem.XNew);
        AssertClose(actual.View, expected.View, 0, "predictions");
    }

    [Test]
    public void Kernels_and_their_parameters_come_back()
    {
        using Problem<T> problem = new(Backend);
        using TemporaryFolder folder = new();
        PairwiseKernel[] kernels =
        [
            PairwiseKernel.Linear, PairwiseKernel.Cosine, PairwiseKernel.Rbf(), PairwiseKernel.Rbf(0.3),
            PairwiseKernel.Polynomial(2, 0.1, 0.5), PairwiseKernel.Sigmoid(0.01, 0),
        ];
        using WeightedKernelRidge<T> model =
            new(Backend, new() { Kernels = kernels, Deltas = [[-1], [0], [-2], [double.NegativeInfinity], [0], [-3]] });
        model.Fit([problem.X[0]], problem.Y).Save(folder["model"]);
        using WeightedKernelRidge<T> loaded = WeightedKernelRidge<T>.Load(Backend, folder["model"]);
        Assert.That(loaded.Options.Kernels, Is.EqualTo(kernels));
        Assert.That(loaded.Options.Deltas!.Select(row => row[0]), Is.EqualTo(model.Options.Deltas!.Select(row => row[0])));
        using Matrix<T> expected = model.Fit([problem.X[0]], problem.Y).Predict([problem.XNew[0]]);
        using Matrix<T> actual = loaded.Fit([problem.X[0]], problem.Y).Predict([problem.XNew[0]]);
        AssertClose(actual.View, expected.View, 0, "predictions of a further fit");
    }

    [Test]
    public void A_kernel_of_the_callers_own_is_not_saved()
    {
        using Problem<T> problem = new(Backend);
        using TemporaryFolder folder = new();
        using KernelRidge<T> model = new(Backend, new() { Kernel = PairwiseKernel.Custom((x, z) => 1 + (x[0] * z[0])) });
        model.Fit(problem.X[0], problem.Y);
        Assert.That(
            () => model.Save(folder["model"]),
            Throws.InvalidOperationException.With.Message.Contains("a kernel of the caller's own, which cannot be saved"));
        Assert.That(Directory.Exists(folder["model"]), Is.False);
    }

    [Test]
    public void Columns_with_preprocessing_or_an_own_kernel_are_given_again()
    {
        using Problem<T> problem = new(Backend, offset: 1);
        using TemporaryFolder folder = new();
        KernelSpace<T> scaled = new(
            "scaled", ColumnSelection.Range(..4), new() { Preprocessing = [FeatureTransforms.StandardScaler<T>()] });
        KernelSpace<T> own = new(
            "own", ColumnSelection.Of(5, -1), new() { Kernel = PairwiseKernel.Custom((x, z) => x[0] * z[0]) });
        KernelColumns<T> columns = new([scaled, own], KernelPipeline<T>.Passthrough);
        using MultipleKernelRidgeCV<T> model =
            new(Backend, new() { Search = Search, Iterations = 4, Seed = 0 }, columns);
        model.Fit([problem.Side], problem.Y).Save(folder["model"]);
        using MultipleKernelRidgeCV<T> loaded = MultipleKernelRidgeCV<T>.Load(Backend, folder["model"], columns);
        using Matrix<T> expected = model.Predict([problem.SideNew]);
        using Matrix<T> actual = loaded.Predict([problem.SideNew]);
        AssertClose(actual.View, expected.View, 0, "predictions");
        Assert.That(
            () => MultipleKernelRidgeCV<T>.Load(Backend, folder["model"]),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("columns").And.Message.Contains("'scaled'"));
        Assert.That(
            () => MultipleKernelRidgeCV<T>.Load(Backend, folder["model"], new([scaled, own])),
            Throws.ArgumentException.With.Message.Contains("The columns given are"));
        Edit(folder, "\"name\": \"own\",\n      \"columns\": [\n        5", "\"name\": \"own\",\n      \"columns\": [\n        50");
        Assert.That(
            () => MultipleKernelRidgeCV<T>.Load(Backend, folder["model"], columns),
            Throws.InstanceOf<DataFormatException>().With.Message.Contains("make no model"));
    }

    [Test]
    public void Columns_are_not_for_a_fit_to_matrices()
    {
        using Problem<T> problem = new(Backend);
        using TemporaryFolder folder = new();
        using WeightedKernelRidge<T> model = new(Backend);
        model.Fit(problem.X, problem.Y).Save(folder["model"]);
        Assert.That(
            () => WeightedKernelRidge<T>.Load(Backend, folder["model"], Columns),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("columns"));
    }

    [TestCase("\"linear\"", "\"nonlinear\"", "There is no kernel 'nonlinear'")]
    [TestCase("\"linear\"", "3", "3 is not a kernel")]
    [TestCase("\"linear\"", "{ \"name\": \"rbf\", \"gamma\": -1 }", "is not a kernel")]
    [TestCase("\"linear\"", "\"linear\", \"cosine\", \"cosine\"", "its options are not those of its sizes")]
    [TestCase("\"linear\"", "\"precomputed\"", "its options are not those of its sizes")]
    public void A_damaged_kernel_is_refused(string was, string becomes, string message)
    {
        using Problem<T> problem = new(Backend);
        using TemporaryFolder folder = new();
        using WeightedKernelRidge<T> model = new(Backend);
        model.Fit(problem.X, problem.Y).Save(folder["model"]);
        Edit(folder, was, becomes);
        Assert.That(
            () => WeightedKernelRidge<T>.Load(Backend, folder["model"]),
            Throws.InstanceOf<DataFormatException>().With.Message.Contains(message));
    }

    private static void Edit(TemporaryFolder folder, string was, string becomes)
    {
        string path = Path.Combine(folder["model"], Description);
        string text = File.ReadAllText(path);
        Assert.That(text, Does.Contain(was));
        File.WriteAllText(path, text.Replace(was, becomes, StringComparison.Ordinal));
    }

    private Estimator<T> Load(string folder) => EstimatorFolder.Describe(folder).Estimator switch
    {
        "RidgeCV" => RidgeCV<T>.Load(Backend, folder),
        "BandedRidgeCV" => BandedRidgeCV<T>.Load(Backend, folder),
        "KernelRidgeCV" => KernelRidgeCV<T>.Load(Backend, folder),
        "Ridge" => Ridge<T>.Load(Backend, folder),
        "KernelRidge" => KernelRidge<T>.Load(Backend, folder),
        "WeightedKernelRidge" => WeightedKernelRidge<T>.Load(Backend, folder),
        "SparseGroupLasso" => SparseGroupLasso<T>.Load(Backend, folder),
        "SparseGroupLassoCV" => SparseGroupLassoCV<T>.Load(Backend, folder),
        _ => MultipleKernelRidgeCV<T>.Load(Backend, folder),
    };

    private TemporaryFolder SavedRidge()
    {
        using Problem<T> problem = new(Backend);
        using RidgeCV<T> model = new(Backend, new() { Search = Search });
        TemporaryFolder folder = new();
        model.Fit(problem.X[0], problem.Y).Save(folder["model"]);
        return folder;
    }
}
