using System.Numerics;
using NUnit.Framework;

namespace VemKernels.Solvers.Tests.Memory;

/// <summary>Inputs in the memory of the backend give the bits that the same inputs in the host's give.</summary>
[TestFixtureSource(typeof(SolverBackends), nameof(SolverBackends.WithElementTypes))]
internal sealed class DeviceInputTests<T>(SolverBackend backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Samples = 24;
    private const int Features = 5;
    private const int Targets = 19;

    private static readonly Fold[] Folds = CrossValidationSplits.KFold(Samples, 4);

    private readonly List<IDisposable> _owned = [];
    private IBackend _backend = null!;
    private Matrix<T> _X = null!;
    private Matrix<T> _K = null!;
    private Matrix<T> _Y = null!;

    [SetUp]
    public void Start()
    {
        _backend = backend.Create();
        _X = Draw(Samples, Features, 1);
        _Y = Draw(Samples, Targets, 2);
        _K = Own(VemKernels.Solvers.PairwiseKernels.Compute(_backend, PairwiseKernel.Linear, _X.View));
    }

    [TearDown]
    public void Stop()
    {
        _owned.ForEach(value => value.Dispose());
        _owned.Clear();
        _backend.Dispose();
    }

    [Test]
    public void Ridge([Values] bool intercept)
    {
        RidgeOptions options = new() { FitIntercept = intercept };
        using RidgeResult<T> here = Solvers.Ridge.Solve(_backend, _X.View, Host(_Y), options);
        using RidgeResult<T> there = Solvers.Ridge.Solve(_backend, Device(_X), DeviceTargets(_Y), options);
        AreSame(there.Weights!, here.Weights!);
    }

    [Test]
    public void Banded_ridge([Values] bool intercept, [Values] WeightKind weights)
    {
        using Matrix<double> gammas = Matrix<double>.From(2, 1, [1.0, 0.5]);
        RandomSearchOptions options = new() { Alphas = [0.1, 1, 10], FitIntercept = intercept, Weights = weights };
        using RandomSearchResult<T> here = BandedRidge.Solve(
            _backend, [_X.View], Host(_Y), gammas.View, Folds, options);
        using RandomSearchResult<T> there = BandedRidge.Solve(
            _backend, new InputMatrices<T>([Device(_X)]), DeviceTargets(_Y), gammas.View, Folds, options);
        AreSame(there.CvScores, here.CvScores);
        if (weights != WeightKind.None)
        {
            AreSame(there.Weights!, here.Weights!);
        }
    }

    [Test]
    public void Multiple_kernel_ridge_and_its_descent()
    {
        using Matrix<double> gammas = Matrix<double>.From(1, 1, [1.0]);
        RandomSearchOptions options = new() { Alphas = [0.1, 1], Weights = WeightKind.Primal };
        using RandomSearchResult<T> here = MultipleKernelRidge.Solve(
            _backend, [_K.View], Host(_Y), gammas.View, Folds, options, [_X.View]);
        using RandomSearchResult<T> there = MultipleKernelRidge.Solve(
            _backend, new InputMatrices<T>([Device(_K)]), DeviceTargets(_Y), gammas.View, Folds, options,
            new InputMatrices<T>([Device(_X)]));
        AreSame(there.Weights!, here.Weights!);

        HyperGradientOptions descent = new() { MaxIterations = 2, Seed = 0, Weights = WeightKind.Dual };
        using HyperGradientResult<T> descended = HyperGradientDescent.Solve(
            _backend, [_K.View], Host(_Y), Folds, descent);
        using HyperGradientResult<T> descendedThere = HyperGradientDescent.Solve(
            _backend, new InputMatrices<T>([Device(_K)]), DeviceTargets(_Y), Folds, descent);
        AreSame(descendedThere.Deltas, descended.Deltas);
        AreSame(descendedThere.Weights!, descended.Weights!);
    }

    [Test]
    public void Kernel_ridge_and_weighted_kernel_ridge()
    {
        using DualWeightsResult<T> here = KernelRidge.Solve(_backend, _K.View, Host(_Y), new KernelRidgeOptions());
        using DualWeightsResult<T> there = KernelRidge.Solve(
            _backend, Device(_K), DeviceTargets(_Y), new KernelRidgeOptions());
        AreSame(there.Weights!, here.Weights!);
        using Matrix<T> deltas = new(1, 1);
        using DualWeightsResult<T> weighted = WeightedKernelRidge.Solve(
            _backend, [_K.View], Host(_Y), deltas.View, new WeightedKernelRidgeOptions());
        using DualWeightsResult<T> weightedThere = WeightedKernelRidge.Solve(
            _backend, new InputMatrices<T>([Device(_K)]), DeviceTargets(_Y), deltas.View,
            new WeightedKernelRidgeOptions());
        AreSame(weightedThere.Weights!, weighted.Weights!);
    }

    [Test]
    public void Sparse_group_lasso()
    {
        SparseGroupLassoOptions options = new() { MaxIterations = 20 };
        using SparseGroupLassoResult<T> here = SparseGroupLasso.Solve(_backend, _X.View, Host(_Y), options);
        using SparseGroupLassoResult<T> there = SparseGroupLasso.Solve(
            _backend, Device(_X), DeviceTargets(_Y), options);
        AreSame(there.Weights!, here.Weights!);
    }

    [Test]
    public void Predictions_and_scores()
    {
        using Matrix<T> deltas = new(1, 1);
        using Matrix<T> here = new(Samples, Targets);
        using Matrix<T> there = new(Samples, Targets);
        Predictions.Predict(_backend, [_K.View], _Y.View, deltas.View, null, here.View);
        Predictions.Predict(
            _backend, new InputMatrices<T>([Device(_K)]), Device(_Y), deltas.View, null, there.View);
        AreSame(there, here);
        using TestScores<T> scores = Predictions.Score(_backend, [_K.View], _Y.View, deltas.View, Host(_Y));
        using TestScores<T> scoresThere = Predictions.Score(
            _backend, new InputMatrices<T>([Device(_K)]), Device(_Y), deltas.View, DeviceTargets(_Y));
        AreSame(scoresThere.R2, scores.R2);
        using Matrix<T> relative = Scores.R2SplitByRelativeWeights(_backend, _Y.View, here.View, 1);
        using Matrix<T> relativeThere = Scores.R2SplitByRelativeWeights(_backend, Device(_Y), Device(here), 1);
        AreSame(relativeThere, relative);
        using Matrix<T> correlation = Scores.Of(_backend, ScoreKind.Correlation, _Y.View, here.View);
        using Matrix<T> correlationThere = Scores.Of(_backend, ScoreKind.Correlation, Device(_Y), Device(here));
        AreSame(correlationThere, correlation);
    }

    [Test]
    public void NaN_and_infinity_are_found_where_they_are()
    {
        _Y[3, 7] = T.NaN;
        _Y[20, 7] = T.NegativeInfinity;
        Assert.That(
            () => Solvers.Ridge.Solve(_backend, Device(_X), DeviceTargets(_Y), new RidgeOptions()),
            Throws.ArgumentException.With.Message.Contains("targets").And.Message.Contains("sample 3")
                .And.Message.Contains("target 7"));
        _X[2, 4] = T.PositiveInfinity;
        Assert.That(
            () => Solvers.Ridge.Solve(_backend, Device(_X), Host(_Y), new RidgeOptions()),
            Throws.ArgumentException.With.Message.Contains("features").And.Message.Contains("sample 2"));
    }

    [Test]
    public void Large_numbers_whose_sum_overflows_are_finite()
    {
        using Matrix<T> large = new(3, 2);
        large.View.Fill(T.CreateTruncating(typeof(T) == typeof(float) ? float.MaxValue : double.MaxValue));
        DeviceMatrix<T> there = Uploaded(large);
        Assert.That(
            () => FiniteCheck.Require(_backend, new DeviceTargetSource<T>(_backend, there.View), "targets"),
            Throws.Nothing);
    }

    [Test]
    public void A_kernel_that_is_not_symmetric_is_refused_and_one_that_is_but_for_rounding_is_not()
    {
        _K[4, 2] += _K[4, 2] * T.CreateTruncating(4 * Precision.Epsilon<T>());
        using (KernelRidge.Solve(_backend, Device(_K), DeviceTargets(_Y), new KernelRidgeOptions()))
        {
        }

        _K[4, 2] += T.One;
        Assert.That(
            () => KernelRidge.Solve(_backend, Device(_K), DeviceTargets(_Y), new KernelRidgeOptions()),
            Throws.ArgumentException.With.Message.Contains("not symmetric").And.Message.Contains("(4, 2)"));
    }

    [Test]
    public void Memory_of_another_backend_is_refused()
    {
        using IBackend other = backend.Create();
        Assert.That(
            () => Solvers.Ridge.Solve(other, Device(_X), Host(_Y), new RidgeOptions()),
            Throws.ArgumentException.With.Message.Contains("memory"));
        using RidgeResult<T> here = Solvers.Ridge.Solve(_backend, _X.View, Host(_Y), new RidgeOptions());
        using RidgeResult<T> read = Solvers.Ridge.Solve(other, _X.View, DeviceTargets(_Y), new RidgeOptions());
        AreSame(read.Weights!, here.Weights!);
    }

    private static MatrixTargetSource<T> Host(Matrix<T> matrix) => new(matrix.View);

    private InputMatrix<T> Device(Matrix<T> matrix) => new(_backend, Uploaded(matrix).View);

    private DeviceTargetSource<T> DeviceTargets(Matrix<T> matrix) => new(_backend, Uploaded(matrix).View);

    private DeviceMatrix<T> Uploaded(Matrix<T> matrix)
    {
        DeviceMatrix<T> there = Own(_backend.Allocate<T>(matrix.Rows, matrix.Columns));
        _backend.Upload(matrix.View, there.View);
        return there;
    }

    private TValue Own<TValue>(TValue value)
        where TValue : IDisposable
    {
        _owned.Add(value);
        return value;
    }

    private Matrix<T> Draw(int rows, int columns, int seed)
    {
        Random random = new(seed);
        Matrix<T> matrix = Own(new Matrix<T>(rows, columns));
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                matrix[i, j] = T.CreateTruncating((2 * random.NextDouble()) - 1);
            }
        }

        return matrix;
    }

    private static void AreSame(Matrix<T> actual, Matrix<T> expected)
    {
        Assert.That((actual.Rows, actual.Columns), Is.EqualTo((expected.Rows, expected.Columns)));
        for (nint i = 0; i < expected.Rows; i++)
        {
            for (nint j = 0; j < expected.Columns; j++)
            {
                Assert.That(actual[i, j], Is.EqualTo(expected[i, j]), $"({i}, {j})");
            }
        }
    }
}
