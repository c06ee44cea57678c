using System.Numerics;
using VemKernels.Solvers.Tests.Golden;

namespace VemKernels.Solvers.Tests.PairwiseKernels;

/// <summary>Pairwise kernels and centring against the golden values.</summary>
[TestFixtureSource(typeof(SolverBackends), nameof(SolverBackends.WithElementTypes))]
internal sealed class KernelGoldenTests<T>(SolverBackend backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private IBackend _backend = null!;
    private GoldenCase _golden = null!;

    /// <summary>The parameters that the golden values were made with (meta does not name them).</summary>
    private static IEnumerable<TestCaseData> Kernels =>
    [
        new(PairwiseKernel.Linear, "out_linear"),
        new(PairwiseKernel.Polynomial(degree: 3, gamma: 0.2, coef0: 1), "out_poly"),
        new(PairwiseKernel.Rbf(gamma: 0.1), "out_rbf"),
        new(PairwiseKernel.Sigmoid(gamma: 0.05, coef0: 0.5), "out_sigmoid"),
        new(PairwiseKernel.Cosine, "out_cosine"),
    ];

    [SetUp]
    public void Start()
    {
        _golden = new GoldenCase("kernels");
        _backend = backend.Create();
    }

    [TearDown]
    public void Stop() => _backend?.Dispose();

    [TestCaseSource(nameof(Kernels))]
    public void Pairwise_kernels(PairwiseKernel kernel, string expectedName)
    {
        using Matrix<T> A = _golden.Matrix<T>("in_A");
        using Matrix<T> B = _golden.Matrix<T>("in_B");
        using Matrix<T> K = Solvers.PairwiseKernels.Compute(_backend, kernel, A.View, B.View);
        Compare(K, expectedName);
    }

    [Test]
    public void Centring_of_the_training_kernel_and_of_a_test_kernel()
    {
        using Matrix<T> A = _golden.Matrix<T>("in_A");
        using Matrix<T> B = _golden.Matrix<T>("in_B");
        using Matrix<T> train = Solvers.PairwiseKernels.Compute(_backend, PairwiseKernel.Linear, A.View);
        using Matrix<T> test = Solvers.PairwiseKernels.Compute(_backend, PairwiseKernel.Linear, B.View, A.View);
        KernelCenterer centerer = KernelCenterer.Fit(_backend, train.View);
        using Matrix<T> centredTrain = centerer.Transform(_backend, train.View);
        using Matrix<T> centredTest = centerer.Transform(_backend, test.View);
        Compare(centredTrain, "out_centered_train");
        Compare(centredTest, "out_centered_test");
    }

    private void Compare(Matrix<T> actual, string name)
    {
        using Matrix<double> expected = _golden.Matrix<double>(name);
        GoldenFit.Close(actual.View, expected.View, GoldenCase.Tolerance<T>(), name);
    }
}
