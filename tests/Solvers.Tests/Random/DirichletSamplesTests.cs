using System.Text.Json;

namespace VemKernels.Solvers.Tests;

public class DirichletSamplesTests
{
    private static IEnumerable<TestCaseData> Cases =>
        TestVectors.Load("himalaya_dirichlet").CasesBySeed()
            .Concat(TestVectors.Load("golden_random").GetProperty("dirichlet").CasesBySeed());

    [TestCaseSource(nameof(Cases))]
    public void Candidates_equal_himalayas(JsonElement expected)
    {
        JsonElement gammas = expected.GetProperty("gammas");
        using Matrix<double> samples = DirichletSamples.Generate(
            gammas.GetArrayLength(), expected.Integer("kernels"), expected.Concentrations(), expected.Seed());
        TestVectors.AssertEqual(samples.View, gammas, 1e-14);
    }

    [Test]
    public void Candidates_lie_on_the_simplex()
    {
        for (int kernels = 1; kernels < 6; kernels++)
        {
            using Matrix<double> samples = DirichletSamples.Generate(50, kernels, [0.1, 1.0, 30.0], kernels);
            for (int i = 0; i < 50; i++)
            {
                double[] row = samples.View.RowSpan(i).ToArray();
                Assert.That(row, Is.All.InRange(0.0, 1.0));
                Assert.That(row.Sum(), Is.EqualTo(1.0).Within(1e-14));
            }
        }
    }

    [Test]
    public void An_infinite_concentration_is_equal_weights()
    {
        using Matrix<double> samples = DirichletSamples.Generate(3, 4, [double.PositiveInfinity], null);
        Assert.That(samples.View.RowSpan(2).ToArray(), Is.All.EqualTo(0.25));
    }

    [Test]
    public void The_default_concentrations_are_himalayas() =>
        Assert.That(DirichletSamples.DefaultConcentrations.ToArray(), Is.EqualTo(new[] { 0.1, 1.0 }));

    [Test]
    public void Arguments_that_make_no_sense_are_refused()
    {
        Assert.That(() => DirichletSamples.Generate(0, 2, [1.0], 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => DirichletSamples.Generate(2, 0, [1.0], 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => DirichletSamples.Generate(2, 2, [], 0),
            Throws.ArgumentException.With.Message.Contains("No concentration"));
        Assert.That(
            () => DirichletSamples.Generate(2, 2, [1.0, -1.0], 0),
            Throws.ArgumentException.With.Message.Contains("Concentration -1"));
        Assert.That(() => DirichletSamples.Generate(2, 2, [double.NaN], 0), Throws.ArgumentException);
        Assert.That(() => DirichletSamples.Generate(2, 2, [1.0], -3), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => DirichletSamples.Generate(20, 2, [1e-6], 0),
            Throws.ArgumentException.With.Message.Contains("too small for 2 kernels"));
    }
}
