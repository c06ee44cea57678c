namespace VemKernels.Solvers.Tests.PairwiseKernels;

internal sealed class KernelNameTests
{
    [Test]
    public void Names_and_parameters_are_those_of_himalaya()
    {
        Assert.That(PairwiseKernel.FromName("linear"), Is.EqualTo(PairwiseKernel.Linear));
        Assert.That(PairwiseKernel.FromName("poly"), Is.EqualTo(PairwiseKernel.Polynomial(3, null, 1)));
        Assert.That(
            PairwiseKernel.FromName("polynomial", new Dictionary<string, double> { ["degree"] = 2, ["gamma"] = 0.5 }),
            Is.EqualTo(PairwiseKernel.Polynomial(2, 0.5, 1)));
        Assert.That(
            PairwiseKernel.FromName("rbf", new Dictionary<string, double> { ["gamma"] = 0.1 }),
            Is.EqualTo(PairwiseKernel.Rbf(0.1)));
        Assert.That(
            PairwiseKernel.FromName("sigmoid", new Dictionary<string, double> { ["coef0"] = 0 }),
            Is.EqualTo(PairwiseKernel.Sigmoid(null, 0)));
        Assert.That(PairwiseKernel.FromName("cosine"), Is.EqualTo(PairwiseKernel.Cosine));
        Assert.That(PairwiseKernel.FromName("precomputed").IsPrecomputed);
    }

    [TestCase("laplacian", "gamma")]
    [TestCase("rbf", "degree")]
    [TestCase("linear", "gamma")]
    [TestCase("sigmoid", "Gamma")]
    public void Unknown_kernels_and_parameters_are_refused(string name, string parameter) =>
        Assert.That(
            () => PairwiseKernel.FromName(name, new Dictionary<string, double> { [parameter] = 1 }),
            Throws.ArgumentException.With.Message.Contains(name == "laplacian" ? name : parameter));

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void Parameters_must_be_finite(double value)
    {
        Assert.That(() => PairwiseKernel.Rbf(value), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => PairwiseKernel.Sigmoid(value), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => PairwiseKernel.Polynomial(coef0: value), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Rbf_needs_a_gamma_that_is_not_negative_and_polynomial_such_a_degree()
    {
        Assert.That(() => PairwiseKernel.Rbf(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => PairwiseKernel.Polynomial(degree: -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
