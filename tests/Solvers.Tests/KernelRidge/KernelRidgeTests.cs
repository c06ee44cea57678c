using System.Numerics;
using VemKernels.Solvers.Tests.RandomSearch;

namespace VemKernels.Solvers.Tests.FixedAlpha;

[TestFixtureSource(typeof(SolverBackends), nameof(SolverBackends.WithElementTypes))]
internal sealed class KernelRidgeTests<T>(SolverBackend backend) : DualSolverFixture<T>(backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Samples = 20;
    private const int Targets = 9;
    private const int Enough = 2000;

    [Test]
    public void Dual_weights_solve_the_system([Values] KernelRidgeSolver solver, [Values] bool onePerTarget)
    {
        using SmallProblem<T> problem = new(seed: 1, Samples, Targets, [12]);
        double[] alphas = onePerTarget ? [.. PerTarget(Targets, seed: 2).Select(alpha => alpha + 5)] : [8.0];
        KernelRidgeOptions options =
            new() { Alphas = alphas, Solver = solver, Tolerance = StepTolerance, MaxIterations = Enough };
        using DualWeightsResult<T> fit = Solve(problem, options);
        double[,] K = problem.Kernel([1.0], fromFeatures: false);
        double[,] expected = RegressionOracle.Dual(_ => K, problem.Responses(), j => alphas[onePerTarget ? j : 0]);
        RegressionOracle.RequireClose(fit.Weights!.View, expected, Tolerance);
        Assert.That(
            fit.Iterations,
            Has.Count.EqualTo(solver is KernelRidgeSolver.Eigenvalues or KernelRidgeSolver.Svd ? 0 : Targets));
    }

    [Test]
    public void An_intercept_and_sample_weights_meet_their_optimality_conditions(
        [Values] KernelRidgeSolver solver, [Values] bool weighted)
    {
        using SmallProblem<T> problem = new(seed: 3, Samples, Targets, [12], offset: 1);
        double[] sampleWeights = [.. Enumerable.Range(0, Samples).Select(i => weighted ? i % 3 : 1.0)];
        KernelRidgeOptions options = new()
        {
            Alphas = [20.0], FitIntercept = true, Solver = solver, Tolerance = StepTolerance, MaxIterations = Enough,
            SampleWeights = weighted ? sampleWeights : null,
        };
        using DualWeightsResult<T> fit = Solve(problem, options);
        double[,] expected = RegressionOracle.DualWithIntercept(
            problem.Kernel([1.0], fromFeatures: false), problem.Responses(), 20.0, sampleWeights);
        using Matrix<T> all = new(Samples + 1, Targets);
        fit.Weights!.View.CopyTo(all.View.SliceRows(0, Samples));
        fit.Intercept!.View.CopyTo(all.View.SliceRows(Samples, 1));
        RegressionOracle.RequireClose(all.View, expected, Tolerance);
    }

    [Test]
    public void A_sample_of_weight_two_counts_as_two([Values] bool intercept)
    {
        using SmallProblem<T> problem = new(seed: 4, Samples, Targets, [12], offset: 1);
        using Matrix<T> K = Repeated(problem.Kernels[0].View, columnsToo: true);
        using Matrix<T> Y = Repeated(problem.Y.View, columnsToo: false);
        double[] twice = [2.0, .. Enumerable.Repeat(1.0, Samples - 1)];
        KernelRidgeOptions options = new() { Alphas = [5.0], FitIntercept = intercept };
        using DualWeightsResult<T> weighted = Solve(problem, options with { SampleWeights = twice });
        using DualWeightsResult<T> repeated = KernelRidge.Solve(
            Backend, K.View, new MatrixTargetSource<T>(Y.View), options);
        for (int j = 0; j < Targets; j++)
        {
            double together = double.CreateTruncating(repeated.Weights![0, j] + repeated.Weights[Samples, j]);
            Assert.That(double.CreateTruncating(weighted.Weights![0, j]), Is.EqualTo(together).Within(Tolerance));
            if (intercept)
            {
                Assert.That(
                    double.CreateTruncating(weighted.Intercept![0, j]),
                    Is.EqualTo(double.CreateTruncating(repeated.Intercept![0, j])).Within(Tolerance * 10));
            }
        }
    }

    [Test]
    public void Negative_eigenvalues_are_handled_as_the_options_say()
    {
        using SmallProblem<T> problem = Indefinite();
        KernelRidgeOptions options =
            new() { Alphas = [.. Enumerable.Range(0, Targets).Select(j => j == 0 ? 1.9 : 2.1)] };
        double[,] K = problem.Kernel([1.0], fromFeatures: false);
        double[,] asItIs = RegressionOracle.Dual(_ => K, problem.Responses(), _ => 2.1);

        using DualWeightsResult<T> nan = Solve(problem, options with { NegativeEigenvalues = NegativeEigenvalues.NaN });
        Assert.That(T.IsNaN(nan.Weights![3, 0]), "alpha under twice the lowest eigenvalue");
        Assert.That(double.CreateTruncating(nan.Weights[3, 1]), Is.EqualTo(asItIs[3, 1]).Within(Tolerance));

        // The kernel is diagonal, its first entry -1: taken for zero, that weight is y / alpha.
        using DualWeightsResult<T> zeros = Solve(problem, options);
        double expected = double.CreateTruncating(problem.Y[0, 1]) / 2.1;
        Assert.That(double.CreateTruncating(zeros.Weights![0, 1]), Is.EqualTo(expected).Within(Tolerance));

        using DualWeightsResult<T> bySvd = Solve(problem, options with { Solver = KernelRidgeSolver.Svd });
        Assert.That(double.CreateTruncating(bySvd.Weights![0, 1]), Is.EqualTo(expected).Within(Tolerance));

        Assert.That(
            () => Solve(problem, options with { NegativeEigenvalues = NegativeEigenvalues.Error }),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("kernel"));
    }

    [Test]
    public void Rounding_of_a_semi_definite_kernel_is_no_negative_eigenvalue()
    {
        using SmallProblem<T> problem = new(seed: 6, Samples, Targets, [3]);
        Assert.That(
            () => Solve(problem, new() { NegativeEigenvalues = NegativeEigenvalues.Error }).Dispose(), Throws.Nothing);
    }

    [Test]
    public void Cross_validation_by_singular_values_finds_what_it_finds_by_eigenvalues(
        [Values] bool intercept, [Values(5, 40)] int features)
    {
        using SmallProblem<T> problem = new(seed: 8, Samples, Targets, [features], offset: 1);
        RandomSearchOptions options = new() { Alphas = [0.1, 1, 10, 100], FitIntercept = intercept };
        Fold[] folds = CrossValidationSplits.KFold(Samples, 4);
        using RandomSearchResult<T> byEigenvalues =
            KernelRidgeCV.Solve(Backend, problem.Kernels[0].View, problem.Targets, folds, options);
        using RandomSearchResult<T> bySvd = KernelRidgeCV.Solve(
            Backend, problem.Kernels[0].View, problem.Targets, folds,
            options with { Diagonalization = Diagonalization.Svd });
        for (int j = 0; j < Targets; j++)
        {
            Assert.That(bySvd.BestAlphas[0, j], Is.EqualTo(byEigenvalues.BestAlphas[0, j]));
            Assert.That(
                double.CreateTruncating(bySvd.CvScores[0, j]),
                Is.EqualTo(double.CreateTruncating(byEigenvalues.CvScores[0, j])).Within(Tolerance));
            Assert.That(
                double.CreateTruncating(bySvd.Weights![3, j]),
                Is.EqualTo(double.CreateTruncating(byEigenvalues.Weights![3, j])).Within(Tolerance));
        }
    }

    [Test]
    public void Bad_arguments_are_named()
    {
        using SmallProblem<T> problem = new(seed: 7, Samples, Targets, [4]);
        using Matrix<T> small = new(Samples - 1, Samples);
        Expect("kernel", new(), small.View);
        Expect("alphas", new() { Alphas = [-1.0] });
        Expect("stepSizes", new() { StepSizes = [1.0, 2.0] });
        Expect("lipschitzConstants", new() { LipschitzConstants = [1.0, 2.0] });
        Expect("initialDualWeights", new(), start: small.View);
        Expect("weights", new(), memory: small.View);
        Expect("options", new() { Tolerance = -1 });
        problem.Kernels[0][1, 2] += T.One;
        Expect("kernel", new());

        void Expect(
            string name, KernelRidgeOptions options, MatrixView<T>? kernel = null, MatrixView<T>? start = null,
            MatrixView<T>? memory = null) =>
            Assert.That(
                () => KernelRidge.Solve(
                    Backend, kernel ?? problem.Kernels[0].View, problem.Targets, options, start, memory),
                Throws.InstanceOf<ArgumentException>().With.Property("ParamName").EqualTo(name));
    }

    private DualWeightsResult<T> Solve(SmallProblem<T> problem, KernelRidgeOptions options) =>
        KernelRidge.Solve(Backend, problem.Kernels[0].View, problem.Targets, options);

    /// <summary>A problem whose kernel is diagonal: -1, 2, 3, ...</summary>
    private static SmallProblem<T> Indefinite()
    {
        SmallProblem<T> problem = new(seed: 5, Samples, Targets, [4]);
        problem.Kernels[0].View.Fill(T.Zero);
        for (int i = 0; i < Samples; i++)
        {
            problem.Kernels[0][i, i] = T.CreateTruncating(i == 0 ? -1 : 1 + i);
        }

        return problem;
    }

    /// <summary>The first sample once more, at the end.</summary>
    private static Matrix<T> Repeated(MatrixView<T> given, bool columnsToo)
    {
        Matrix<T> matrix = new(given.Rows + 1, given.Columns + (columnsToo ? 1 : 0));
        for (nint i = 0; i < matrix.Rows; i++)
        {
            for (nint j = 0; j < matrix.Columns; j++)
            {
                matrix[i, j] = given[i % given.Rows, j % given.Columns];
            }
        }

        return matrix;
    }
}
