using System.Numerics;

namespace VemKernels.Solvers.Tests.Lasso;

[TestFixtureSource(typeof(SolverBackends), nameof(SolverBackends.WithElementTypes))]
internal sealed class SparseGroupLassoTests<T>(SolverBackend backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Samples = 40;
    private const int Features = 12;
    private const int Targets = 15;

    /// <summary>Interleaved groups of four.</summary>
    private static readonly int[] Groups = [.. Enumerable.Range(0, Features).Select(k => k % 3)];

    private IBackend _backend = null!;

    private static double Tolerance => typeof(T) == typeof(float) ? 2e-4 : 1e-8;

    /// <summary>Of the iterations: as small as the type can tell.</summary>
    private static SparseGroupLassoOptions Precise => new()
    {
        Groups = Groups, MaxIterations = 20000, Tolerance = typeof(T) == typeof(float) ? 1e-7 : 1e-13,
    };

    [SetUp]
    public void Start() => _backend = backend.Create();

    [TearDown]
    public void Stop() => _backend.Dispose();

    [Test]
    public void The_solution_meets_the_optimality_conditions(
        [Values(0, 0.1, 0.5)] double l21, [Values(0, 0.1, 0.5)] double l1,
        [Values(GradientForm.Gram, GradientForm.Features)] GradientForm form, [Values(8, Samples)] int samples)
    {
        if (l21 + l1 == 0 && samples < Features)
        {
            Assert.Pass("Least squares with more features than samples have no single solution.");
        }

        using SparseLassoProblem<T> problem = new(1, samples, Features, Targets);
        using SparseGroupLassoResult<T> fit = Fit(problem, Precise with { L21 = [l21], L1 = [l1], Gradient = form });
        for (int j = 0; j < Targets; j++)
        {
            Assert.That(
                problem.Violation(fit.Weights!.View, j, Groups, l21, l1), Is.LessThan(Tolerance), $"target {j}");
        }
    }

    [Test]
    public void Without_penalties_it_is_least_squares([Values] bool intercept)
    {
        using SparseLassoProblem<T> problem = new(2, Samples, Features, Targets, offset: intercept ? 0.5 : 0);
        using SparseGroupLassoResult<T> fit = Fit(
            problem, Precise with { L21 = [0], L1 = [0], FitIntercept = intercept });
        for (int j = 0; j < Targets; j++)
        {
            double[] residual = new double[Samples];
            for (int i = 0; i < Samples; i++)
            {
                residual[i] = double.CreateTruncating(problem.Y[i, j]) - (intercept ? double.CreateTruncating(fit.Intercept![0, j]) : 0);
                for (int k = 0; k < Features; k++)
                {
                    residual[i] -= double.CreateTruncating(problem.X[i, k]) * double.CreateTruncating(fit.Weights![k, j]);
                }
            }

            // Residuals of least squares are orthogonal to the features, and to the constant where that is fitted.
            for (int k = 0; k < Features; k++)
            {
                double product = Enumerable.Range(0, Samples).Sum(
                    i => double.CreateTruncating(problem.X[i, k]) * residual[i]);
                Assert.That(product / Samples, Is.Zero.Within(Tolerance));
            }

            Assert.That(intercept ? residual.Average() : 0, Is.Zero.Within(Tolerance));
        }
    }

    [Test]
    public void An_intercept_equals_centring_by_hand()
    {
        using SparseLassoProblem<T> problem = new(3, Samples, Features, Targets, offset: 1);
        using SparseGroupLassoResult<T> fit = Fit(
            problem, Precise with { L21 = [0.1], L1 = [0.1], FitIntercept = true });
        Centre(problem.X);
        Centre(problem.Y);
        using SparseGroupLassoResult<T> centred = Fit(problem, Precise with { L21 = [0.1], L1 = [0.1] });
        AssertClose(fit.Weights!.View, centred.Weights!.View);
    }

    [Test]
    public void Huge_penalties_give_zeros([Values] bool groups)
    {
        using SparseLassoProblem<T> problem = new(4, Samples, Features, Targets);
        using SparseGroupLassoResult<T> fit = Fit(
            problem, new() { Groups = Groups, L21 = [groups ? 1e4 : 0], L1 = [groups ? 0 : 1e4] });
        AssertClose(fit.Weights!.View, new Matrix<T>(Features, Targets).View, 0);
        Assert.That(fit.Iterations, Is.All.EqualTo(1));
        Assert.That(fit.Converged, Is.All.True);
    }

    [Test]
    public void Groups_of_one_feature_make_it_the_lasso()
    {
        using SparseLassoProblem<T> problem = new(5, Samples, Features, Targets);
        int[] single = [.. Enumerable.Range(0, Features)];
        using SparseGroupLassoResult<T> groups = Fit(
            problem, Precise with { Groups = single, L21 = [0.2], L1 = [0.1] });
        using SparseGroupLassoResult<T> lasso = Fit(problem, Precise with { Groups = null, L21 = [0], L1 = [0.3] });
        AssertClose(groups.Weights!.View, lasso.Weights!.View);
    }

    [Test]
    public void Ignored_features_have_zero_weights_and_do_not_matter()
    {
        using SparseLassoProblem<T> problem = new(6, Samples, Features, Targets);
        int[] groups = [.. Groups.Select((group, k) => k % 5 == 0 ? -1 : group)];
        int[] kept = [.. Enumerable.Range(0, Features).Where(k => groups[k] >= 0)];
        using SparseGroupLassoResult<T> fit = Fit(problem, Precise with { Groups = groups });
        using Matrix<T> fewer = new(Samples, kept.Length);
        for (int k = 0; k < kept.Length; k++)
        {
            problem.X.View.SliceColumns(kept[k], 1).CopyTo(fewer.View.SliceColumns(k, 1));
        }

        using SparseGroupLassoResult<T> alone = SparseGroupLasso.Solve(
            _backend, fewer.View, problem.Targets, Precise with { Groups = [.. kept.Select(k => groups[k])] });
        for (int k = 0; k < Features; k++)
        {
            for (int j = 0; j < Targets; j++)
            {
                T expected = groups[k] < 0 ? T.Zero : alone.Weights![Array.IndexOf(kept, k), j];
                Assert.That(
                    double.CreateTruncating(fit.Weights![k, j]),
                    Is.EqualTo(double.CreateTruncating(expected)).Within(Tolerance));
            }
        }
    }

    [Test]
    public void Features_of_no_group_can_have_the_l1_penalty_alone()
    {
        using SparseLassoProblem<T> problem = new(7, Samples, Features, Targets);
        int[] groups = [.. Groups.Select((group, k) => k % 5 == 0 ? -1 : group)];
        using SparseGroupLassoResult<T> fit = Fit(
            problem, Precise with { Groups = groups, NegativeGroups = NegativeGroups.WithoutGroupPenalty, L21 = [0.3], L1 = [0.1] });
        int[] apart = [.. groups.Select((group, k) => group < 0 ? -1 - k : group)];
        for (int j = 0; j < Targets; j++)
        {
            Assert.That(
                problem.Violation(fit.Weights!.View, j, apart, 0.3, 0.1), Is.LessThan(Tolerance), $"target {j}");
        }
    }

    [Test]
    public void Penalties_of_each_target_equal_separate_fits([Values] GradientForm form)
    {
        using SparseLassoProblem<T> problem = new(8, Samples, Features, Targets);
        double[] l21 = [.. Enumerable.Range(0, Targets).Select(j => 0.03 * j)];
        double[] l1 = [.. Enumerable.Range(0, Targets).Select(j => 0.5 / (1 + j))];
        SparseGroupLassoOptions options = Precise with { Gradient = form };
        using SparseGroupLassoResult<T> together = Fit(problem, options with { L21 = l21, L1 = l1 });
        for (int j = 0; j < Targets; j++)
        {
            using SparseGroupLassoResult<T> alone = SparseGroupLasso.Solve(
                _backend, problem.X.View, new MatrixTargetSource<T>(problem.Y.View.SliceColumns(j, 1)),
                options with { L21 = [l21[j]], L1 = [l1[j]] });
            AssertClose(together.Weights!.View.SliceColumns(j, 1), alone.Weights!.View);
        }
    }

    [Test]
    public void Both_methods_and_any_larger_Lipschitz_constant_agree()
    {
        using SparseLassoProblem<T> problem = new(9, Samples, Features, Targets);
        using SparseGroupLassoResult<T> fista = Fit(problem, Precise);
        using SparseGroupLassoResult<T> ista = Fit(problem, Precise with { Momentum = false });
        using SparseGroupLassoResult<T> small = Fit(problem, Precise with { Lipschitz = 2 * fista.Lipschitz });
        AssertClose(ista.Weights!.View, fista.Weights!.View);
        AssertClose(small.Weights!.View, fista.Weights!.View);
        Assert.That(ista.Lipschitz, Is.EqualTo(fista.Lipschitz));
        Assert.That(fista.Converged, Is.All.True);
    }

    [Test]
    public void A_target_that_has_converged_stays_as_it_is()
    {
        using SparseLassoProblem<T> problem = new(10, Samples, Features, Targets);
        double[] l1 = [.. Enumerable.Range(0, Targets).Select(j => j % 4 == 0 ? 100 : 0.01)];
        SparseGroupLassoOptions options = new() { Groups = Groups, L1 = l1, Tolerance = 1e-3 };
        using SparseGroupLassoResult<T> together = Fit(problem, options);
        Assert.That(together.Iterations.Distinct().Count(), Is.GreaterThan(2));
        for (int j = 0; j < Targets; j++)
        {
            using SparseGroupLassoResult<T> alone = SparseGroupLasso.Solve(
                _backend, problem.X.View, new MatrixTargetSource<T>(problem.Y.View.SliceColumns(j, 1)),
                options with { L1 = [l1[j]] });
            Assert.That(together.Iterations[j], Is.EqualTo(alone.Iterations[0]));
            AssertClose(together.Weights!.View.SliceColumns(j, 1), alone.Weights!.View, 1e-5);
        }
    }

    [Test]
    public void Running_out_of_iterations_is_told()
    {
        using SparseLassoProblem<T> problem = new(11, Samples, Features, Targets);
        using SparseGroupLassoResult<T> fit = Fit(problem, Precise with { MaxIterations = 2 });
        Assert.That(fit.Iterations, Is.All.EqualTo(2));
        Assert.That(fit.Converged, Is.All.False);
    }

    [Test]
    public void The_solution_as_a_start_is_the_solution()
    {
        using SparseLassoProblem<T> problem = new(12, Samples, Features, Targets);
        using SparseGroupLassoResult<T> cold = Fit(problem, Precise);
        using Matrix<T> own = new(Features, Targets);
        using SparseGroupLassoResult<T> warm = SparseGroupLasso.Solve(
            _backend, problem.X.View, problem.Targets, Precise with { Tolerance = 1e-5 }, cold.Weights!.View, own.View);
        Assert.That(warm.Iterations, Is.All.EqualTo(1));
        Assert.That(warm.Weights, Is.Null);
        AssertClose(own.View, cold.Weights!.View);
    }

    [Test]
    public void A_small_budget_changes_nothing_but_the_tiles()
    {
        using SparseLassoProblem<T> problem = new(13, Samples, Features, Targets);
        MemoryBudgetException refused = Assert.Throws<MemoryBudgetException>(
            () => Fit(problem, Precise with { Memory = new MemoryBudget(1000) }).Dispose())!;
        using SparseGroupLassoResult<T> whole = Fit(problem, Precise);
        using SparseGroupLassoResult<T> tiled = Fit(
            problem, Precise with { Memory = new MemoryBudget(refused.NeededBytes) });
        AssertClose(tiled.Weights!.View, whole.Weights!.View);
    }

    [Test]
    public void Cross_validation_chooses_and_refits_as_separate_fits_would(
        [Values] bool intercept, [Values] ScoreKind score)
    {
        using SparseLassoProblem<T> problem = new(14, Samples, Features, Targets, offset: intercept ? 0.5 : 0);
        Fold[] folds = CrossValidationSplits.KFold(Samples, 3);
        double precision = Precise.Tolerance;
        SparseGroupLassoCVOptions options = new()
        {
            Groups = Groups, L21 = [0.02, 0.5], L1 = [0.01, 0.1, 1], Score = score, FitIntercept = intercept,
            MaxIterations = 20000,
            Tolerance = precision,
        };
        using SparseGroupLassoCVResult<T> fit = SparseGroupLassoCV.Solve(
            _backend, problem.X.View, problem.Targets, folds, options);
        Assert.That(
            fit.Grid,
            Is.EqualTo(new[] { (0.5, 1.0), (0.5, 0.1), (0.5, 0.01), (0.02, 1.0), (0.02, 0.1), (0.02, 0.01) }));
        double[,] expected = new double[fit.Grid.Count, Targets];
        foreach (Fold fold in folds)
        {
            using Matrix<T> trainX = Select(problem.X, fold.Train);
            using Matrix<T> trainY = Select(problem.Y, fold.Train);
            using Matrix<T> validationX = Select(problem.X, fold.Validation);
            using Matrix<T> validationY = Select(problem.Y, fold.Validation);
            for (int row = 0; row < fit.Grid.Count; row++)
            {
                using SparseGroupLassoResult<T> part = SparseGroupLasso.Solve(
                    _backend, trainX.View, new MatrixTargetSource<T>(trainY.View),
                    Precise with { L21 = [fit.Grid[row].L21], L1 = [fit.Grid[row].L1], FitIntercept = intercept });
                using Matrix<T> predictions = Predict(validationX, part);
                using Matrix<T> scores = Scores.Of(_backend, score, validationY.View, predictions.View);
                for (int j = 0; j < Targets; j++)
                {
                    expected[row, j] += double.CreateTruncating(scores[0, j]) / folds.Length;
                }
            }
        }

        for (int j = 0; j < Targets; j++)
        {
            int best = fit.BestCandidates[j];
            for (int row = 0; row < fit.Grid.Count; row++)
            {
                double close = 10 * Tolerance * (1 + Math.Abs(expected[row, j]));
                Assert.That(double.CreateTruncating(fit.CvScores[row, j]), Is.EqualTo(expected[row, j]).Within(close));
                Assert.That(
                    double.CreateTruncating(fit.CvScores[row, j]),
                    Is.LessThanOrEqualTo(double.CreateTruncating(fit.CvScores[best, j])));
            }

            Assert.That(fit.BestL21[0, j], Is.EqualTo(T.CreateTruncating(fit.Grid[best].L21)));
            Assert.That(fit.BestL1[0, j], Is.EqualTo(T.CreateTruncating(fit.Grid[best].L1)));
        }

        using SparseGroupLassoResult<T> refit = Fit(problem, Precise with
        {
            L21 = [.. fit.BestCandidates.Select(row => fit.Grid[row].L21)],
            L1 = [.. fit.BestCandidates.Select(row => fit.Grid[row].L1)],
            FitIntercept = intercept,
        });
        AssertClose(fit.Refit.Weights!.View, refit.Weights!.View);
    }

    [Test]
    public void The_path_starts_each_pair_of_penalties_from_the_solution_before_it()
    {
        using SparseLassoProblem<T> problem = new(18, Samples, Features, Targets);
        Fold fold = CrossValidationSplits.KFold(Samples, 3)[1];
        using Matrix<T> trainX = Select(problem.X, fold.Train);
        using Matrix<T> trainY = Select(problem.Y, fold.Train);
        using Matrix<T> validationX = Select(problem.X, fold.Validation);
        using Matrix<T> validationY = Select(problem.Y, fold.Validation);

        // So few iterations that the start shows in the scores.
        const int Few = 3;
        using SparseGroupLassoCVResult<T> fit = SparseGroupLassoCV.Solve(
            _backend, problem.X.View, problem.Targets, [fold],
            new() { Groups = Groups, L21 = [0.5, 0.02], L1 = [0.2, 0.01], MaxIterations = Few });
        using Matrix<T> weights = new(Features, Targets);
        for (int row = 0; row < fit.Grid.Count; row++)
        {
            using SparseGroupLassoResult<T> part = SparseGroupLasso.Solve(
                _backend, trainX.View, new MatrixTargetSource<T>(trainY.View),
                new() { Groups = Groups, L21 = [fit.Grid[row].L21], L1 = [fit.Grid[row].L1], MaxIterations = Few },
                weights.View);
            part.Weights!.View.CopyTo(weights.View);
            using Matrix<T> predictions = Predict(validationX, part);
            using Matrix<T> scores = Scores.Of(_backend, ScoreKind.R2, validationY.View, predictions.View);
            AssertClose(fit.CvScores.View.SliceRows(row, 1), scores.View);
        }
    }

    [Test]
    public void Device_memory_is_freed_and_progress_ends_at_one([Values] GradientForm form, [Values] bool intercept)
    {
        using SparseLassoProblem<T> problem = new(15, Samples, Features, Targets);
        List<double> fractions = [];
        using SparseGroupLassoCVResult<T> fit = SparseGroupLassoCV.Solve(
            _backend, problem.X.View, problem.Targets, CrossValidationSplits.KFold(Samples, 3),
            new() { Groups = Groups, L1 = [0.1, 0.2], Gradient = form, FitIntercept = intercept }, null,
            new Recorder(progress => fractions.Add(progress.Fraction)));
        Assert.That(fractions, Is.Ordered);
        Assert.That(fractions[^1], Is.EqualTo(1));
        AssertNothingLeft();
    }

    [Test]
    public void A_cancelled_fit_stops_at_once_and_leaves_nothing([Values(1, 4, 30)] int reports)
    {
        using SparseLassoProblem<T> problem = new(16, Samples, Features, Targets);
        using CancellationTokenSource source = new();
        int seen = 0;
        Recorder progress = new(_ =>
        {
            seen++;
            if (seen == reports)
            {
                source.Cancel();
            }
        });
        Assert.That(
            () => SparseGroupLassoCV.Solve(
                _backend, problem.X.View, problem.Targets, CrossValidationSplits.KFold(Samples, 3),
                new() { Groups = Groups, L1 = [0.1, 0.2], Tolerance = 0 }, null, progress, source.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(seen, Is.EqualTo(reports), "work that was reported after the cancellation");
        AssertNothingLeft();
    }

    [Test]
    public void Bad_arguments_are_named()
    {
        using SparseLassoProblem<T> problem = new(17, Samples, Features, Targets);
        using Matrix<T> narrow = new(Features, Targets - 1);
        Fold[] folds = CrossValidationSplits.KFold(Samples, 3);
        void Throws(string part, Action call) =>
            Assert.That(call, NUnit.Framework.Throws.ArgumentException.With.Message.Contains(part));
        void Cv(SparseGroupLassoCVOptions? options = null, Fold[]? splits = null) => SparseGroupLassoCV.Solve(
            _backend, problem.X.View, problem.Targets, splits ?? folds, options ?? new()).Dispose();
        Throws("Groups", () => Fit(problem, new() { Groups = Groups[1..] }).Dispose());
        Throws("Groups", () => Fit(problem, new() { Groups = [.. Groups.Select(_ => -1)] }).Dispose());
        Throws("L21", () => Fit(problem, new() { L21 = [1, 2] }).Dispose());
        Throws("L21", () => Fit(problem, new() { L21 = [double.PositiveInfinity] }).Dispose());
        Throws("L1 ", () => Fit(problem, new() { L1 = [] }).Dispose());
        Throws("L1 ", () => Fit(problem, new() { L1 = [-0.1] }).Dispose());
        Throws("L1 ", () => Cv(new() { L1 = [0.1, double.NaN] }));
        Throws("MaxIterations", () => Fit(problem, new() { MaxIterations = 0 }).Dispose());
        Throws("Tolerance", () => Fit(problem, new() { Tolerance = double.NaN }).Dispose());
        Throws("Lipschitz", () => Fit(problem, new() { Lipschitz = 0 }).Dispose());
        Throws("targets", () => SparseGroupLasso.Solve(
            _backend, problem.X.View.SliceRows(0, 3), problem.Targets, new()).Dispose());
        Throws("initialWeights", () => SparseGroupLasso.Solve(
            _backend, problem.X.View, problem.Targets, new(), narrow.View).Dispose());
        Throws("weights", () => SparseGroupLasso.Solve(
            _backend, problem.X.View, problem.Targets, new(), null, narrow.View).Dispose());
        Throws("split", () => Cv(splits: []));
        Throws("split", () => Cv(splits: CrossValidationSplits.KFold(Samples - 1, 3)));
        problem.X[2, 3] = T.PositiveInfinity;
        Throws("features", () => Fit(problem, new()).Dispose());
        AssertNothingLeft();
    }

    private SparseGroupLassoResult<T> Fit(SparseLassoProblem<T> problem, SparseGroupLassoOptions options) =>
        SparseGroupLasso.Solve(_backend, problem.X.View, problem.Targets, options);

    private static Matrix<T> Predict(Matrix<T> X, SparseGroupLassoResult<T> fit)
    {
        Matrix<T> predictions = new(X.Rows, fit.Weights!.Columns);
        for (nint i = 0; i < X.Rows; i++)
        {
            for (nint j = 0; j < predictions.Columns; j++)
            {
                T sum = fit.Intercept is { } intercept ? intercept[0, j] : T.Zero;
                for (nint k = 0; k < X.Columns; k++)
                {
                    sum += X[i, k] * fit.Weights[k, j];
                }

                predictions[i, j] = sum;
            }
        }

        return predictions;
    }

    private static Matrix<T> Select(Matrix<T> matrix, ReadOnlySpan<int> rows)
    {
        Matrix<T> selected = new(rows.Length, matrix.Columns);
        for (int i = 0; i < rows.Length; i++)
        {
            matrix.View.SliceRows(rows[i], 1).CopyTo(selected.View.SliceRows(i, 1));
        }

        return selected;
    }

    private static void Centre(Matrix<T> matrix)
    {
        for (nint j = 0; j < matrix.Columns; j++)
        {
            double sum = 0;
            for (nint i = 0; i < matrix.Rows; i++)
            {
                sum += double.CreateTruncating(matrix[i, j]);
            }

            for (nint i = 0; i < matrix.Rows; i++)
            {
                matrix[i, j] -= T.CreateTruncating(sum / matrix.Rows);
            }
        }
    }

    private static void AssertClose(MatrixView<T> actual, MatrixView<T> expected, double? tolerance = null)
    {
        Assert.That((actual.Rows, actual.Columns), Is.EqualTo((expected.Rows, expected.Columns)));
        for (nint i = 0; i < expected.Rows; i++)
        {
            for (nint j = 0; j < expected.Columns; j++)
            {
                Assert.That(
                    double.CreateTruncating(actual[i, j]),
                    Is.EqualTo(double.CreateTruncating(expected[i, j])).Within(tolerance ?? Tolerance), $"({i}, {j})");
            }
        }
    }

    private void AssertNothingLeft()
    {
        if (_backend is Reference.ReferenceBackend reference)
        {
            Assert.That(reference.LiveMatrices, Is.Zero, "matrices left on the device");
        }
    }

    private sealed class Recorder(Action<FitProgress> record) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => record(value);
    }
}
