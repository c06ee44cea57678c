using FsCheck.NUnit;
using VemKernels.Solvers.Tests.RandomSearch;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;

namespace VemKernels.Solvers.Tests.Properties;

/// <summary>
/// What must hold between models, whatever the data; in double, on small problems drawn from fixed seeds.
/// </summary>
/// <remarks>
/// Choices are compared by their deltas, not by the row of the candidate: candidates of a single space are all alike,
/// and which of equals is best is left to rounding.
/// </remarks>
[TestFixtureSource(typeof(SolverBackends), nameof(SolverBackends.All))]
[Properties(Arbitrary = [typeof(ProblemShapes)], MaxTest = 25, Replay = "20261122,7", QuietOnSuccess = true)]
public sealed class ModelProperties(SolverBackend backend)
{
    /// <summary>
    /// Relative to the largest entry: two roads to one result differ by the rounding of ill-conditioned solves.
    /// </summary>
    private const double Tolerance = 1e-8;

    private const double OneAlpha = 3;

    private static readonly double[] Alphas = [0.1, 1, 10, 100];

    private IBackend _backend = null!;

    [SetUp]
    public void Start() => _backend = backend.Create();

    [TearDown]
    public void Stop() => _backend.Dispose();

    [Property]
    public void Predictions_are_linear_in_the_targets(ProblemShape shape)
    {
        const double A = 1.7;
        const double B = -0.6;
        using SmallProblem<double> problem = shape.Draw();
        using SmallProblem<double> other = (shape with { Seed = shape.Seed + 1 }).Draw();
        using Matrix<double> combined = Make(
            shape.Samples, shape.Targets, (i, j) => (A * problem.Y[i, j]) + (B * other.Y[i, j]));
        using Matrix<double> gammas = DirichletSamples.Generate(1, shape.Features.Length, [1.0], shape.Seed);
        RandomSearchOptions options = new() { Alphas = [OneAlpha] };
        using Matrix<double> first = FitAndPredict(problem, problem.Y, gammas, shape, options);
        using Matrix<double> second = FitAndPredict(problem, other.Y, gammas, shape, options);
        using Matrix<double> both = FitAndPredict(problem, combined, gammas, shape, options);
        using Matrix<double> expected = Make(
            shape.Samples, shape.Targets, (i, j) => (A * first[i, j]) + (B * second[i, j]));
        AssertClose(both, expected, "predictions");
    }

    [Property]
    public void Kernel_ridge_on_a_linear_kernel_is_ridge(ProblemShape shape)
    {
        using SmallProblem<double> problem = shape.Draw();
        RandomSearchOptions options = new() { Alphas = Alphas };
        using RandomSearchResult<double> ridge = RidgeCV.Solve(
            _backend, problem.Features[0].View, problem.Targets, shape.Splits,
            options with { Weights = WeightKind.Primal });
        using RandomSearchResult<double> kernel = KernelRidgeCV.Solve(
            _backend, problem.Kernels[0].View, problem.Targets, shape.Splits, options);
        AssertClose(kernel.CvScores, ridge.CvScores, "scores");
        AssertClose(kernel.BestAlphas, ridge.BestAlphas, "alphas");
        using Matrix<double> fromWeights = Product(problem.Features[0], ridge.Weights!);
        using Matrix<double> fromDual = Predict([problem.Kernels[0].View], kernel);
        AssertClose(fromDual, fromWeights, "predictions");
    }

    [Property]
    public void Banded_ridge_with_equal_weights_is_ridge(ProblemShape shape)
    {
        using SmallProblem<double> problem = shape.Draw();
        int spaces = shape.Features.Length;
        using Matrix<double> equal = Make(1, spaces, (_, _) => 1.0 / spaces);
        double[] atOnce = Array.ConvertAll(Alphas, alpha => alpha * spaces);
        using Matrix<double> sideBySide = SideBySide(problem);
        using RandomSearchResult<double> banded = BandedRidge.Solve(
            _backend, problem.FeatureViews, problem.Targets, equal.View, shape.Splits,
            new() { Alphas = Alphas, Weights = WeightKind.Primal });
        using RandomSearchResult<double> ridge = RidgeCV.Solve(
            _backend, sideBySide.View, problem.Targets, shape.Splits,
            new() { Alphas = atOnce, Weights = WeightKind.Primal });

        // Scores hold a slope of 1e-10 log(alpha), and the alphas differ by the number of spaces.
        AssertClose(banded.CvScores, ridge.CvScores, "scores");
        using Matrix<double> scaled = Make(1, shape.Targets, (_, j) => banded.BestAlphas[0, j] * spaces);
        AssertClose(scaled, ridge.BestAlphas, "alphas");
        AssertClose(banded.Weights!, ridge.Weights!, "weights");
    }

    [Property]
    public void Split_scores_sum_to_the_joint_score(ProblemShape shape)
    {
        using SmallProblem<double> problem = shape.Draw();
        int spaces = shape.Features.Length;
        using Matrix<double> gammas = DirichletSamples.Generate(2, spaces, [1.0], shape.Seed);
        using RandomSearchResult<double> fit = BandedRidge.Solve(
            _backend, problem.FeatureViews, problem.Targets, gammas.View, shape.Splits, new() { Alphas = Alphas });
        using Matrix<double> split = new(spaces * shape.Samples, shape.Targets);
        for (int space = 0; space < spaces; space++)
        {
            using Matrix<double> part = Product(problem.Kernels[space], fit.Weights!);
            for (int j = 0; j < shape.Targets; j++)
            {
                for (int i = 0; i < shape.Samples; i++)
                {
                    split[(space * shape.Samples) + i, j] = Math.Exp(fit.Deltas[space, j]) * part[i, j];
                }
            }
        }

        using Matrix<double> joint = Predict(problem.KernelViews, fit);
        Centre(problem.Y);
        using Matrix<double> r2 = Scores.Of(_backend, ScoreKind.R2, problem.Y.View, joint.View);
        using Matrix<double> r2Split = Scores.R2Split(_backend, problem.Y.View, split.View, spaces);
        using Matrix<double> sumOfR2 = ColumnSums(r2Split);
        AssertClose(sumOfR2, r2, "r2");
        using Matrix<double> correlation = Scores.Of(_backend, ScoreKind.Correlation, problem.Y.View, joint.View);
        using Matrix<double> correlationSplit = Scores.CorrelationSplit(_backend, problem.Y.View, split.View, spaces);
        using Matrix<double> sumOfCorrelation = ColumnSums(correlationSplit);
        AssertClose(sumOfCorrelation, correlation, "correlation");
    }

    [Property]
    public void Permuting_targets_permutes_results(ProblemShape shape)
    {
        using SmallProblem<double> problem = shape.Draw();
        int[] order = new RandomState(shape.Seed).Permutation(shape.Targets);
        using Matrix<double> permuted = Permute(problem.Y, order);
        using Matrix<double> gammas = DirichletSamples.Generate(4, shape.Features.Length, [0.1, 1.0], shape.Seed);
        RandomSearchOptions options = new() { Alphas = Alphas, FitIntercept = true, Weights = WeightKind.Primal };
        using RandomSearchResult<double> straight = BandedRidge.Solve(
            _backend, problem.FeatureViews, problem.Targets, gammas.View, shape.Splits, options);
        using RandomSearchResult<double> mixed = BandedRidge.Solve(
            _backend, problem.FeatureViews, new MatrixTargetSource<double>(permuted.View), gammas.View, shape.Splits,
            options);
        foreach ((Matrix<double> actual, Matrix<double> before, string name) in new[]
        {
            (mixed.CvScores, straight.CvScores, "scores"),
            (mixed.Deltas, straight.Deltas, "deltas"),
            (mixed.BestAlphas, straight.BestAlphas, "alphas"),
            (mixed.Weights!, straight.Weights!, "weights"),
            (mixed.Intercept!, straight.Intercept!, "intercepts"),
        })
        {
            using Matrix<double> expected = Permute(before, order);
            AssertClose(actual, expected, name);
        }
    }

    [Property]
    public void Scaling_kernels_and_alphas_together_changes_nothing(ProblemShape shape)
    {
        const double Scale = 250;
        using SmallProblem<double> problem = shape.Draw();
        Matrix<double>[] scaledKernels =
        [
            .. problem.Kernels.Select(K => Make(shape.Samples, shape.Samples, (i, j) => Scale * K[i, j])),
        ];
        using Matrix<double> gammas = DirichletSamples.Generate(3, shape.Features.Length, [1.0], shape.Seed);
        using RandomSearchResult<double> plain = MultipleKernelRidge.Solve(
            _backend, problem.KernelViews, problem.Targets, gammas.View, shape.Splits, new() { Alphas = Alphas });
        MatrixView<double>[] views = [.. scaledKernels.Select(K => K.View)];
        using RandomSearchResult<double> scaled = MultipleKernelRidge.Solve(
            _backend, views, problem.Targets, gammas.View, shape.Splits,
            new() { Alphas = Array.ConvertAll(Alphas, alpha => Scale * alpha) });

        // Scores hold a slope of 1e-10 log(alpha), well under the tolerance.
        AssertClose(scaled.CvScores, plain.CvScores, "scores");

        using Matrix<double> deltas = Make(
            plain.Deltas.Rows, shape.Targets, (i, j) => scaled.Deltas[i, j] + Math.Log(Scale));
        AssertClose(deltas, plain.Deltas, "deltas");
        AssertClose(scaled.Weights!, plain.Weights!, "dual weights");
        using Matrix<double> expected = Predict(problem.KernelViews, plain);
        using Matrix<double> actual = Predict(views, scaled);
        AssertClose(actual, expected, "predictions");
        foreach (Matrix<double> kernel in scaledKernels)
        {
            kernel.Dispose();
        }
    }

    private Matrix<double> FitAndPredict(
        SmallProblem<double> problem, Matrix<double> Y, Matrix<double> gammas, ProblemShape shape,
        RandomSearchOptions options)
    {
        using RandomSearchResult<double> fit = BandedRidge.Solve(
            _backend, problem.FeatureViews, new MatrixTargetSource<double>(Y.View), gammas.View, shape.Splits, options);
        return Predict(problem.KernelViews, fit);
    }

    private Matrix<double> Predict(IReadOnlyList<MatrixView<double>> kernels, RandomSearchResult<double> fit)
    {
        Matrix<double> predictions = new(kernels[0].Rows, fit.Weights!.Columns);
        Predictions.Predict(_backend, kernels, fit.Weights.View, fit.Deltas.View, null, predictions.View);
        return predictions;
    }

    private static Matrix<double> Make(nint rows, nint columns, Func<nint, nint, double> element)
    {
        Matrix<double> matrix = new(rows, columns);
        for (nint i = 0; i < rows; i++)
        {
            for (nint j = 0; j < columns; j++)
            {
                matrix[i, j] = element(i, j);
            }
        }

        return matrix;
    }

    private static Matrix<double> Product(Matrix<double> A, Matrix<double> B) => Make(A.Rows, B.Columns, (i, j) =>
    {
        double sum = 0;
        for (nint k = 0; k < A.Columns; k++)
        {
            sum += A[i, k] * B[k, j];
        }

        return sum;
    });

    private static Matrix<double> Permute(Matrix<double> matrix, int[] order) =>
        Make(matrix.Rows, matrix.Columns, (i, j) => matrix[i, order[j]]);

    private static Matrix<double> ColumnSums(Matrix<double> matrix) =>
        Make(1, matrix.Columns, (_, j) => Enumerable.Range(0, (int)matrix.Rows).Sum(i => matrix[i, j]));

    private static Matrix<double> SideBySide(SmallProblem<double> problem)
    {
        (int Space, int Feature)[] columns =
        [
            .. problem.Features.SelectMany(
                (X, space) => Enumerable.Range(0, (int)X.Columns).Select(feature => (space, feature))),
        ];
        return Make(
            problem.Y.Rows, columns.Length, (i, j) => problem.Features[columns[j].Space][i, columns[j].Feature]);
    }

    private static void Centre(Matrix<double> matrix)
    {
        using Matrix<double> sums = ColumnSums(matrix);
        for (nint i = 0; i < matrix.Rows; i++)
        {
            for (nint j = 0; j < matrix.Columns; j++)
            {
                matrix[i, j] -= sums[0, j] / matrix.Rows;
            }
        }
    }

    private static void AssertClose(Matrix<double> actual, Matrix<double> expected, string name)
    {
        Assert.That((actual.Rows, actual.Columns), Is.EqualTo((expected.Rows, expected.Columns)), $"shape of {name}");
        double largest = 0;
        double worst = 0;
        for (nint i = 0; i < expected.Rows; i++)
        {
            for (nint j = 0; j < expected.Columns; j++)
            {
                double error = Math.Abs(actual[i, j] - expected[i, j]);
                worst = double.IsNaN(error) ? double.PositiveInfinity : Math.Max(worst, error);
                largest = Math.Max(largest, Math.Abs(expected[i, j]));
            }
        }

        Assert.That(worst, Is.LessThanOrEqualTo(Tolerance * largest), $"largest error of {name}");
    }
}
