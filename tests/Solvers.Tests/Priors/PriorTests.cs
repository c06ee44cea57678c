namespace VemKernels.Solvers.Tests.Priors;

[TestFixtureSource(nameof(Backends))]
public sealed class PriorTests(SolverBackend backend)
{
    private const double Tolerance = 1e-12;

    private IBackend _backend = null!;

    public static IReadOnlyList<SolverBackend> Backends => SolverBackends.All;

    [SetUp]
    public void Start() => _backend = backend.Create();

    [TearDown]
    public void Stop() => _backend.Dispose();

    [Test]
    public void A_spherical_prior_keeps_no_matrix()
    {
        using Prior prior = Prior.Spherical(3, variance: 4);
        Assert.That(prior.IsSpherical);
        AssertCovariance(prior, new double[,] { { 4, 0, 0 }, { 0, 4, 0 }, { 0, 0, 4 } });
    }

    [Test]
    public void A_given_covariance_comes_back()
    {
        double[,] sigma = { { 2, 0.5, 0 }, { 0.5, 1, -0.3 }, { 0, -0.3, 3 } };
        using Matrix<double> matrix = Dense.ToMatrix(sigma);
        using Prior prior = Prior.FromCovariance(_backend, matrix.View);
        AssertCovariance(prior, sigma);
    }

    [Test]
    public void The_covariance_of_a_precision_is_its_inverse()
    {
        double[,] precision = { { 2, 0.5, 0 }, { 0.5, 1, -0.3 }, { 0, -0.3, 3 } };
        using Matrix<double> matrix = Dense.ToMatrix(precision);
        using Prior prior = Prior.FromPrecision(_backend, matrix.View);
        AssertCovariance(prior, Dense.Inverse(precision));
    }

    [TestCase(1)]
    [TestCase(2)]
    public void Smoothness_penalises_the_differences_of_weights_between_zeros(int order)
    {
        const int Size = 6;
        const double Ridge = 0.25;
        double[,] differences = new double[Size + order, Size];
        int[] stencil = order == 1 ? [1, -1] : [1, -2, 1];
        for (int i = 0; i < Size + order; i++)
        {
            for (int k = 0; k <= order; k++)
            {
                if (i - k >= 0 && i - k < Size)
                {
                    differences[i, i - k] = stencil[k];
                }
            }
        }

        double[,] precision = Dense.Product(Dense.Transpose(differences), differences);
        for (int i = 0; i < Size; i++)
        {
            precision[i, i] += Ridge;
        }

        using Prior prior = Prior.Smoothness(_backend, Size, order, Ridge);
        AssertCovariance(prior, Dense.Inverse(precision));
    }

    [TestCase(1)]
    [TestCase(2)]
    public void Smoothness_needs_no_ridge_even_for_one_weight(int order)
    {
        using Prior prior = Prior.Smoothness(_backend, 1, order);
        AssertCovariance(prior, new double[,] { { order == 1 ? 1.0 / 2 : 1.0 / 6 } });
    }

    [Test]
    public void The_haemodynamic_response_is_that_of_spm()
    {
        // scipy.stats.gamma.pdf(t, 6) - scipy.stats.gamma.pdf(t, 16) / 6
        Assert.That(HaemodynamicResponse.At(-1), Is.Zero);
        Assert.That(HaemodynamicResponse.At(0), Is.Zero);
        Assert.That(
            HaemodynamicResponse.At(5),
            Is.EqualTo(GammaDensity(5, 6) - (GammaDensity(5, 16) / 6)).Within(1e-12));
        Assert.That(
            HaemodynamicResponse.At(15),
            Is.EqualTo(GammaDensity(15, 6) - (GammaDensity(15, 16) / 6)).Within(1e-12));
    }

    [Test]
    public void A_haemodynamic_prior_prefers_the_response_to_its_opposite_shapes()
    {
        int[] delays = [-1, 0, 1, 2, 3, 4, 5, 6];
        using Prior prior = Prior.Haemodynamic(_backend, delays, repetitionTime: 2, ridge: 0.1);
        using Matrix<double> sigma = prior.Covariance(_backend);
        Assert.That(sigma[0, 0], Is.EqualTo(0.1).Within(Tolerance), "before the event only the ridge varies");
        Assert.That(sigma[1, 1], Is.EqualTo(0.1).Within(Tolerance), "at the event too");
        Assert.That(sigma[3, 4], Is.Positive, "4 s and 6 s rise together");
        double[] h = [.. delays.Select(delay => HaemodynamicResponse.At(2.0 * delay))];
        double[] alternating = [.. h.Select((value, i) => i % 2 == 0 ? value : -value)];
        Assert.That(Variance(sigma, h), Is.GreaterThan(2 * Variance(sigma, alternating)));
    }

    [Test]
    public void Scaling_makes_the_variances_average_to_one()
    {
        using Prior smooth = Prior.Smoothness(_backend, 9, 2);
        using Prior scaled = smooth.WithUnitMeanVariance();
        using Matrix<double> before = smooth.Covariance(_backend);
        using Matrix<double> after = scaled.Covariance(_backend);
        double mean = Enumerable.Range(0, 9).Average(i => before[i, i]);
        Assert.That(Enumerable.Range(0, 9).Average(i => after[i, i]), Is.EqualTo(1).Within(Tolerance));
        Assert.That(after[2, 5], Is.EqualTo(before[2, 5] / mean).Within(Tolerance));
    }

    [Test]
    public void A_prior_that_is_not_positive_definite_is_refused_by_name()
    {
        using Matrix<double> indefinite = Dense.ToMatrix(new double[,] { { 1, 2 }, { 2, 1 } });
        Assert.That(
            () => Prior.FromCovariance(_backend, indefinite.View),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("covariance").And.Message.Contains("not positive definite: pivot 1"));
        Assert.That(
            () => Prior.FromPrecision(_backend, indefinite.View),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("precision"));
    }

    [Test]
    public void Matrices_that_are_no_covariance_are_refused_by_name()
    {
        using Matrix<double> wide = new(2, 3);
        using Matrix<double> lopsided = Dense.ToMatrix(new double[,] { { 1, 0.5 }, { 0.4, 1 } });
        using Matrix<double> broken = Dense.ToMatrix(new double[,] { { 1, double.NaN }, { double.NaN, 1 } });
        Assert.That(
            () => Prior.FromCovariance(_backend, wide.View),
            Throws.ArgumentException.With.Message.Contains("covariance is 2 x 3"));
        Assert.That(
            () => Prior.FromCovariance(_backend, lopsided.View),
            Throws.ArgumentException.With.Message.Contains("not symmetric"));
        Assert.That(
            () => Prior.FromCovariance(_backend, broken.View),
            Throws.ArgumentException.With.Message.Contains("covariance"));
    }

    [Test]
    public void Bad_numbers_are_refused_by_name()
    {
        Assert.That(() => Prior.Spherical(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Prior.Spherical(2, -1), Refuses("variance"));
        Assert.That(() => Prior.Smoothness(_backend, 4, 3), Refuses("order"));
        Assert.That(() => Prior.Smoothness(_backend, 4, 1, -1), Refuses("ridge"));
        Assert.That(() => Prior.Haemodynamic(_backend, [1, 2], 0, 1), Refuses("repetitionTime"));
        Assert.That(() => Prior.Haemodynamic(_backend, [1, 2], 2, 0), Refuses("ridge"));
        Assert.That(
            () => Prior.Haemodynamic(_backend, [-1, 0], 2, 1),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("delays"));
    }

    private static NUnit.Framework.Constraints.EqualStringConstraint Refuses(string name) =>
        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo(name);

    private static double Variance(Matrix<double> sigma, double[] shape)
    {
        double sum = 0;
        for (int i = 0; i < shape.Length; i++)
        {
            for (int j = 0; j < shape.Length; j++)
            {
                sum += shape[i] * sigma[i, j] * shape[j];
            }
        }

        return sum;
    }

    /// <summary>x^(k-1) exp(-x) / (k-1)!, a product of its k - 1 factors.</summary>
    private static double GammaDensity(double x, int shape)
    {
        double density = Math.Exp(-x);
        for (int i = 1; i < shape; i++)
        {
            density *= x / i;
        }

        return density;
    }

    private void AssertCovariance(Prior prior, double[,] expected)
    {
        using Matrix<double> sigma = prior.Covariance(_backend);
        Assert.That(
            (sigma.Rows, sigma.Columns),
            Is.EqualTo(((nint)expected.GetLength(0), (nint)expected.GetLength(1))));
        for (int i = 0; i < sigma.Rows; i++)
        {
            for (int j = 0; j < sigma.Columns; j++)
            {
                Assert.That(sigma[i, j], Is.EqualTo(expected[i, j]).Within(Tolerance), $"({i}, {j})");
            }
        }
    }
}
