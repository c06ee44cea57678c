using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators.Tests;

/// <summary>Sample weights of estimators that cross-validate.</summary>
[TestFixtureSource(typeof(EstimatorBackend), nameof(EstimatorBackend.WithElementTypes))]
internal sealed class SampleWeightTests<T>(EstimatorBackend backend) : EstimatorFixture<T>(backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly PairwiseKernel[] Given = [PairwiseKernel.Precomputed];

    /// <summary>Weights between 0 and 3, one of them 0.</summary>
    private static readonly double[] Weights =
        [.. Enumerable.Range(0, Problem<T>.Train).Select(i => i == 7 ? 0 : 1.5 + (1.5 * Math.Sin(3.7 * i)))];

    /// <summary>
    /// Values of himalaya 0.4.11 (numpy 1.24.2, float64, seed 5), its dual weights times sqrt(s) before predicting:
    /// it leaves that out.
    /// </summary>
    [Test]
    public void Kernel_ridge_agrees_with_himalaya()
    {
        using WeightedGolden<T> golden = new();
        using KernelRidgeCV<T> model =
            new(Backend, new() { Search = Search, Kernel = PairwiseKernel.Precomputed });
        model.Fit([golden.Sum], golden.Y, golden.Weights);
        RequireGolden(model.BestAlphas, [100, 1, 1], "alphas");
        RequireGolden(model.CvScores, [-1.391463418828, -1.930228874169, -2.245399423470], "scores");
        using Matrix<T> predictions = model.Predict([golden.SumNew]);
        RequireGolden(
            predictions,
            [-0.076347273188, -9.087597310600, -1.570614675853, 0.172981558718, -1.072230523341, -3.634913828433],
            "predictions");
    }

    /// <summary>As the test above.</summary>
    [Test]
    public void Random_search_agrees_with_himalaya()
    {
        using WeightedGolden<T> golden = new();
        using MultipleKernelRidgeCV<T> model = new(
            Backend, new() { Search = Search, Kernels = Given, Gammas = [[0.5, 0.5], [0.8, 0.2], [0.1, 0.9]] });
        model.Fit(golden.Kernels, golden.Y, golden.Weights);
        RequireGolden(
            model.Deltas,
            [-4.828313737302, -0.223143551314, -0.223143551314, -6.214608098422, -1.609437912434, -1.609437912434],
            "deltas");
        RequireGolden(
            model.CvScores,
            [
                -1.376917574712, -1.926434361784, -1.668953257396, -1.371581166843, -1.847944641348, -1.627249875062,
                -1.385011936374, -2.512864540323, -1.993459924022,
            ],
            "scores");
        using Matrix<T> predictions = model.Predict(golden.KernelsNew);
        RequireGolden(
            predictions,
            [-0.122291014101, -8.172922122199, -0.744667682432, 0.076678340246, -0.785720601157, -3.368997626511],
            "predictions");
    }

    [Test]
    public void A_multiple_kernel_fit_is_that_of_the_scaled_problem([Values] MultipleKernelSolver solver)
    {
        using Problem<T> problem = new(Backend);
        using MultipleKernelRidgeCV<T> model = Multiple(solver, false);
        using MultipleKernelRidgeCV<T> scaled = Multiple(solver, false);
        using Matrix<T> Y = Scaled(problem.Y.View!.Value, columns: false);
        using Matrix<T> first = Scaled(problem.K[0], columns: true);
        using Matrix<T> second = Scaled(problem.K[1], columns: true);
        model.Fit(problem.K, problem.Y, Weights);
        scaled.Fit([first.View, second.View], new MatrixTargetSource<T>(Y.View));
        AssertClose(model.Deltas.View, scaled.Deltas.View, Tolerance, "deltas");
        AssertClose(model.CvScores.View, scaled.CvScores.View, Tolerance, "scores");
        using Matrix<T> dual = Scaled(scaled.DualCoef.View, columns: false);
        AssertClose(model.DualCoef.View, dual.View, Tolerance, "dual coef");
        Assert.That(model.DualCoef[7, 0], Is.EqualTo(T.Zero), "a sample of weight 0 has no dual weight");
    }

    [Test]
    public void One_alpha_gives_the_fit_of_kernel_ridge([Values] bool intercept, [Values] bool sparse)
    {
        using Problem<T> problem = new(Backend, offset: intercept ? 1.5 : 0);
        using KernelRidgeCV<T> model =
            new(Backend, new() { Search = Search with { Alphas = [2], FitIntercept = intercept } });
        using KernelRidge<T> expected =
            new(Backend, new() { Model = new() { Alphas = [2], FitIntercept = intercept } });
        expected.Fit([problem.X[0]], problem.Y, Weights);
        if (sparse)
        {
            model.Fit(CsrMatrix<T>.FromDense(problem.X[0]), problem.Y, Weights);
        }
        else
        {
            model.Fit([problem.X[0]], problem.Y, Weights);
        }

        RequireSameFit(model, expected);
    }

    [Test]
    public void One_candidate_gives_the_fit_of_weighted_kernel_ridge([Values] bool intercept)
    {
        using Problem<T> problem = new(Backend, offset: intercept ? 1.5 : 0);
        using MultipleKernelRidgeCV<T> model = new(Backend, new()
        {
            Search = Search with { Alphas = [2], FitIntercept = intercept },
            Gammas = [[0.3, 0.7]],
        });
        using WeightedKernelRidge<T> expected = new(Backend, new()
        {
            Deltas = [[Math.Log(0.3 / 2)], [Math.Log(0.7 / 2)]],
            Model = new() { FitIntercept = intercept, Tolerance = 1e-12, MaxIterations = 1000 },
        });
        model.Fit(problem.X, problem.Y, Weights);
        expected.Fit(problem.X, problem.Y, Weights);
        RequireSameFit(model, expected);
    }

    [Test]
    public void A_descent_with_an_intercept_leaves_no_weighted_mean_in_its_residuals()
    {
        using Problem<T> problem = new(Backend, offset: 1.5);
        using MultipleKernelRidgeCV<T> model = Multiple(MultipleKernelSolver.HyperGradient, true);
        model.Fit(problem.K, problem.Y, Weights);
        using Matrix<T> predictions = model.Predict(problem.K);
        MatrixView<T> Y = problem.Y.View!.Value;
        for (int j = 0; j < Problem<T>.Targets; j++)
        {
            double sum = 0, size = 0;
            for (int i = 0; i < Weights.Length; i++)
            {
                sum += Weights[i] * double.CreateTruncating(Y[i, j] - predictions[i, j]);
                size += Weights[i] * Math.Abs(double.CreateTruncating(Y[i, j]));
            }

            Assert.That(sum, Is.EqualTo(0).Within(Tolerance * size), $"target {j}");
        }
    }

    [Test]
    public void Equal_weights_are_no_weights_with_alphas_scaled([Values(1.0, 2.0)] double weight)
    {
        using Problem<T> problem = new(Backend);
        double[] equal = [.. Enumerable.Repeat(weight, Problem<T>.Train)];
        RandomSearchOptions times = Search with { Alphas = [.. Search.Alphas.Select(alpha => alpha * weight)] };
        using KernelRidgeCV<T> model = new(Backend, new() { Search = times });
        using KernelRidgeCV<T> expected = new(Backend, new() { Search = Search });
        RequireSameFit(model.Fit([problem.X[0]], problem.Y, equal), expected.Fit([problem.X[0]], problem.Y));
        using MultipleKernelRidgeCV<T> several = new(Backend, new() { Search = times, Iterations = 4, Seed = 1 });
        using MultipleKernelRidgeCV<T> plain = new(Backend, new() { Search = Search, Iterations = 4, Seed = 1 });
        several.Fit(problem.X, problem.Y, equal);
        plain.Fit(problem.X, problem.Y);
        AssertDualsClose(several.DualCoef, plain.DualCoef, weight);
    }

    [Test]
    public void The_order_of_samples_does_not_matter([Values] bool intercept)
    {
        using Problem<T> problem = new(Backend, offset: intercept ? 1.5 : 0);
        int[] order = new RandomState(3).Permutation(Problem<T>.Train);
        Fold[] folds = CrossValidationSplits.KFold(Problem<T>.Train, 5);
        Fold[] moved = [.. folds.Select(fold => new Fold(
            [.. fold.Train.ToArray().Select(i => Array.IndexOf(order, i)).Order()],
            [.. fold.Validation.ToArray().Select(i => Array.IndexOf(order, i)).Order()],
            Problem<T>.Train))];
        using Matrix<T> X = Reordered(problem.X[0], order);
        using Matrix<T> Y = Reordered(problem.Y.View!.Value, order);
        RandomSearchOptions search = Search with { FitIntercept = intercept };
        using KernelRidgeCV<T> expected = new(Backend, new() { Search = search, Folds = folds });
        using KernelRidgeCV<T> model = new(Backend, new() { Search = search, Folds = moved });
        expected.Fit([problem.X[0]], problem.Y, Weights);
        model.Fit([X.View], new MatrixTargetSource<T>(Y.View), [.. order.Select(i => Weights[i])]);
        using Matrix<T> dual = Reordered(expected.DualCoef.View, order);
        AssertClose(model.BestAlphas.View, expected.BestAlphas.View, 0, "alphas");
        AssertClose(model.CvScores.View, expected.CvScores.View, Tolerance, "scores");
        AssertClose(model.DualCoef.View, dual.View, Tolerance, "dual coef");
    }

    [Test]
    public void A_sample_of_weight_0_may_hold_anything([Values] bool intercept)
    {
        using Problem<T> problem = new(Backend, offset: intercept ? 1.5 : 0);
        using Matrix<T> Y = Matrix<T>.From(problem.Y.View!.Value);
        Y.View.SliceRows(7, 1).Fill(T.CreateTruncating(1000));
        RandomSearchOptions search = Search with { FitIntercept = intercept };
        using KernelRidgeCV<T> expected = new(Backend, new() { Search = search });
        using KernelRidgeCV<T> model = new(Backend, new() { Search = search });
        expected.Fit([problem.X[0]], problem.Y, Weights);
        RequireSameFit(model.Fit([problem.X[0]], new MatrixTargetSource<T>(Y.View), Weights), expected);
    }

    [Test]
    public void Responses_that_are_read_by_tiles_give_the_same_and_inputs_stay_as_they_were()
    {
        using Problem<T> problem = new(Backend);
        using Matrix<T> kernel = Matrix<T>.From(problem.K[0]);
        using Matrix<T> Y = Matrix<T>.From(problem.Y.View!.Value);
        KernelRidgeCVOptions options = new() { Search = Search, Kernel = PairwiseKernel.Precomputed };
        using KernelRidgeCV<T> model = new(Backend, options);
        using KernelRidgeCV<T> expected = new(Backend, options);
        int[] all = [.. Enumerable.Range(0, Problem<T>.Train)];
        model.Fit([problem.K[0]], new PreparedTargets<T>(problem.Y, null, all, null), Weights);
        expected.Fit([problem.K[0]], problem.Y, Weights);
        AssertClose(model.DualCoef.View, expected.DualCoef.View, 0, "dual coef");
        AssertClose(problem.K[0], kernel.View, 0, "the caller's kernel");
        AssertClose(problem.Y.View!.Value, Y.View, 0, "the caller's responses");
    }

    [Test]
    public void A_loaded_fit_predicts_the_same_bits()
    {
        using Problem<T> problem = new(Backend, offset: 1.5);
        using TemporaryFolder folder = new();
        RandomSearchOptions search = Search with { FitIntercept = true };
        using KernelRidgeCV<T> single = new(Backend, new() { Search = search });
        single.Fit([problem.X[0]], problem.Y, Weights).Save(folder["single"]);
        using KernelRidgeCV<T> singleLoaded = KernelRidgeCV<T>.Load(Backend, folder["single"]);
        RequireSamePredictions(singleLoaded, single, [problem.XNew[0]]);
        using MultipleKernelRidgeCV<T> several = Multiple(MultipleKernelSolver.HyperGradient, true);
        several.Fit(problem.K, problem.Y, Weights).Save(folder["several"]);
        using MultipleKernelRidgeCV<T> severalLoaded = MultipleKernelRidgeCV<T>.Load(Backend, folder["several"]);
        RequireSamePredictions(severalLoaded, several, problem.KNew);
    }

    [TestCase(double.NaN, "sampleWeights[2] is NaN")]
    [TestCase(double.PositiveInfinity, "sampleWeights[2] is")]
    [TestCase(-1, "sampleWeights[2] is -1")]
    public void A_weight_that_is_none_is_refused(double weight, string message)
    {
        double[] weights = [.. Weights];
        weights[2] = weight;
        RequireRefused(weights, message);
    }

    [Test]
    public void Too_few_weights_and_nothing_but_zeros_are_refused()
    {
        RequireRefused([1, 2], "sampleWeights has 2 numbers for 40 samples");
        RequireRefused(new double[Problem<T>.Train], "All 40 sampleWeights are 0");
    }

    private static double GoldenTolerance => typeof(T) == typeof(float) ? 1e-4 : 1e-8;

    private static void RequireGolden(Matrix<T> actual, double[] expected, string name)
    {
        using Matrix<T> matrix =
            Matrix<T>.From(actual.Rows, actual.Columns, Array.ConvertAll(expected, T.CreateTruncating));
        AssertClose(actual.View, matrix.View, GoldenTolerance, name);
    }

    private static void RequireSameFit(KernelEstimator<T> model, KernelEstimator<T> expected)
    {
        AssertClose(model.DualCoef.View, expected.DualCoef.View, 10 * Tolerance, "dual coef");
        Assert.That(model.Intercept is null, Is.EqualTo(expected.Intercept is null));
        if (expected.Intercept is not null)
        {
            AssertClose(model.Intercept!.View, expected.Intercept.View, 10 * Tolerance, "intercept");
        }
    }

    /// <summary>Dual weights of several kernels are times alpha, so equal weights show in them.</summary>
    private static void AssertDualsClose(Matrix<T> actual, Matrix<T> expected, double times)
    {
        using Matrix<T> scaled = Matrix<T>.From(expected.View);
        for (nint i = 0; i < scaled.Rows; i++)
        {
            for (nint j = 0; j < scaled.Columns; j++)
            {
                scaled[i, j] *= T.CreateTruncating(times);
            }
        }

        AssertClose(actual.View, scaled.View, 10 * Tolerance, "dual coef of several kernels");
    }

    private static void RequireSamePredictions(
        Estimator<T> actual, Estimator<T> expected, IReadOnlyList<MatrixView<T>> inputs)
    {
        using Matrix<T> predictions = actual.Predict(inputs);
        using Matrix<T> expectedPredictions = expected.Predict(inputs);
        AssertClose(predictions.View, expectedPredictions.View, 0, "predictions");
    }

    private static Matrix<T> Scaled(MatrixView<T> A, bool columns)
    {
        Matrix<T> scaled = new(A.Rows, A.Columns);
        for (int i = 0; i < A.Rows; i++)
        {
            for (int j = 0; j < A.Columns; j++)
            {
                double factor = Math.Sqrt(Weights[i]) * (columns ? Math.Sqrt(Weights[j]) : 1);
                scaled[i, j] = T.CreateTruncating(factor * double.CreateTruncating(A[i, j]));
            }
        }

        return scaled;
    }

    private static Matrix<T> Reordered(MatrixView<T> A, int[] order)
    {
        Matrix<T> reordered = new(A.Rows, A.Columns);
        for (int i = 0; i < order.Length; i++)
        {
            A.SliceRows(order[i], 1).CopyTo(reordered.View.SliceRows(i, 1));
        }

        return reordered;
    }

    private MultipleKernelRidgeCV<T> Multiple(MultipleKernelSolver solver, bool intercept) => new(Backend, new()
    {
        Solver = solver,
        Kernels = Given,
        Search = Search with { FitIntercept = intercept },
        Iterations = 4,
        Seed = 1,
        HyperGradient = new() { Seed = 0, MaxIterations = 3, FitIntercept = intercept },
    });

    private void RequireRefused(double[] weights, string message)
    {
        using Problem<T> problem = new(Backend);
        using KernelRidgeCV<T> single = new(Backend, new() { Search = Search });
        using MultipleKernelRidgeCV<T> several = new(Backend, new() { Search = Search });
        foreach (Action fit in (Action[])
            [
                () => single.Fit([problem.X[0]], problem.Y, weights),
                () => single.Fit(CsrMatrix<T>.FromDense(problem.X[0]), problem.Y, weights),
                () => several.Fit(problem.X, problem.Y, weights),
            ])
        {
            Assert.That(
                () => fit(),
                Throws.ArgumentException.With.Message.Contains(message)
                    .And.Property("ParamName").EqualTo("sampleWeights"));
        }

        Assert.That(single.IsFitted || several.IsFitted, Is.False);
    }
}
