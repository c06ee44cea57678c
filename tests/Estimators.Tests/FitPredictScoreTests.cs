using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators.Tests;

[TestFixtureSource(typeof(EstimatorBackend), nameof(EstimatorBackend.WithElementTypes))]
internal sealed class FitPredictScoreTests<T>(EstimatorBackend backend) : EstimatorFixture<T>(backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [TestCase(false)]
    [TestCase(true)]
    public void A_fit_is_that_of_the_solver(bool intercept)
    {
        using Problem<T> problem = new(Backend, offset: intercept ? 1.5 : 0);
        RandomSearchOptions search = Search with { FitIntercept = intercept };
        using BandedRidgeCV<T> model = new(Backend, new() { Search = search, Iterations = 6, Seed = 3 });
        Assert.That(model.Fit(problem.X, problem.Y), Is.SameAs(model));
        using Matrix<double> gammas = RandomCandidates.Draw(6, 2, 3);
        using RandomSearchResult<T> expected = BandedRidge.Solve(
            Backend, problem.X, problem.Y, gammas.View, CrossValidationSplits.KFold(Problem<T>.Train, 5),
            search with { Weights = WeightKind.Primal });
        AssertClose(model.Deltas.View, expected.Deltas.View, 0, "deltas");
        AssertClose(model.BestAlphas.View, expected.BestAlphas.View, 0, "best alphas");
        AssertClose(model.CvScores.View, expected.CvScores.View, 0, "scores");
        AssertClose(model.Coef.View, expected.Weights!.View, 0, "coef");
        Assert.That(model.Intercept is not null, Is.EqualTo(intercept));
        if (intercept)
        {
            AssertClose(model.Intercept!.View, expected.Intercept!.View, 0, "intercept");
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Kernels_of_features_predict_as_the_features_do(bool intercept)
    {
        using Problem<T> problem = new(Backend, offset: intercept ? 1.5 : 0);
        (Estimator<T> Estimator, IReadOnlyList<MatrixView<T>> New)[] fits = [.. FitAll(problem, intercept)];
        Matrix<T>[] predictions = [.. fits.Select(fit => fit.Estimator.Predict(fit.New))];
        AssertClose(predictions[2].View, predictions[0].View, Tolerance, "kernel ridge and ridge");
        AssertClose(predictions[3].View, predictions[0].View, Tolerance, "precomputed kernel ridge and ridge");
        AssertClose(predictions[4].View, predictions[1].View, Tolerance, "multiple-kernel ridge and banded ridge");
        AssertClose(predictions[5].View, predictions[1].View, Tolerance, "precomputed multiple-kernel ridge and banded ridge");
        foreach (IDisposable disposable in predictions.AsEnumerable<IDisposable>().Concat(fits.Select(fit => fit.Estimator)))
        {
            disposable.Dispose();
        }
    }

    [Test]
    public void Split_predictions_and_split_scores_add_up()
    {
        using Problem<T> problem = new(Backend);
        foreach ((Estimator<T> estimator, IReadOnlyList<MatrixView<T>> inputs) in FitAll(problem))
        {
            using (estimator)
            {
                using Matrix<T> joint = estimator.Predict(inputs);
                using Matrix<T> split = estimator.Predict(inputs, split: true);
                int spaces = estimator.Sizes.Spaces;
                using Matrix<T> sum = SumOfBlocks(split.View, spaces);
                AssertClose(sum.View, joint.View, Tolerance, $"predictions of {estimator}");
                foreach (ScoreKind score in (ScoreKind[])[ScoreKind.R2, ScoreKind.Correlation])
                {
                    using Matrix<T> whole = estimator.Score(inputs, problem.YNew, score: score);
                    using Matrix<T> parts = estimator.Score(inputs, problem.YNew, split: true, score);
                    using Matrix<T> total = SumOfBlocks(parts.View, spaces);
                    using Matrix<T> expected = Scores.Of(Backend, score, problem.YNew.View!.Value, joint.View);
                    AssertClose(whole.View, expected.View, Tolerance, $"{score} of {estimator}");
                    AssertClose(total.View, whole.View, 10 * Tolerance, $"split {score} of {estimator}");
                }
            }
        }
    }

    [Test]
    public void An_intercept_is_in_joint_predictions_and_belongs_to_no_space()
    {
        using Problem<T> problem = new(Backend, offset: 1.5);
        foreach ((Estimator<T> estimator, IReadOnlyList<MatrixView<T>> inputs) in FitAll(problem, intercept: true))
        {
            using (estimator)
            {
                using Matrix<T> joint = estimator.Predict(inputs);
                using Matrix<T> split = estimator.Predict(inputs, split: true);
                using Matrix<T> sum = SumOfBlocks(split.View, estimator.Sizes.Spaces);
                for (nint i = 0; i < sum.Rows; i++)
                {
                    for (nint j = 0; j < sum.Columns; j++)
                    {
                        sum.View[i, j] += estimator.Intercept!.View[0, j];
                    }
                }

                AssertClose(sum.View, joint.View, Tolerance, $"predictions of {estimator}");
                Assert.That(() => estimator.Score(inputs, problem.YNew, split: true), Throws.InvalidOperationException);
            }
        }
    }

    [Test]
    public void Small_memory_means_small_tiles_and_the_same_predictions()
    {
        using Problem<T> problem = new(Backend);
        using BandedRidgeCV<T> model = new(Backend, new() { Search = Search, Iterations = 3, Seed = 1 });
        model.Fit(problem.X, problem.Y);
        using TemporaryFolder folder = new();
        model.Save(folder["model"]);
        string description = File.ReadAllText(folder["model/summary.json"]);
        File.WriteAllText(
            folder["model/summary.json"], description.Replace($"\"bytes\": {Search.Memory.Bytes}", "\"bytes\": 1", StringComparison.Ordinal));
        using BandedRidgeCV<T> small = BandedRidgeCV<T>.Load(Backend, folder["model"]);
        Assert.That(small.Options.Search.Memory.Bytes, Is.EqualTo(1));
        using Matrix<T> expected = model.Predict(problem.XNew);
        using Matrix<T> actual = small.Predict(problem.XNew);
        using Matrix<T> score = small.Score(problem.XNew, problem.YNew);
        AssertClose(actual.View, expected.View, Tolerance, "predictions");
        Assert.That(score.Columns, Is.EqualTo((nint)Problem<T>.Targets));
    }

    [Test]
    public void Given_candidates_and_splits_are_used()
    {
        using Problem<T> problem = new(Backend);
        using BandedRidgeCV<T> model = new(Backend, new()
        {
            Search = Search,
            Gammas = [[1, 0], [0, 1]],
            Folds = CrossValidationSplits.KFold(Problem<T>.Train, 3),
        });
        model.Fit(problem.X, problem.Y);
        Assert.That(model.CvScores.Rows, Is.EqualTo((nint)2));
        Assert.That(T.IsNegativeInfinity(model.Deltas[0, 0]) ^ T.IsNegativeInfinity(model.Deltas[1, 0]), "winner takes all");
        using BandedRidgeCV<T> wrong = new(Backend, new() { Gammas = [[1, 0, 0]] });
        Assert.That(
            () => wrong.Fit(problem.X, problem.Y),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("Gammas"));
    }

    [Test]
    public void A_fit_that_fails_or_is_cancelled_leaves_the_earlier_one()
    {
        using Problem<T> problem = new(Backend);
        using RidgeCV<T> model = new(Backend, new() { Search = Search });
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Assert.That(
            () => model.Fit(problem.X[0], problem.Y, cancellation: cancelled.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(model.IsFitted, Is.False);
        model.Fit(problem.X[0], problem.Y);
        Matrix<T> coef = model.Coef;
        Assert.That(() => model.Fit(problem.X[0].SliceRows(0, 10), problem.Y), Throws.ArgumentException);
        Assert.That(
            () => model.Fit(problem.X, problem.Y),
            Throws.ArgumentException.With.Message.Contains("fitted to one"));
        Assert.That(
            () => model.Predict([problem.XNew[0]], cancellation: cancelled.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(model.Coef, Is.SameAs(coef));
    }

    [Test]
    public void Misuse_is_refused_with_what_was_expected()
    {
        using Problem<T> problem = new(Backend);
        using BandedRidgeCV<T> model = new(Backend, new() { Search = Search, Iterations = 2, Seed = 0 });
        Assert.That(
            () => model.Predict(problem.XNew),
            Throws.InvalidOperationException.With.Message.Contains("BandedRidgeCV is not fitted"));
        Assert.That(() => model.Coef, Throws.InvalidOperationException);
        Assert.That(() => model.Fit([], problem.Y), Throws.ArgumentException);
        model.Fit(problem.X, problem.Y);
        Assert.That(
            () => model.Predict([problem.XNew[0]]),
            Throws.ArgumentException.With.Message.Contains("1 matrices"));
        Assert.That(
            () => model.Predict([problem.XNew[1], problem.XNew[0]]),
            Throws.ArgumentException.With.Message.Contains("X[0] is 12 x 4; expected 12 x 6"));
        Assert.That(
            () => model.Score(problem.XNew, problem.Y),
            Throws.ArgumentException.With.Message.Contains("Y is 40 x 9; expected 12 x 9"));
        Assert.That(
            () => model.Score(problem.XNew, problem.YNew, split: true, ScoreKind.NegativeSquaredError),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("score"));
    }

    private static Matrix<T> SumOfBlocks(MatrixView<T> stacked, int blocks)
    {
        nint rows = stacked.Rows / blocks;
        Matrix<T> sum = new(rows, stacked.Columns);
        for (nint i = 0; i < stacked.Rows; i++)
        {
            for (nint j = 0; j < stacked.Columns; j++)
            {
                sum.View[i % rows, j] += stacked[i, j];
            }
        }

        return sum;
    }
}
