using System.Numerics;
using VemKernels.Solvers.Tests.RandomSearch;

namespace VemKernels.Solvers.Tests.BadInput;

/// <summary>
/// Every solver refuses input that makes no sense by an exception that names the argument and says what came, before it
/// writes to the caller's memory or leaves anything on the device.
/// </summary>
[TestFixtureSource(typeof(SolverBackends), nameof(SolverBackends.WithElementTypes))]
internal sealed class BadInputTests<T>(SolverBackend backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Samples = 20;

    private const int Targets = 4;

    private const int Features = 6;

    private static readonly T Marker = T.CreateTruncating(7.25);

    private IBackend _backend = null!;
    private SmallProblem<T> _problem = null!;
    private Matrix<T> _memory = null!;
    private Matrix<T> _primalMemory = null!;
    private Matrix<double> _gammas = null!;

    private static Fold[] Folds => CrossValidationSplits.KFold(Samples, 4);

    private MatrixView<T> Good => _problem.Kernels[1].View;

    private MatrixView<T> Memory => _memory.View;

    [SetUp]
    public void Start()
    {
        _backend = backend.Create();
        _problem = TwoSpaces();
        _memory = Marked(Samples);
        _primalMemory = Marked(2 * Features);
        _gammas = Matrix<double>.From(1, 2, [0.5, 0.5]);
    }

    [TearDown]
    public void Stop()
    {
        _problem.Dispose();
        _memory.Dispose();
        _primalMemory.Dispose();
        _gammas.Dispose();
        _backend.Dispose();
    }

    [Test]
    public void Kernels_that_are_not_square_or_of_different_sizes()
    {
        MatrixView<T> tall = _problem.Features[0].View;
        using Matrix<T> small = new(Samples - 1, Samples - 1);
        ForKernels(tall, "is 20 x 6; expected 20 x 20");
        ForKernels(small.View, "is 19 x 19; expected 20 x 20");
        Refuses("kernels[0]", "is 20 x 6; expected 20 x 20", () => Search([tall, Good]));
        Refuses("targets", "20 samples; the inputs have 19", () => Search([small.View, small.View]));
    }

    [Test]
    public void Kernels_that_are_not_symmetric()
    {
        // One entry by a hundredth of the largest one: no rounding. Then by a few roundings: a kernel that was
        // computed.
        T largest = T.Zero;
        for (int i = 0; i < Samples; i++)
        {
            largest = T.Max(largest, T.Abs(_problem.Kernels[0][i, i]));
        }

        T epsilon = typeof(T) == typeof(float) ? T.CreateTruncating(1.2e-7) : T.CreateTruncating(2.3e-16);
        T before = _problem.Kernels[0][17, 3];
        _problem.Kernels[0][17, 3] = before + (largest * T.CreateTruncating(8) * epsilon);
        Assert.That(() => Search([Good, _problem.Kernels[0].View]), Throws.Nothing, "a few roundings");
        _memory.View.Fill(Marker);
        _problem.Kernels[0][17, 3] = before + (largest * T.CreateTruncating(0.01));
        ForKernels(_problem.Kernels[0].View, "is not symmetric: entries (17, 3) and (3, 17)");
    }

    [Test]
    public void Kernels_and_responses_with_NaN_or_infinity([Values(double.NaN, double.PositiveInfinity)] double value)
    {
        _problem.Kernels[0][5, 5] = T.CreateTruncating(value);
        ForKernels(_problem.Kernels[0].View, double.IsNaN(value) ? "NaN" : "infinite");
        _problem.Y[3, 2] = T.CreateTruncating(value);
        ForEverySolver("targets", double.IsNaN(value) ? "NaN" : "infinite");
    }

    [Test]
    public void Deltas_of_the_wrong_shape_or_without_a_finite_exponential()
    {
        using Matrix<T> three = new(3, Targets);
        using Matrix<T> narrow = new(2, Targets - 1);
        ForDeltas(three.View, "is 3 x 4; expected 2 x 4");
        ForDeltas(narrow.View, "is 2 x 3; expected 2 x 4");
        foreach (T value in (T[])[T.PositiveInfinity, T.NaN, T.CreateTruncating(2000)])
        {
            using Matrix<T> infinite = new(2, Targets);
            infinite[1, 2] = value;
            ForDeltas(infinite.View, $"deltas(1, 2) is {value}");
        }
    }

    [Test]
    public void Candidates_that_are_infinite_negative_or_all_zero()
    {
        foreach ((double value, string part) in ((double, string)[])[(double.PositiveInfinity, "Infinity"), (double.NaN, "NaN"), (-1, "-1")])
        {
            using Matrix<double> bad = Matrix<double>.From(1, 2, [0.5, value]);
            ForCandidates(bad.View, $"gammas(0, 1) is {part}");
        }

        using Matrix<double> none = Matrix<double>.From(1, 2, [0, 0]);
        ForCandidates(none.View, "row 0 has no positive weight");
        using Matrix<double> wide = new(1, 3);
        ForCandidates(wide.View, "gammas are 1 x 3; expected candidates x 2");
    }

    [Test]
    public void Sample_weights_that_are_infinite_negative_too_few_or_all_zero()
    {
        foreach (double value in (double[])[double.PositiveInfinity, double.NaN, -1])
        {
            double[] weights = [.. Enumerable.Repeat(1.0, Samples)];
            weights[11] = value;
            ForSampleWeights(weights, $"sampleWeights[11] is {value:G6}");
        }

        ForSampleWeights([1, 2, 3], "3 numbers for 20 samples");
        ForSampleWeights(new double[Samples], "All 20 sampleWeights are 0");
    }

    [Test]
    public void Starts_that_are_infinite_or_of_the_wrong_shape(
        [Values(double.NaN, double.NegativeInfinity)] double value)
    {
        using Matrix<T> start = new(Samples, Targets);
        using Matrix<T> narrow = new(Samples, Targets - 1);
        using Matrix<T> deltas = new(2, Targets);
        using Matrix<T> weights = new(Features, Targets);
        start[7, 1] = T.CreateTruncating(value);
        weights[2, 1] = T.CreateTruncating(value);
        foreach ((MatrixView<T> bad, string part) in ((MatrixView<T>, string)[])
            [(start.View, double.IsNaN(value) ? "NaN" : "infinite"), (narrow.View, "is 20 x 3; expected 20 x 4")])
        {
            Refuses("initialDualWeights", part, () => Weighted([Good, Good], deltas.View, start: bad));
            Refuses("initialDualWeights", part, () => KernelRidge.Solve(
                _backend, Good, _problem.Targets, new() { Solver = KernelRidgeSolver.ConjugateGradient }, bad,
                Memory).Dispose());
            Refuses("initial", part, () => Descend([Good, Good], InitialDeltas<T>.Given(deltas.View, bad)));
        }

        Refuses("initialWeights", double.IsNaN(value) ? "NaN" : "infinite", () => Lasso(new(), weights.View));
        Refuses("initialWeights", "is 20 x 3; expected 6 x 4", () => Lasso(new(), narrow.View));
    }

    [Test]
    public void Groups_that_skip_features()
    {
        int[] groups = [0, 0, 1, 1, 2];
        Refuses("options", "Groups labels 5 features; there are 6", () => Lasso(new() { Groups = groups }));
        Refuses("options", "Groups labels 5 features; there are 6", () => LassoCV(new() { Groups = groups }));
        Refuses("groups", "labels 5 features; there are 6", () => BandedRidge.Solve(
            _backend, _problem.Features[0].View, groups, _problem.Targets, _gammas.View, Folds, new(),
            Memory).Dispose());
        Refuses("groups", "all negative", () => BandedRidge.Solve(
            _backend, _problem.Features[0].View, [-1, -1, -1, -1, -1, -1], _problem.Targets, _gammas.View, Folds, new(),
            Memory).Dispose());
    }

    [Test]
    public void Penalties_and_alphas_that_are_infinite()
    {
        double[] infinite = [double.PositiveInfinity];
        Refuses("options", "L1 holds Infinity", () => Lasso(new() { L1 = infinite }));
        Refuses("options", "L21 holds Infinity", () => LassoCV(new() { L21 = infinite }));
        Refuses("alphas", "Infinity", () => Search([Good, Good], new() { Alphas = infinite }));
        Refuses("alphas", "Infinity", () => Weighted([Good, Good], DeltasOfZero(), new() { Alphas = infinite }));
        Refuses("alphas", "Infinity", () => KernelRidge.Solve(_backend, Good, _problem.Targets, new() { Alphas = infinite }, null, Memory).Dispose());
        Refuses("alphas", "Infinity", () => Ridge.Solve(
            _backend, _problem.Features[0].View, _problem.Targets, new() { Alphas = infinite },
            PrimalMemory(Features)).Dispose());
    }

    [Test]
    public void Memory_of_the_wrong_shape()
    {
        MatrixView<T> narrow = Memory.SliceColumns(0, Targets - 1);
        Refuses("weights", "is 20 x 3; expected 20 x 4", () => KernelRidgeCV.Solve(
            _backend, Good, _problem.Targets, Folds, new(), narrow).Dispose());
        Refuses("weights", "is 20 x 3; expected 20 x 4", () => BandedRidge.Solve(
            _backend, _problem.FeatureViews, _problem.Targets, _gammas.View, Folds, new(), narrow).Dispose());
        Refuses("weights", "is 20 x 3; expected 6 x 4", () => BandedRidge.Solve(
            _backend, _problem.Features[0].View, [0, 0, 0, 1, 1, 1], _problem.Targets, _gammas.View, Folds,
            new() { Weights = WeightKind.Primal }, narrow).Dispose());
        Refuses("weights", "is 20 x 3; expected 20 x 4", () => HyperGradientDescent.Solve(
            _backend, [Good], _problem.Targets, Folds, new() { Weights = WeightKind.Dual }, weights: narrow).Dispose());
        Refuses("weights", "is 20 x 3; expected 6 x 4", () => Ridge.Solve(
            _backend, _problem.Features[0].View, _problem.Targets, new(), narrow).Dispose());
        Refuses("weights", "is 20 x 3; expected 6 x 4", () => SparseGroupLasso.Solve(
            _backend, _problem.Features[0].View, _problem.Targets, new(), null, narrow).Dispose());
    }

    [Test]
    public void Predictions_of_things_that_do_not_fit()
    {
        using Matrix<T> deltas = new(2, Targets);
        using Matrix<T> offset = new(1, Targets - 1);
        MatrixView<T>[] kernels = [Good, Good];
        MatrixView<T> dual = _problem.Y.View;
        Refuses(
            "offset", "is 1 x 3; expected 1 x 4",
            () => Predictions.Predict(_backend, kernels, dual, deltas.View, offset.View, Memory));
        Refuses(
            "predictions", "is 20 x 4; expected 40 x 4",
            () => Predictions.PredictSplit(_backend, kernels, dual, deltas.View, Memory));
        Refuses("kernels[1]", "is 20 x 6; expected 20 x 20", () => Predictions.Predict(
            _backend, [Good, _problem.Features[0].View], dual, deltas.View, null, Memory));
        Refuses("weights", "is 20 x 4; expected 6 x 4", () => Predictions.PredictPrimal(
            _backend, _problem.Features[0].View, dual, null, Memory));
        Refuses("intercept", "is 1 x 3; expected 1 x 4", () => Predictions.PredictPrimal(
            _backend, Good, dual, offset.View, Memory));

        // The first space fits; nothing is written all the same.
        Refuses("primal[1]", "is 5 x 4; expected 6 x 4", () => PrimalWeights.FromDual(
            _backend, dual, deltas.View, _problem.FeatureViews, [PrimalMemory(Features), PrimalMemory(Features - 1)]));
    }

    [Test]
    public void Priors_that_are_not_positive_definite_or_do_not_fit()
    {
        using Matrix<double> indefinite = Matrix<double>.From(2, 2, [1, 2, 2, 1]);
        using Matrix<double> infinite = Matrix<double>.From(2, 2, [1, 0, 0, double.PositiveInfinity]);
        using Prior two = Prior.Spherical(2);
        TikhonovPrior prior = new(two);
        Refuses(
            "covariance", "not positive definite: pivot 1",
            () => Prior.FromCovariance(_backend, indefinite.View).Dispose());
        Refuses(
            "precision", "not positive definite: pivot 1",
            () => Prior.FromPrecision(_backend, indefinite.View).Dispose());
        Refuses("covariance", "infinite", () => Prior.FromCovariance(_backend, infinite.View).Dispose());
        Refuses(
            "X", "is 20 x 6; expected 20 x 2", () => prior.Transform(_backend, _problem.Features[0].View).Dispose());
        Refuses("Z", "is 20 x 6; expected 20 x 2", () => prior.Kernel(
            _backend, _problem.Features[0].View.SliceColumns(0, 2), _problem.Features[0].View).Dispose());
        Refuses("result", "is 20 x 4; expected 2 x 4", () => prior.MapBack(_backend, PrimalMemory(2), Memory));
    }

    [Test]
    public void Spaces_of_a_kernelizer_that_make_no_sense()
    {
        KernelSpace<T> Space(double weight, params int[] columns) =>
            new("one", ColumnSelection.Of(columns), new KernelPipeline<T> { Weight = weight });
        foreach (double weight in (double[])[double.PositiveInfinity, double.NaN])
        {
            Refuses(
                "spaces", $"'one' is {weight:G6}",
                () => new ColumnKernelizer<T>(_backend, [Space(weight, 0)]).Dispose());
            Refuses("remainder", $"'remainder' is {weight:G6}", () => new ColumnKernelizer<T>(
                _backend, [], new KernelPipeline<T> { Weight = weight }).Dispose());
        }

        using ColumnKernelizer<T> outside = new(_backend, [Space(1, Features)]);
        Refuses(
            "spaces", "names column 6 of features with 6",
            () => outside.FitTransform(_problem.Features[0].View).Dispose());
    }

    private static SmallProblem<T> TwoSpaces() => new(seed: 51, Samples, Targets, [Features, Features]);

    private static Matrix<T> Marked(int rows)
    {
        Matrix<T> memory = new(rows, Targets);
        memory.View.Fill(Marker);
        return memory;
    }

    private static MatrixView<T> DeltasOfZero() => new Matrix<T>(2, Targets).View;

    private MatrixView<T> PrimalMemory(int rows) => _primalMemory.View.SliceRows(0, rows);

    /// <summary>The exception names the argument, says what came, and nothing was written or left behind.</summary>
    private void Refuses(string argument, string part, Action call)
    {
        Assert.That(
            call, Throws.InstanceOf<ArgumentException>().With.Property("ParamName").EqualTo(argument).And.Message.Contains(part));
        foreach (Matrix<T> memory in (Matrix<T>[])[_memory, _primalMemory])
        {
            for (nint i = 0; i < memory.Rows; i++)
            {
                Assert.That(
                    memory.View.RowSpan(i).ToArray(), Is.All.EqualTo(Marker), $"memory of the caller after {argument}");
            }
        }

        if (_backend is Reference.ReferenceBackend reference)
        {
            Assert.That(reference.LiveMatrices, Is.Zero, $"matrices left on the device after {argument}");
        }
    }

    private void ForKernels(MatrixView<T> bad, string part)
    {
        Refuses("kernels[1]", part, () => Search([Good, bad]));
        Refuses("kernels[1]", part, () => Descend([Good, bad], null));
        Refuses("kernels[1]", part, () => Weighted([Good, bad], DeltasOfZero()));
        if (bad.Rows == Samples)
        {
            Refuses(
                "kernels[0]", part,
                () => KernelRidgeCV.Solve(_backend, bad, _problem.Targets, Folds, new(), Memory).Dispose());
        }

        foreach (KernelRidgeSolver solver in Enum.GetValues<KernelRidgeSolver>())
        {
            Refuses("kernel", part, () => KernelRidge.Solve(_backend, bad, _problem.Targets, new() { Solver = solver }, null, Memory).Dispose());
        }
    }

    private void ForEverySolver(string argument, string part)
    {
        MatrixView<T> X = _problem.Features[0].View;
        TargetSource<T> Y = _problem.Targets;
        Refuses(argument, part, () => Search([Good, Good]));
        Refuses(argument, part, () => Descend([Good, Good], null));
        Refuses(argument, part, () => Weighted([Good, Good], DeltasOfZero()));
        Refuses(argument, part, () => KernelRidge.Solve(_backend, Good, Y, new(), null, Memory).Dispose());
        Refuses(argument, part, () => KernelRidgeCV.Solve(_backend, Good, Y, Folds, new(), Memory).Dispose());
        Refuses(argument, part, () => Ridge.Solve(_backend, X, Y, new(), PrimalMemory(Features)).Dispose());
        Refuses(argument, part, () => RidgeCV.Solve(_backend, X, Y, Folds, new(), Memory).Dispose());
        Refuses(argument, part, () => BandedRidge.Solve(
            _backend, _problem.FeatureViews, Y, _gammas.View, Folds, new() { Weights = WeightKind.Primal },
            _primalMemory.View).Dispose());
        Refuses(argument, part, () => Lasso(new()));
        Refuses(argument, part, () => LassoCV(new()));
    }

    private void ForDeltas(MatrixView<T> bad, string part)
    {
        MatrixView<T>[] kernels = [Good, Good];
        MatrixView<T> dual = _problem.Y.View;
        Refuses("deltas", part, () => Weighted(kernels, bad));
        Refuses(
            "initial", part.Replace("deltas is", "initial is", StringComparison.Ordinal),
            () => Descend(kernels, InitialDeltas<T>.Given(bad)));
        Refuses("deltas", part, () => Predictions.Predict(_backend, kernels, dual, bad, null, Memory));
        Refuses("deltas", part, () => Predictions.PredictSplit(_backend, kernels, dual, bad, Memory));
        Refuses("deltas", part, () => Predictions.Score(_backend, kernels, dual, bad, _problem.Targets).Dispose());
        Refuses("deltas", part, () => PrimalWeights.FromDual(
            _backend, dual, bad, _problem.FeatureViews, [PrimalMemory(Features), PrimalMemory(Features)]));
    }

    private void ForCandidates(MatrixView<double> bad, string part)
    {
        Refuses("gammas", part, () => MultipleKernelRidge.Solve(
            _backend, [Good, Good], _problem.Targets, bad, Folds, new(), null, Memory).Dispose());
        Refuses("gammas", part, () => BandedRidge.Solve(
            _backend, _problem.FeatureViews, _problem.Targets, bad, Folds, new(), Memory).Dispose());
        Refuses("gammas", part, () => BandedRidge.Solve(
            _backend, _problem.Features[0].View, [0, 0, 0, 1, 1, 1], _problem.Targets, bad, Folds, new(),
            Memory).Dispose());
    }

    private void ForSampleWeights(double[] bad, string part)
    {
        Refuses("sampleWeights", part, () => Ridge.Solve(
            _backend, _problem.Features[0].View, _problem.Targets, new() { SampleWeights = bad },
            PrimalMemory(Features)).Dispose());
        Refuses("sampleWeights", part, () => KernelRidge.Solve(
            _backend, Good, _problem.Targets, new() { SampleWeights = bad }, null, Memory).Dispose());
        Refuses("sampleWeights", part, () => Weighted([Good, Good], DeltasOfZero(), new() { SampleWeights = bad }));
    }

    private void Search(IReadOnlyList<MatrixView<T>> kernels, RandomSearchOptions? options = null) => MultipleKernelRidge.Solve(
        _backend, kernels, _problem.Targets, _gammas.View, Folds, options ?? new(), null, Memory).Dispose();

    private void Descend(IReadOnlyList<MatrixView<T>> kernels, InitialDeltas<T>? initial) => HyperGradientDescent.Solve(
        _backend, kernels, _problem.Targets, Folds, new() { Weights = WeightKind.Dual, MaxIterations = 1 }, initial,
        weights: Memory).Dispose();

    private void Weighted(
        IReadOnlyList<MatrixView<T>> kernels, MatrixView<T> deltas, WeightedKernelRidgeOptions? options = null,
        MatrixView<T>? start = null) =>
        WeightedKernelRidge.Solve(
            _backend, kernels, _problem.Targets, deltas, options ?? new(), start, Memory).Dispose();

    private void Lasso(SparseGroupLassoOptions options, MatrixView<T>? start = null) => SparseGroupLasso.Solve(
        _backend, _problem.Features[0].View, _problem.Targets, options, start, PrimalMemory(Features)).Dispose();

    private void LassoCV(SparseGroupLassoCVOptions options) => SparseGroupLassoCV.Solve(
        _backend, _problem.Features[0].View, _problem.Targets, Folds, options, PrimalMemory(Features)).Dispose();
}
