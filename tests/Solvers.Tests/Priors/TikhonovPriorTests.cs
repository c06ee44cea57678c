using System.Numerics;
using VemKernels.Solvers.Tests.RandomSearch;

namespace VemKernels.Solvers.Tests.Priors;

[TestFixtureSource(typeof(SolverBackends), nameof(SolverBackends.WithElementTypes))]
internal sealed class TikhonovPriorTests<T>(SolverBackend backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Samples = 40;
    private const int Features = 5;
    private const int Targets = 7;
    private const double Alpha = 3;

    private static readonly int[] DelaysInSamples = [0, 1, 2, 3];

    private IBackend _backend = null!;
    private Prior _features = null!;
    private Prior _delays = null!;

    private static double Tolerance => typeof(T) == typeof(float) ? 2e-5 : 1e-10;

    [SetUp]
    public void Start()
    {
        _backend = backend.Create();
        RandomState random = new(3);
        using Matrix<double> root = random.Randn(Features, Features);
        double[,] dense = Dense.ToArray(root.View);
        double[,] sigma = Dense.Product(dense, Dense.Transpose(dense));
        for (int i = 0; i < Features; i++)
        {
            sigma[i, i] += 0.5;
        }

        using Matrix<double> covariance = Dense.ToMatrix(sigma);
        _features = Prior.FromCovariance(_backend, covariance.View).WithUnitMeanVariance();
        _delays = Prior.Smoothness(_backend, DelaysInSamples.Length, 2);
    }

    [TearDown]
    public void Stop()
    {
        _features.Dispose();
        _delays.Dispose();
        _backend.Dispose();
    }

    [TestCase(false, false)]
    [TestCase(true, false)]
    [TestCase(false, true)]
    [TestCase(true, true)]
    public void Ridge_after_the_change_of_variables_is_the_direct_solution(bool shapedFeatures, bool shapedDelays)
    {
        using Prior spherical = Prior.Spherical(Features, variance: 2);
        using Prior sphericalDelays = Prior.Spherical(DelaysInSamples.Length);
        (Prior features, Prior delays) =
            (shapedFeatures ? _features : spherical, shapedDelays ? _delays : sphericalDelays);
        using Problem problem = new();
        TikhonovPrior prior = new(features, delays);
        using Matrix<T> transformed = prior.Transform(_backend, problem.X.View);
        using RandomSearchResult<T> fit = RidgeCV.Solve(
            _backend, transformed.View, problem.Targets, CrossValidationSplits.KFold(Samples, 4),
            Options(WeightKind.Primal));
        MatrixView<T> weights = fit.Weights!.View;
        prior.MapBack(_backend, weights, weights);

        // (X'X + alpha Sigma^-1)^-1 X'y
        using Matrix<double> delaySigma = delays.Covariance(_backend);
        using Matrix<double> featureSigma = features.Covariance(_backend);
        double[,] sigma = Dense.Kronecker(Dense.ToArray(delaySigma.View), Dense.ToArray(featureSigma.View));
        Dense.AssertClose(weights, Direct(problem, sigma), Tolerance, "weights");
    }

    [Test]
    public void An_intercept_found_for_transformed_features_is_right_for_the_features()
    {
        using Problem problem = new(offset: 2);
        TikhonovPrior prior = new(_features, _delays);
        using Matrix<T> transformed = prior.Transform(_backend, problem.X.View);
        using RandomSearchResult<T> fit = RidgeCV.Solve(
            _backend, transformed.View, problem.Targets, CrossValidationSplits.KFold(Samples, 4),
            Options(WeightKind.Primal) with { FitIntercept = true });
        double[,] predicted = Dense.Product(Dense.ToArray(transformed.View), Dense.ToArray(fit.Weights!.View));
        using Matrix<T> weights = new(prior.Columns, Targets);
        prior.MapBack(_backend, fit.Weights.View, weights.View);
        double[,] expected = Dense.Product(Dense.ToArray(problem.X.View), Dense.ToArray(weights.View));
        using Matrix<double> actual = Dense.ToMatrix(predicted);
        Dense.AssertClose(actual.View, expected, Tolerance, "predictions");
    }

    [Test]
    public void The_kernel_is_X_Sigma_X()
    {
        using Problem problem = new();
        using Problem other = new(seed: 12);
        TikhonovPrior prior = new(_features, _delays);
        using Matrix<T> kernel = prior.Kernel(_backend, problem.X.View);
        using Matrix<T> cross = prior.Kernel(_backend, other.X.View, problem.X.View);
        using Matrix<double> delaySigma = _delays.Covariance(_backend);
        using Matrix<double> featureSigma = _features.Covariance(_backend);
        double[,] sigma = Dense.Kronecker(Dense.ToArray(delaySigma.View), Dense.ToArray(featureSigma.View));
        double[,] right = Dense.Product(sigma, Dense.Transpose(Dense.ToArray(problem.X.View)));
        Dense.AssertClose(kernel.View, Dense.Product(Dense.ToArray(problem.X.View), right), Tolerance, "kernel");
        Dense.AssertClose(cross.View, Dense.Product(Dense.ToArray(other.X.View), right), Tolerance, "cross kernel");
    }

    [Test]
    public void Kernel_ridge_on_the_kernel_predicts_as_the_direct_solution()
    {
        using Problem problem = new();
        using Problem other = new(seed: 12);
        TikhonovPrior prior = new(_features, _delays);
        using Matrix<T> kernel = prior.Kernel(_backend, problem.X.View);
        using Matrix<T> cross = prior.Kernel(_backend, other.X.View, problem.X.View);
        using RandomSearchResult<T> fit = KernelRidgeCV.Solve(
            _backend, kernel.View, problem.Targets, CrossValidationSplits.KFold(Samples, 4), Options(WeightKind.Dual));
        using Matrix<T> predictions = new(Samples, Targets);
        Predictions.Predict(_backend, [cross.View], fit.Weights!.View, fit.Deltas.View, null, predictions.View);
        using Matrix<double> delaySigma = _delays.Covariance(_backend);
        using Matrix<double> featureSigma = _features.Covariance(_backend);
        double[,] sigma = Dense.Kronecker(Dense.ToArray(delaySigma.View), Dense.ToArray(featureSigma.View));
        Dense.AssertClose(
            predictions.View, Dense.Product(Dense.ToArray(other.X.View), Direct(problem, sigma)), 10 * Tolerance,
            "predictions");
    }

    [Test]
    public void Weights_of_several_spaces_are_mapped_back_each_by_its_own_prior()
    {
        using Matrix<T> weights = SmallProblem<T>.Gaussian(
            new RandomState(5), 3 + (Features * DelaysInSamples.Length), Targets, 0);
        using Prior spherical = Prior.Spherical(3, variance: 9);
        TikhonovPrior first = new(spherical);
        TikhonovPrior second = new(_features, _delays);
        using Matrix<T> together = new(weights.Rows, Targets);
        using Matrix<T> apart = new(second.Columns, Targets);
        TikhonovPrior.MapBack(_backend, [first, second], weights.View, together.View);
        second.MapBack(_backend, weights.View.SliceRows(3, second.Columns), apart.View);
        Assert.That(
            double.CreateTruncating(together[2, 1]),
            Is.EqualTo(3 * double.CreateTruncating(weights[2, 1])).Within(1e-5));
        Dense.AssertClose(
            together.View.SliceRows(3, second.Columns), Dense.ToArray(apart.View), 0, "weights of the second space");
    }

    [Test]
    public void A_prior_of_another_size_is_refused_by_name()
    {
        TikhonovPrior prior = new(_features, _delays);
        using Matrix<T> X = new(4, 3);
        Assert.That(
            () => prior.Transform(_backend, X.View),
            Throws.ArgumentException.With.Message.Contains("X is 4 x 3; expected 4 x 20"));
        Assert.That(() => prior.Kernel(_backend, X.View), Throws.ArgumentException.With.Message.Contains("X is 4 x 3"));
        Assert.That(
            () => prior.MapBack(_backend, X.View, X.View),
            Throws.ArgumentException.With.Message.Contains("weights is 4 x 3; expected 20 x 3"));
    }

    private static RandomSearchOptions Options(WeightKind weights) => new() { Alphas = [Alpha], Weights = weights };

    private static double[,] Direct(Problem problem, double[,] sigma)
    {
        double[,] X = Dense.ToArray(problem.X.View);
        double[,] normal = Dense.Product(Dense.Transpose(X), X);
        double[,] precision = Dense.Inverse(sigma);
        for (int i = 0; i < normal.GetLength(0); i++)
        {
            for (int j = 0; j < normal.GetLength(1); j++)
            {
                normal[i, j] += Alpha * precision[i, j];
            }
        }

        return Dense.Solve(normal, Dense.Product(Dense.Transpose(X), Dense.ToArray(problem.Y.View)));
    }

    /// <summary>Delayed features and responses.</summary>
    private sealed class Problem : IDisposable
    {
        public Problem(int seed = 11, double offset = 0)
        {
            RandomState random = new(seed);
            using Matrix<T> undelayed = SmallProblem<T>.Gaussian(random, Samples, Features, offset);
            X = Delays.Apply(undelayed.View, DelaysInSamples, null);
            Y = SmallProblem<T>.Gaussian(random, Samples, TikhonovPriorTests<T>.Targets, offset);
        }

        public Matrix<T> X { get; }

        public Matrix<T> Y { get; }

        public TargetSource<T> Targets => new MatrixTargetSource<T>(Y.View);

        public void Dispose()
        {
            X.Dispose();
            Y.Dispose();
        }
    }
}
