using System.Numerics;
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
