using System.Numerics;
using VemKernels.Solvers.Tests.RandomSearch;

namespace VemKernels.Solvers.Tests.FixedAlpha;

[TestFixtureSource(typeof(SolverBackends), nameof(SolverBackends.WithElementTypes))]
internal sealed class WeightedKernelRidgeTests<T>(SolverBackend backend) : DualSolverFixture<T>(backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Samples = 20;
    private const int Targets = 11;
    private const int Enough = 3000;

    private static readonly WeightedKernelRidgeSolver[] Convergent =
        [WeightedKernelRidgeSolver.ConjugateGradient, WeightedKernelRidgeSolver.GradientDescent];

    [Test]
    public void Dual_weights_solve_each_targets_own_system(
        [ValueSource(nameof(Convergent))] WeightedKernelRidgeSolver solver, [Values] bool oneDelta,
        [Values] bool oneAlpha)
    {
        using SmallProblem<T> problem = new(seed: 1, Samples, Targets, [12, 7, 9]);
        using Matrix<T> deltas = Deltas(3, oneDelta ? 1 : Targets, seed: 2);
        double[] alphas = oneAlpha ? [20.0] : [.. PerTarget(Targets, seed: 3).Select(alpha => alpha + 20)];
        using DualWeightsResult<T> fit = Solve(problem, deltas, Tight(solver) with { Alphas = alphas });
        RegressionOracle.RequireClose(fit.Weights!.View, Expected(problem, deltas, alphas), Tolerance);
    }

    [Test]
    public void The_gradient_with_the_factor_K_descends_to_the_same_weights()
    {
        using SmallProblem<T> problem = new(seed: 4, Samples, Targets, [60, 60]);
        using Matrix<T> deltas = new(2, Targets);
        WeightedKernelRidgeOptions options = Tight(
            WeightedKernelRidgeSolver.GradientDescent) with { Alphas = [60.0], DoubleK = true };
        using DualWeightsResult<T> fit = Solve(problem, deltas, options);
        RegressionOracle.RequireClose(fit.Weights!.View, Expected(problem, deltas, [60.0]), Tolerance);
        Assert.That(fit.Iterations, Is.All.LessThan(Enough));
    }

    [Test]
    public void A_kernel_of_weight_zero_plays_no_part(
        [ValueSource(nameof(Convergent))] WeightedKernelRidgeSolver solver)
    {
        using SmallProblem<T> problem = new(seed: 6, Samples, Targets, [12, 7]);
        using Matrix<T> deltas = Deltas(2, Targets, seed: 7);
        deltas.View.SliceRows(1, 1).Fill(T.NegativeInfinity);
        using DualWeightsResult<T> fit = Solve(problem, deltas, Tight(solver) with { Alphas = [20.0] });
        RegressionOracle.RequireClose(fit.Weights!.View, Expected(problem, deltas, [20.0]), Tolerance);
    }

    [Test]
    public void A_start_at_the_solution_is_done_in_a_step(
        [ValueSource(nameof(Convergent))] WeightedKernelRidgeSolver solver)
    {
        using SmallProblem<T> problem = new(seed: 8, Samples, Targets, [12, 7]);
        using Matrix<T> deltas = Deltas(2, Targets, seed: 9);
        using DualWeightsResult<T> cold = Solve(problem, deltas, Tight(solver) with { Alphas = [20.0] });
        WeightedKernelRidgeOptions loose = Tight(solver) with { Alphas = [20.0], Tolerance = 1e-2 };
        using DualWeightsResult<T> warm = Solve(problem, deltas, loose, cold.Weights!.View);
        Assert.That(cold.Iterations, Is.All.GreaterThan(1));
        Assert.That(warm.Iterations, Is.All.EqualTo(1));
        RegressionOracle.RequireClose(warm.Weights!.View, Expected(problem, deltas, [20.0]), Tolerance);
    }

    [Test]
    public void A_warm_start_meets_the_optimality_conditions_with_sample_weights_and_intercept()
    {
        using SmallProblem<T> problem = new(seed: 10, Samples, Targets, [12], offset: 1);
        using Matrix<T> deltas = new(1, 1);
        using Matrix<T> start = SmallProblem<T>.Gaussian(new RandomState(11), Samples, Targets, 0);
        double[] sampleWeights = [.. Enumerable.Range(0, Samples).Select(i => 1.0 + (i % 3))];
        WeightedKernelRidgeOptions options = Tight(WeightedKernelRidgeSolver.ConjugateGradient) with
        {
            Alphas = [20.0], FitIntercept = true, SampleWeights = sampleWeights,
        };
        using DualWeightsResult<T> fit = Solve(problem, deltas, options, start.View);
        double[,] expected = RegressionOracle.DualWithIntercept(
            problem.Kernel([1.0], fromFeatures: false), problem.Responses(), 20.0, sampleWeights);
        using Matrix<T> all = new(Samples + 1, Targets);
        fit.Weights!.View.CopyTo(all.View.SliceRows(0, Samples));
        fit.Intercept!.View.CopyTo(all.View.SliceRows(Samples, 1));
        RegressionOracle.RequireClose(all.View, expected, Tolerance);
    }

    [Test]
    public void Targets_that_converge_leave_and_take_the_steps_they_take_alone(
        [ValueSource(nameof(Convergent))] WeightedKernelRidgeSolver solver)
    {
        using SmallProblem<T> problem = new(seed: 12, Samples, Targets, [12, 7]);
        using Matrix<T> deltas = Deltas(2, Targets, seed: 13);
        double[] alphas = [.. Enumerable.Range(0, Targets).Select(j => Math.Pow(10, j % 4))];
        WeightedKernelRidgeOptions options =
            new() { Alphas = alphas, Solver = solver, Tolerance = 1e-3, MaxIterations = 200 };
        using DualWeightsResult<T> together = Solve(problem, deltas, options);
        Assert.That(together.Iterations.Distinct().Count(), Is.GreaterThan(2), "targets of one pace test nothing");
        for (int j = 0; j < Targets; j++)
        {
            using Matrix<T> delta = Matrix<T>.From(deltas.View.SliceColumns(j, 1));
            using DualWeightsResult<T> alone = WeightedKernelRidge.Solve(
                Backend, problem.KernelViews, new MatrixTargetSource<T>(problem.Y.View.SliceColumns(j, 1)), delta.View,
                options with { Alphas = [alphas[j]] });
            Assert.That(together.Iterations[j], Is.EqualTo(alone.Iterations[0]), $"steps of target {j}");
            Assert.That(
                double.CreateTruncating(together.Weights![5, j]),
                Is.EqualTo(double.CreateTruncating(alone.Weights![5, 0])).Within(1e-5), $"target {j}");
        }
    }

    [Test]
    public void Iterations_stop_at_the_most_allowed_and_tolerance_zero_never_stops_early()
    {
        using SmallProblem<T> problem = new(seed: 14, Samples, Targets, [12, 7]);
        using Matrix<T> deltas = Deltas(2, Targets, seed: 15);
        using DualWeightsResult<T> few = Solve(problem, deltas, new() { MaxIterations = 3, Tolerance = 1e-12 });
        using DualWeightsResult<T> all = Solve(
            problem, deltas, new() { Alphas = [1e6], MaxIterations = 40, Tolerance = 0 });
        using DualWeightsResult<T> none = Solve(problem, deltas, new() { MaxIterations = 0 });
        Assert.That(few.Iterations, Is.All.EqualTo(3));
        Assert.That(all.Iterations, Is.All.EqualTo(40));
        Assert.That(none.Weights![4, 4], Is.EqualTo(T.Zero));
    }

    [Test]
    public void Given_step_sizes_and_Lipschitz_constants_are_used()
    {
        using SmallProblem<T> problem = new(seed: 16, Samples, Targets, [12, 7]);
        using Matrix<T> deltas = new(2, Targets);
        WeightedKernelRidgeOptions one =
            new() { Solver = WeightedKernelRidgeSolver.GradientDescent, MaxIterations = 1 };
        using DualWeightsResult<T> byStep = Solve(problem, deltas, one with { StepSizes = [0.125] });
        using DualWeightsResult<T> byConstant = Solve(problem, deltas, one with { LipschitzConstants = [3.0, 4.0] });
        double expected = 0.125 * double.CreateTruncating(problem.Y[3, 5]);
        Assert.That(double.CreateTruncating(byStep.Weights![3, 5]), Is.EqualTo(expected).Within(1e-6));
        Assert.That(double.CreateTruncating(byConstant.Weights![3, 5]), Is.EqualTo(expected).Within(1e-6));
    }

    [Test]
    public void A_target_of_zeros_has_weights_of_zeros([Values] WeightedKernelRidgeSolver solver)
    {
        using SmallProblem<T> problem = new(seed: 17, Samples, Targets, [12, 7]);
        using Matrix<T> deltas = Deltas(2, Targets, seed: 18);
        problem.Y.View.SliceColumns(3, 1).Fill(T.Zero);
        using DualWeightsResult<T> fit = Solve(problem, deltas, new() { Solver = solver });
        for (int i = 0; i < Samples; i++)
        {
            Assert.That(fit.Weights![i, 3], Is.EqualTo(T.Zero));
        }
    }

    [Test]
    public void Cancellation_and_a_budget_that_is_too_small_leave_nothing_behind()
    {
        using SmallProblem<T> problem = new(seed: 19, Samples, Targets, [12, 7]);
        using Matrix<T> deltas = Deltas(2, Targets, seed: 20);
        using CancellationTokenSource source = new();
        double last = 0;
        Recorder progress = new(report =>
        {
            Assert.That(report.Fraction, Is.GreaterThanOrEqualTo(last).And.LessThanOrEqualTo(1));
            last = report.Fraction;
            source.Cancel();
        });
        Assert.That(
            () => WeightedKernelRidge.Solve(
                Backend, problem.KernelViews, problem.Targets, deltas.View, new(), progress: progress,
                cancellation: source.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(
            () => Solve(problem, deltas, new() { Memory = new MemoryBudget(1000) }),
            Throws.InstanceOf<MemoryBudgetException>());
    }

    [Test]
    public void Memory_of_the_caller_receives_the_weights()
    {
        using SmallProblem<T> problem = new(seed: 21, Samples, Targets, [12, 7]);
        using Matrix<T> deltas = Deltas(2, Targets, seed: 22);
        using Matrix<T> memory = new(Samples, Targets);
        using DualWeightsResult<T> own = Solve(problem, deltas, new());
        using DualWeightsResult<T> given = WeightedKernelRidge.Solve(
            Backend, problem.KernelViews, problem.Targets, deltas.View, new(), null, memory.View);
        Assert.That(given.Weights, Is.Null);
        Assert.That(memory[Samples - 1, Targets - 1], Is.EqualTo(own.Weights![Samples - 1, Targets - 1]));
    }

    [Test]
    public void Bad_arguments_are_named()
    {
        using SmallProblem<T> problem = new(seed: 23, Samples, Targets, [12, 7]);
        using Matrix<T> deltas = Deltas(2, Targets, seed: 24);
        using Matrix<T> threeDeltas = Deltas(3, Targets, seed: 24);
        using Matrix<T> infinite = Deltas(2, Targets, seed: 24);
        infinite[1, 3] = T.PositiveInfinity;
        using Matrix<T> small = new(Samples - 1, Samples - 1);
        Expect("deltas", new(), threeDeltas);
        Expect("deltas", new(), infinite);
        Expect("kernels[1]", new(), deltas, [problem.Kernels[0].View, small.View]);
        Expect("neumannFactors", new() { NeumannFactors = [1.0, 2.0] }, deltas);
        Expect(
            "initialDualWeights", new() { Solver = WeightedKernelRidgeSolver.NeumannSeries }, deltas,
            start: problem.Y.View);
        problem.Y[3, 3] = T.PositiveInfinity;
        Expect("targets", new(), deltas);

        void Expect(
            string name, WeightedKernelRidgeOptions options, Matrix<T> given, MatrixView<T>[]? kernels = null,
            MatrixView<T>? start = null) =>
            Assert.That(
                () => WeightedKernelRidge.Solve(
                    Backend, kernels ?? problem.KernelViews, problem.Targets, given.View, options, start),
                Throws.InstanceOf<ArgumentException>().With.Property("ParamName").EqualTo(name));
    }

    private static WeightedKernelRidgeOptions Tight(WeightedKernelRidgeSolver solver) =>
        new() { Solver = solver, Tolerance = StepTolerance, MaxIterations = Enough };

    private DualWeightsResult<T> Solve(
        SmallProblem<T> problem, Matrix<T> deltas, WeightedKernelRidgeOptions options, MatrixView<T>? start = null) =>
        WeightedKernelRidge.Solve(Backend, problem.KernelViews, problem.Targets, deltas.View, options, start);

    private static double[,] Expected(SmallProblem<T> problem, Matrix<T> deltas, double[] alphas) => RegressionOracle.Dual(
        j =>
        {
            int column = deltas.Columns == 1 ? 0 : j;
            double[] weights = [.. Enumerable.Range(0, (int)deltas.Rows).Select(i => Math.Exp(double.CreateTruncating(deltas[i, column])))];
            return problem.Kernel(weights, fromFeatures: false);
        },
        problem.Responses(), j => alphas[alphas.Length == 1 ? 0 : j]);

    private sealed class Recorder(Action<FitProgress> record) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => record(value);
    }
}
