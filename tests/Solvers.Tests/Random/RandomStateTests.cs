using System.Text.Json;

namespace VemKernels.Solvers.Tests;

public class RandomStateTests
{
    /// <summary>
    /// numpy's values, to a few units in the last place: log and pow of the C library may differ by one.
    /// </summary>
    private const double Tolerance = 1e-14;

    private const int KeptEvery = 97;
    private static readonly double[] Shapes = [0.05, 0.3, 1.0, 2.5, 10.0];

    private static readonly (long Low, long High)[] Ranges =
        [(0, 10), (-5, 7), (3, 4), (0, 1L << 32), (-(1L << 31), 1L << 40), (long.MinValue, long.MaxValue)];

    private static IEnumerable<TestCaseData> NumpySeeds => TestVectors.Load("numpy_random").CasesBySeed();

    private static IEnumerable<TestCaseData> GoldenSeeds =>
        TestVectors.Load("golden_random").GetProperty("randomstate").CasesBySeed();

    [TestCaseSource(nameof(NumpySeeds))]
    public void Draws_equal_numpys_across_many_regenerations(JsonElement expected)
    {
        RandomState random = new(expected.Seed());
        Assert.That(Kept(3000, random.Rand), Is.EqualTo(expected.Doubles("rand")), "rand is exact");
        Assert.That(Kept(3001, random.Randn), Is.EqualTo(expected.Doubles("randn")).Within(Tolerance));
        Assert.That(
            Kept(500, random.StandardExponential), Is.EqualTo(expected.Doubles("exponential")).Within(Tolerance));
        JsonElement gammas = expected.GetProperty("gamma");
        for (int i = 0; i < Shapes.Length; i++)
        {
            Assert.That(
                Kept(1000, () => random.StandardGamma(Shapes[i])),
                Is.EqualTo(gammas[i].Doubles()).Within(100 * Tolerance));
        }

        using Matrix<double> dirichlet = random.Dirichlet([0.1, 1.0, 3.0], 20);
        TestVectors.AssertEqual(dirichlet.View, expected.GetProperty("dirichlet"), Tolerance);
        Assert.That(random.Permutation(1000), Is.EqualTo(expected.Integers("permutation")));
        JsonElement integers = expected.GetProperty("randint");
        for (int i = 0; i < Ranges.Length; i++)
        {
            long[] drawn = new long[50];
            for (int k = 0; k < drawn.Length; k++)
            {
                drawn[k] = random.RandInt(Ranges[i].Low, Ranges[i].High);
            }

            Assert.That(
                drawn, Is.EqualTo(integers[i].EnumerateArray().Select(value => value.GetInt64())), $"{Ranges[i]}");
        }

        Assert.That(Draw(5, random.Randn), Is.EqualTo(expected.Doubles("randn_last")).Within(Tolerance));
    }

    [TestCaseSource(nameof(GoldenSeeds))]
    public void Draws_equal_the_golden_ones(JsonElement expected)
    {
        const double GoldenTolerance = 1e-12;
        RandomState random = new(expected.Seed());
        Assert.That(Draw(10, random.Rand), Is.EqualTo(expected.Doubles("rand")));
        Assert.That(Draw(11, random.Randn), Is.EqualTo(expected.Doubles("randn")).Within(GoldenTolerance));
        Assert.That(random.Permutation(12), Is.EqualTo(expected.Integers("perm")));
        Assert.That(
            Draw(10, () => random.StandardGamma(0.3)), Is.EqualTo(expected.Doubles("gamma03")).Within(GoldenTolerance));
        Assert.That(
            Draw(10, () => random.StandardGamma(2.5)), Is.EqualTo(expected.Doubles("gamma25")).Within(GoldenTolerance));
    }

    [Test]
    public void Filling_a_span_or_a_matrix_draws_one_by_one()
    {
        RandomState single = new(5);
        RandomState filled = new(5);
        double[] uniforms = new double[7];
        double[] normals = new double[7];
        filled.Rand(uniforms);
        filled.Randn(normals);
        Assert.That(uniforms, Is.EqualTo(Draw(7, single.Rand)));
        Assert.That(normals, Is.EqualTo(Draw(7, single.Randn)));
        using Matrix<double> matrix = filled.Randn(2, 3);
        Assert.That(matrix.View.RowSpan(0).ToArray(), Is.EqualTo(Draw(3, single.Randn)));
        Assert.That(matrix.View.RowSpan(1).ToArray(), Is.EqualTo(Draw(3, single.Randn)));
    }

    [Test]
    public void Normal_and_gamma_deviates_have_their_moments()
    {
        const int Draws = 20_000;
        RandomState random = new(11);
        double[] normals = Draw(Draws, random.Randn);
        Assert.That(normals.Average(), Is.EqualTo(0.0).Within(0.03));
        Assert.That(normals.Average(x => x * x), Is.EqualTo(1.0).Within(0.05));
        foreach (double shape in Shapes)
        {
            Assert.That(
                Draw(Draws, () => random.StandardGamma(shape)).Average(),
                Is.EqualTo(shape).Within(0.05 * Math.Sqrt(shape)));
        }
    }

    [Test]
    public void Shuffling_permutes_and_the_permutation_has_every_number_once()
    {
        RandomState random = new(2);
        for (int n = 0; n < 40; n++)
        {
            Assert.That(random.Permutation(n).Order(), Is.EqualTo(Enumerable.Range(0, n)));
        }

        string[] items = ["a", "b", "c", "d"];
        random.Shuffle(items.AsSpan());
        Assert.That(items, Is.EquivalentTo(new[] { "a", "b", "c", "d" }));
    }

    [Test]
    public void Gamma_of_shape_zero_is_zero_and_draws_nothing()
    {
        RandomState random = new(0);
        Assert.That(random.StandardGamma(0.0), Is.Zero);
        Assert.That(random.Rand(), Is.EqualTo(new RandomState(0).Rand()));
    }

    [Test]
    public void Without_a_seed_two_generators_differ()
    {
        RandomState first = RandomState.FromSeed(null);
        RandomState second = RandomState.FromSeed(null);
        Assert.That(Draw(4, first.Rand), Is.Not.EqualTo(Draw(4, second.Rand)));
    }

    [TestCase(-1L)]
    [TestCase(1L << 32)]
    public void A_seed_out_of_range_is_named(long seed) =>
        Assert.That(
            () => new RandomState(seed),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains($"Seed {seed} is outside 0..4294967295."));

    [Test]
    public void Parameters_that_make_no_sense_are_refused()
    {
        RandomState random = new(0);
        Assert.That(
            () => random.StandardGamma(-0.5),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("-0.5"));
        Assert.That(() => random.StandardGamma(double.NaN), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => random.RandInt(3, 3),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("[3, 3)"));
        Assert.That(() => random.Permutation(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => random.Dirichlet([], 1), Throws.ArgumentException);
        Assert.That(
            () => random.Dirichlet([1.0, 0.0], 1), Throws.ArgumentException.With.Message.Contains("concentration 0"));
        Assert.That(() => random.Dirichlet([1.0], -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static double[] Draw(int count, Func<double> draw)
    {
        double[] values = new double[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = draw();
        }

        return values;
    }

    private static double[] Kept(int count, Func<double> draw) =>
        [.. Draw(count, draw).Where((_, i) => i % KeptEvery == 0)];
}
