using System.Numerics;

namespace VemKernels.Solvers.Tests.PairwiseKernels;

[TestFixtureSource(typeof(SolverBackends), nameof(SolverBackends.WithElementTypes))]
internal sealed class PairwiseKernelTests<T>(SolverBackend backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly PairwiseKernel[] Kernels =
    [
        PairwiseKernel.Linear, PairwiseKernel.Polynomial(), PairwiseKernel.Rbf(), PairwiseKernel.Sigmoid(),
        PairwiseKernel.Cosine,
        PairwiseKernel.Custom((x, z) => Math.Exp(-Math.Abs(x[0] - z[0]))),
    ];

    private static readonly PairwiseKernel[] PositiveSemiDefinite =
        [.. Kernels.Where(kernel => kernel.Name != "sigmoid")];

    private IBackend _backend = null!;

    private static double Tolerance => typeof(T) == typeof(float) ? 1e-5 : 1e-12;

    [SetUp]
    public void Start() => _backend = backend.Create();

    [TearDown]
    public void Stop() => _backend.Dispose();

    [TestCaseSource(nameof(PositiveSemiDefinite))]
    public void Kernels_are_positive_semi_definite(PairwiseKernel kernel)
    {
        using Matrix<T> X = KernelData.Normal<T>(30, 4, seed: 1);
        using Matrix<T> K = Solvers.PairwiseKernels.Compute(_backend, kernel, X.View);
        using DeviceMatrix<double> A = Designs.Upload.AsDouble(_backend, K.View);
        using DeviceMatrix<double> w = _backend.Allocate<double>(1, K.Rows);
        _backend.SymmetricEigen(A.View, w.View);
        double[] eigenvalues = Designs.Upload.ToHost(_backend, w.View);
        Assert.That(eigenvalues[0], Is.GreaterThan(-Tolerance * eigenvalues[^1]));
    }

    [TestCaseSource(nameof(Kernels))]
    public void A_kernel_with_itself_is_symmetric_and_agrees_with_that_of_a_copy(PairwiseKernel kernel)
    {
        using Matrix<T> X = KernelData.Normal<T>(23, 5, seed: 2);
        using Matrix<T> copy = Matrix<T>.From(X.View);
        using Matrix<T> K = Solvers.PairwiseKernels.Compute(_backend, kernel, X.View);
        using Matrix<T> cross = Solvers.PairwiseKernels.Compute(_backend, kernel, X.View, copy.View);
        Assert.That(KernelData.LargestDifference(K.View, K.View.Transposed), Is.Zero);
        Assert.That(KernelData.LargestDifference(K.View, cross.View), Is.LessThan(100 * Tolerance));
    }

    [Test]
    public void Gamma_is_one_over_the_features_by_default()
    {
        using Matrix<T> X = KernelData.Normal<T>(9, 5, seed: 3);
        using Matrix<T> byDefault = Solvers.PairwiseKernels.Compute(_backend, PairwiseKernel.Rbf(), X.View);
        using Matrix<T> given = Solvers.PairwiseKernels.Compute(_backend, PairwiseKernel.Rbf(0.2), X.View);
        Assert.That(KernelData.LargestDifference(byDefault.View, given.View), Is.Zero);
    }

    [Test]
    public void A_custom_kernel_that_is_a_known_one_agrees_with_it()
    {
        PairwiseKernel custom = PairwiseKernel.Custom((x, z) =>
        {
            double sum = 0;
            for (int i = 0; i < x.Length; i++)
            {
                sum += (x[i] - z[i]) * (x[i] - z[i]);
            }

            return Math.Exp(-0.3 * sum);
        });
        using Matrix<T> X = KernelData.Normal<T>(9, 5, seed: 4);
        using Matrix<T> Y = KernelData.Normal<T>(6, 5, seed: 5);
        using Matrix<T> mine = Solvers.PairwiseKernels.Compute(_backend, custom, X.View, Y.View);
        using Matrix<T> known = Solvers.PairwiseKernels.Compute(_backend, PairwiseKernel.Rbf(0.3), X.View, Y.View);
        Assert.That(KernelData.LargestDifference(mine.View, known.View), Is.LessThan(Tolerance));
    }

    [Test]
    public void Strided_features_and_results_come_in_and_out()
    {
        using Matrix<T> X = KernelData.Normal<T>(9, 5, seed: 6);
        using Matrix<T> fortran = Matrix<T>.From(X.View.Transposed);
        using Matrix<T> wide = new(20, 30);
        MatrixView<T> result = wide.View.Block(3, 4, 9, 9).Transposed;
        using Matrix<T> expected = Solvers.PairwiseKernels.Compute(_backend, PairwiseKernel.Rbf(), X.View);
        Solvers.PairwiseKernels.Compute(_backend, PairwiseKernel.Rbf(), fortran.View.Transposed, null, result);
        Assert.That(KernelData.LargestDifference(result, expected.View), Is.LessThan(Tolerance));
        Assert.That(wide[2, 4], Is.EqualTo(T.Zero));
    }

    [Test]
    public void Precomputed_kernels_are_returned_as_they_are()
    {
        using Matrix<T> K = KernelData.Normal<T>(4, 4, seed: 7);
        using Matrix<T> same = Solvers.PairwiseKernels.Compute(_backend, PairwiseKernel.Precomputed, K.View);
        Assert.That(KernelData.LargestDifference(K.View, same.View), Is.Zero);
        Assert.That(
            () => Solvers.PairwiseKernels.Compute(_backend, PairwiseKernel.Precomputed, K.View.SliceRows(0, 3)),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("X"));
    }

    [Test]
    public void Centring_a_kernel_is_the_kernel_of_centred_features()
    {
        using Matrix<T> train = KernelData.Normal<T>(17, 6, seed: 8, mean: 0.7);
        using Matrix<T> test = KernelData.Normal<T>(11, 6, seed: 9, mean: 0.7);
        using Matrix<T> K = Solvers.PairwiseKernels.Compute(_backend, PairwiseKernel.Linear, train.View);
        using Matrix<T> crossed = Solvers.PairwiseKernels.Compute(
            _backend, PairwiseKernel.Linear, test.View, train.View);
        KernelCenterer centerer = KernelCenterer.Fit(_backend, K.View);
        centerer.TransformInPlace(_backend, K.View);
        centerer.TransformInPlace(_backend, crossed.View);

        double[] means = new double[6];
        ColumnMeans.Compute(train.View, [.. Enumerable.Range(0, 17)], means);
        ColumnMeans.Subtract(train.View, means);
        ColumnMeans.Subtract(test.View, means);
        using Matrix<T> expected = Solvers.PairwiseKernels.Compute(_backend, PairwiseKernel.Linear, train.View);
        using Matrix<T> expectedCrossed = Solvers.PairwiseKernels.Compute(
            _backend, PairwiseKernel.Linear, test.View, train.View);
        Assert.That(KernelData.LargestDifference(K.View, expected.View), Is.LessThan(Tolerance));
        Assert.That(KernelData.LargestDifference(crossed.View, expectedCrossed.View), Is.LessThan(Tolerance));
    }

    [Test]
    public void A_centerer_from_the_means_of_another_centres_alike()
    {
        using Matrix<T> K = KernelData.Normal<T>(5, 5, seed: 14, mean: 0.7);
        using Matrix<T> crossed = KernelData.Normal<T>(3, 5, seed: 15, mean: 0.7);
        KernelCenterer fitted = KernelCenterer.Fit(_backend, K.View);
        KernelCenterer restored = KernelCenterer.FromMeans(fitted.ColumnMeans);
        using Matrix<T> expected = fitted.Transform(_backend, crossed.View);
        using Matrix<T> found = restored.Transform(_backend, crossed.View);
        Assert.That(KernelData.LargestDifference(found.View, expected.View), Is.Zero);
        Assert.That(KernelData.LargestDifference(found.View, crossed.View), Is.GreaterThan(0.1));
        Assert.That(() => KernelCenterer.FromMeans([0, double.NaN]), Throws.ArgumentException);
    }

    [Test]
    public void Centring_refuses_kernels_that_do_not_fit()
    {
        using Matrix<T> K = KernelData.Normal<T>(4, 4, seed: 10);
        KernelCenterer centerer = KernelCenterer.Fit(_backend, K.View);
        Assert.That(() => KernelCenterer.Fit(_backend, K.View.SliceRows(0, 3)), Throws.ArgumentException);
        Assert.That(() => centerer.Transform(_backend, K.View.SliceColumns(0, 3)), Throws.ArgumentException);
    }

    [Test]
    public void Bad_features_are_named()
    {
        using Matrix<T> X = KernelData.Normal<T>(4, 3, seed: 11);
        using Matrix<T> narrow = KernelData.Normal<T>(4, 2, seed: 12);
        using Matrix<T> nan = KernelData.Normal<T>(4, 3, seed: 13);
        nan[1, 2] = T.NaN;
        Assert.That(
            () => Solvers.PairwiseKernels.Compute(_backend, PairwiseKernel.Linear, X.View, narrow.View),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("Y"));
        Assert.That(
            () => Solvers.PairwiseKernels.Compute(_backend, PairwiseKernel.Linear, X.View, nan.View),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("Y"));
        Assert.That(
            () => Solvers.PairwiseKernels.Compute(_backend, PairwiseKernel.Rbf(), nan.View),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("X"));
        Assert.That(
            () => Solvers.PairwiseKernels.Compute(_backend, PairwiseKernel.Rbf(), X.View.SliceColumns(0, 0)),
            Throws.ArgumentException);
    }
}
