using VemKernels.Simd;
using VemKernels.Solvers.Designs;
using VemKernels.Solvers.RandomSearch;

namespace VemKernels.Solvers.Tests.RandomSearch;

/// <summary>When Cholesky factorisations serve, and when eigenvalues do all the same.</summary>
internal sealed class FactoringTests : IDisposable
{
    private readonly SimdBackend _backend = new();

    public void Dispose() => _backend.Dispose();

    [TestCase(0.1, 0, true)]
    [TestCase(1e-9, 0, false, Description = "the smallest alpha is under 1e-8 times the largest eigenvalue")]
    [TestCase(0.1, 3, false, Description = "an eigenvalue is under minus half of the smallest alpha")]
    [TestCase(100, 3, true, Description = "which that of a larger one is not")]
    public void Cholesky_serves_where_it_is_safe(double smallestAlpha, double subtracted, bool isCholesky)
    {
        using SmallProblem<double> problem = new(seed: 3, samples: 25, targets: 2, [10]);
        for (int i = 0; i < 25; i++)
        {
            problem.Kernels[0][i, i] -= subtracted;
        }

        using KernelDesign<double> design = new(
            _backend, Inputs<double>.Kernels(new InputMatrices<double>(problem.KernelViews), null), intercept: false, keepKernels: true,
            CancellationToken.None)
        {
            Factoring = Factoring.Cholesky,
        };
        using Factorisation factors = design.Factor([1.0], smallestAlpha, CancellationToken.None);
        Assert.That(factors is CholeskyFactorisation, Is.EqualTo(isCholesky));
    }

    [Test]
    public void The_largest_eigenvalue_is_found_from_below([Values(1, 2, 30, 200)] int n)
    {
        using DeviceMatrix<double> a = _backend.Allocate<double>(n, n);
        using Matrix<double> host = new(n, n);
        for (int i = 0; i < n; i++)
        {
            host[i, i] = i + 1;
        }

        _backend.Upload(host.View, a.View);
        Assert.That(LargestEigenvalue.Of(_backend, a.View), Is.LessThanOrEqualTo(n * (1 + 1e-12)).And.GreaterThan(0.93 * n));
        _backend.Fill(a.View, 0);
        Assert.That(LargestEigenvalue.Of(_backend, a.View), Is.Zero);
    }
}
