using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators.Tests;

/// <summary>What holds for every estimator.</summary>
[TestFixtureSource(typeof(EstimatorBackend), nameof(EstimatorBackend.WithElementTypes))]
internal sealed class EveryEstimatorTests<T>(EstimatorBackend backend) : EstimatorFixture<T>(backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [Test]
    public void Nothing_is_to_be_had_before_the_fit()
    {
        using Problem<T> problem = new(Backend);
        foreach (EstimatorKind<T> kind in Unfitted())
        {
            using Estimator<T> model = kind.Estimator;
            string name = model.GetType().Name.Split('`')[0];
            IReadOnlyList<MatrixView<T>> inputs = kind.Inputs(problem).New;
            Assert.That(model.IsFitted, Is.False);
            Assert.That(
                () => model.Predict(inputs),
                Throws.InvalidOperationException.With.Message.EqualTo($"This {name} is not fitted: call Fit first."));
            Assert.That(() => model.Score(inputs, problem.YNew), Throws.InvalidOperationException);
            Assert.That(() => model.Save("nowhere"), Throws.InvalidOperationException);
        }
    }

    [Test]
    public void A_second_fit_takes_the_place_of_the_first()
    {
        using Problem<T> problem = new(Backend);
        using Matrix<T> reversed = Reversed(problem.Y.View!.Value);
        MatrixTargetSource<T> others = new(reversed.View);
        foreach ((EstimatorKind<T> twice, EstimatorKind<T> once) in Unfitted().Zip(Unfitted()))
        {
            using Estimator<T> model = twice.Estimator;
            using Estimator<T> fresh = once.Estimator;
            (IReadOnlyList<MatrixView<T>> fit, IReadOnlyList<MatrixView<T>> inputs) = twice.Inputs(problem);
            Assert.That(model.Fit(fit, problem.Y), Is.SameAs(model));
            using Matrix<T> before = model.Predict(inputs);
            model.Fit(fit, others);
            using Matrix<T> actual = model.Predict(inputs);
            using Matrix<T> expected = fresh.Fit(fit, others).Predict(inputs);
            AssertClose(actual.View, expected.View, 0, $"predictions of {model}");
            Assert.That(Same(before.View, actual.View), Is.False, $"predictions of {model} before and after");
        }
    }

    [Test]
    public void A_fit_that_fails_or_is_cancelled_leaves_the_one_before()
    {
        using Problem<T> problem = new(Backend);
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        using Matrix<T> wrong = new(Problem<T>.Train, Problem<T>.Targets);
        wrong[3, 2] = T.NaN;
        foreach (EstimatorKind<T> kind in Unfitted())
        {
            using Estimator<T> model = kind.Estimator;
            (IReadOnlyList<MatrixView<T>> fit, IReadOnlyList<MatrixView<T>> inputs) = kind.Inputs(problem);
            using Matrix<T> before = model.Fit(fit, problem.Y).Predict(inputs);
            Assert.That(
                () => model.Fit(fit, problem.Y, cancellation: cancelled.Token),
                Throws.InstanceOf<OperationCanceledException>(), $"{model} cancelled");
            Assert.That(
                () => model.Fit(fit, new MatrixTargetSource<T>(wrong.View)),
                Throws.ArgumentException.With.Message.StartsWith("Y: 1 NaN"), $"{model} with NaN");
            Assert.That(
                () => model.Fit([.. fit.Select(X => X.SliceRows(0, 10))], problem.Y), Throws.ArgumentException,
                $"{model} with too few samples");
            using CancellationTokenSource late = new();
            Assert.That(
                () => model.Fit(fit, new CancellingTargets(problem.Y, late), cancellation: late.Token),
                Throws.InstanceOf<OperationCanceledException>(), $"{model} cancelled while it reads");
            using Matrix<T> after = model.Predict(inputs);
            AssertClose(after.View, before.View, 0, $"predictions of {model}");
        }
    }

    [Test]
    public void NaN_is_of_the_matrix_that_the_caller_gave()
    {
        using Problem<T> problem = new(Backend);
        foreach (EstimatorKind<T> kind in Unfitted())
        {
            using Estimator<T> model = kind.Estimator;
            IReadOnlyList<MatrixView<T>> fit = kind.Inputs(problem).Fit;
            for (int i = 0; i < fit.Count; i++)
            {
                using Matrix<T> broken = Matrix<T>.From(fit[i]);
                broken[5, 2] = T.NaN;
                MatrixView<T>[] inputs = [.. fit];
                inputs[i] = broken.View;
                Assert.That(
                    () => model.Fit(inputs, problem.Y),
                    Throws.ArgumentException.With.Message.StartsWith($"X[{i}]: 1 NaN")
                        .And.Property("ParamName").EqualTo($"X[{i}]"),
                    $"{model}, matrix {i}");
                Assert.That(model.IsFitted, Is.False);
            }
        }
    }

    [Test]
    public void Missing_arguments_are_named()
    {
        using Problem<T> problem = new(Backend);
        foreach (EstimatorKind<T> kind in Unfitted())
        {
            using Estimator<T> model = kind.Estimator;
            IReadOnlyList<MatrixView<T>> fit = kind.Inputs(problem).Fit;
            Assert.That(
                () => model.Fit(null!, problem.Y), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("X"));
            Assert.That(() => model.Fit(fit, null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("Y"));
            Assert.That(() => model.Fit([], problem.Y), Throws.ArgumentException.With.Property("ParamName").EqualTo("X"));
        }
    }

    [Test]
    public void Predictions_tell_how_far_they_are()
    {
        using Problem<T> problem = new(Backend);
        foreach ((Estimator<T> model, IReadOnlyList<MatrixView<T>> inputs) in FitAll(problem))
        {
            using (model)
            {
                List<FitProgress> reports = [];
                using Matrix<T> predictions = model.Predict(inputs, progress: new Reports(reports));
                Assert.That(reports[^1], Is.EqualTo(new FitProgress("prediction", 1.0)));
                using CancellationTokenSource cancelled = new();
                cancelled.Cancel();
                Assert.That(
                    () => model.Predict(inputs, cancellation: cancelled.Token),
                    Throws.InstanceOf<OperationCanceledException>());
            }
        }
    }

    private static Matrix<T> Reversed(MatrixView<T> Y)
    {
        Matrix<T> reversed = new(Y.Rows, Y.Columns);
        for (nint i = 0; i < Y.Rows; i++)
        {
            for (nint j = 0; j < Y.Columns; j++)
            {
                reversed[i, j] = Y[i, Y.Columns - 1 - j];
            }
        }

        return reversed;
    }

    private static bool Same(MatrixView<T> a, MatrixView<T> b)
    {
        for (nint i = 0; i < a.Rows; i++)
        {
            if (!a.RowSpan(i).SequenceEqual(b.RowSpan(i)))
            {
                return false;
            }
        }

        return true;
    }

    private sealed class Reports(List<FitProgress> list) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => list.Add(value);
    }

    /// <summary>Responses that cancel the fit when they are first read.</summary>
    private sealed class CancellingTargets(TargetSource<T> source, CancellationTokenSource cancellation) : TargetSource<T>
    {
        public override nint Samples => source.Samples;

        public override nint Targets => source.Targets;

        protected override void ReadTile(nint first, MatrixView<T> tile)
        {
            cancellation.Cancel();
            source.Read(first, tile);
        }
    }
}
