using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators.Tests;

/// <summary>Kernels of features inside estimators: as if the kernels had been made before and given.</summary>
[TestFixtureSource(typeof(EstimatorBackend), nameof(EstimatorBackend.WithElementTypes))]
internal sealed class KernelTests<T>(EstimatorBackend backend) : EstimatorFixture<T>(backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly (string Name, PairwiseKernel Kernel)[] All =
    [
        ("linear", PairwiseKernel.Linear),
        ("polynomial", PairwiseKernel.Polynomial(2, 0.2, 1)),
        ("rbf", PairwiseKernel.Rbf()),
        ("sigmoid", PairwiseKernel.Sigmoid(0.01, 0)),
        ("cosine", PairwiseKernel.Cosine),
        ("custom", PairwiseKernel.Custom((x, z) => Math.Exp(-Math.Abs(x[0] - z[0])))),
    ];

    private static IEnumerable<string> Names => All.Select(kernel => kernel.Name);

    [TestCaseSource(nameof(Names))]
    public void A_kernel_of_features_is_that_kernel_given(string name)
    {
        PairwiseKernel kernel = All.Single(entry => entry.Name == name).Kernel;
        using Problem<T> problem = new(Backend);
        using Matrix<T> K = PairwiseKernels.Compute(Backend, kernel, problem.X[0]);
        using Matrix<T> KNew = PairwiseKernels.Compute(Backend, kernel, problem.XNew[0], problem.X[0]);
        KernelRidgeOptions ridge = new() { Alphas = [3] };
        using KernelRidge<T> features = new(Backend, new() { Kernel = kernel, Model = ridge });
        using KernelRidge<T> given = new(Backend, new() { Kernel = PairwiseKernel.Precomputed, Model = ridge });
        AssertSamePredictions(features, [problem.X[0]], [problem.XNew[0]], given, [K.View], [KNew.View], problem.Y);
        using KernelRidgeCV<T> featuresCV = new(Backend, new() { Kernel = kernel, Search = Search });
        using KernelRidgeCV<T> givenCV = new(Backend, new() { Kernel = PairwiseKernel.Precomputed, Search = Search });
        AssertSamePredictions(
            featuresCV, [problem.X[0]], [problem.XNew[0]], givenCV, [K.View], [KNew.View], problem.Y);
        AssertClose(featuresCV.XFit[0].View, problem.X[0], 0, "training features");
        Assert.That(givenCV.XFit, Is.Empty);
    }

    [Test]
    public void Several_kernels_are_of_one_matrix_or_one_a_matrix()
    {
        using Problem<T> problem = new(Backend);
        PairwiseKernel[] kernels = [PairwiseKernel.Linear, PairwiseKernel.Rbf(0.1)];
        MultipleKernelRidgeCVOptions options = new() { Search = Search, Iterations = 5, Seed = 2 };
        using MultipleKernelRidgeCV<T> each = new(Backend, options with { Kernels = kernels });
        using MultipleKernelRidgeCV<T> given = new(Backend, options with { Kernels = [PairwiseKernel.Precomputed] });
        using Matrix<T> second = PairwiseKernels.Compute(Backend, kernels[1], problem.X[1]);
        using Matrix<T> secondNew = PairwiseKernels.Compute(Backend, kernels[1], problem.XNew[1], problem.X[1]);
        AssertSamePredictions(
            each, problem.X, problem.XNew, given, [problem.K[0], second.View], [problem.KNew[0], secondNew.View], problem.Y);
        using Matrix<T> shared = PairwiseKernels.Compute(Backend, kernels[1], problem.X[0]);
        using Matrix<T> sharedNew = PairwiseKernels.Compute(Backend, kernels[1], problem.XNew[0], problem.X[0]);
        AssertSamePredictions(
            each, [problem.X[0]], [problem.XNew[0]],
            given, [problem.K[0], shared.View], [problem.KNew[0], sharedNew.View], problem.Y);
        Assert.That((each.Sizes.Spaces, each.Sizes.Features.Count), Is.EqualTo((2, 1)));
        Assert.That(
            () => each.Fit([problem.X[0], problem.X[1], problem.X[0]], problem.Y),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("Kernels"));
    }

    [Test]
    public void Columns_of_one_matrix_are_as_a_column_kernelizer_has_them()
    {
        using Problem<T> problem = new(Backend);
        using ColumnKernelizer<T> kernelizer = new(Backend, Columns.Spaces);
        using StackedKernels<T> kernels = kernelizer.FitTransform(problem.Side);
        using StackedKernels<T> kernelsNew = kernelizer.Transform(problem.SideNew);
        MultipleKernelRidgeCVOptions options = new() { Search = Search, Iterations = 5, Seed = 2 };
        using MultipleKernelRidgeCV<T> columns = new(Backend, options, Columns);
        using MultipleKernelRidgeCV<T> given = new(Backend, options with { Kernels = [PairwiseKernel.Precomputed] });
        AssertSamePredictions(
            columns, [problem.Side], [problem.SideNew], given, kernels.Views, kernelsNew.Views, problem.Y);
        AssertClose(columns.Deltas.View, given.Deltas.View, 0, "deltas");
        Assert.That(
            () => columns.Fit(problem.X, problem.Y),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("X"));
        Assert.That(
            () => columns.Predict([problem.XNew[0]]), Throws.ArgumentException.With.Message.Contains("expected 12 x 10"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Primal_weights_predict_as_dual_ones(bool intercept)
    {
        using Problem<T> problem = new(Backend, offset: intercept ? 1.5 : 0);
        KernelColumns<T> weighted = new(
        [
            new("first", ColumnSelection.Range(..6), new() { Weight = 3 }),
            new("second", ColumnSelection.Range(6..), KernelPipeline<T>.Passthrough),
        ]);
        KernelRidgeOptions ridge = new() { FitIntercept = intercept };
        using KernelRidge<T> one = new(Backend, new() { Model = ridge });
        using WeightedKernelRidge<T> two =
            new(Backend, new() { Deltas = [[1], [-1]], Model = new() { FitIntercept = intercept } });
        using WeightedKernelRidge<T> columns =
            new(Backend, new() { Deltas = [[1], [-1]], Model = new() { FitIntercept = intercept } }, weighted);
        CheckPrimal(one.Fit(problem.X[0], problem.Y), problem.XNew[0], [problem.XNew[0]]);
        CheckPrimal(two.Fit(problem.X, problem.Y), problem.SideNew, problem.XNew);
        CheckPrimal(columns.Fit([problem.Side], problem.Y), problem.SideNew, [problem.SideNew]);
    }

    [Test]
    public void Primal_weights_of_what_is_not_linear_are_refused()
    {
        using Problem<T> problem = new(Backend);
        using KernelRidge<T> rbf = new(Backend, new() { Kernel = PairwiseKernel.Rbf() });
        using KernelRidge<T> given = new(Backend, new() { Kernel = PairwiseKernel.Precomputed });
        using WeightedKernelRidge<T> columns = new(Backend, null, Columns);
        Assert.That(() => rbf.PrimalCoef(), Throws.InvalidOperationException.With.Message.Contains("not fitted"));
        rbf.Fit(problem.X[0], problem.Y);
        given.Fit(problem.K[0], problem.Y);
        columns.Fit([problem.Side], problem.Y);
        Assert.That(() => rbf.PrimalCoef(), Throws.InvalidOperationException.With.Message.Contains("rbf, not linear"));
        Assert.That(() => given.PrimalCoef(), Throws.InvalidOperationException.With.Message.Contains("were given"));
        Assert.That(() => columns.PrimalCoef(), Throws.InvalidOperationException.With.Message.Contains("'second'"));
    }

    [Test]
    public void Kernels_that_make_no_model_are_refused()
    {
        Assert.That(
            () => new MultipleKernelRidgeCV<T>(Backend, new() { Kernels = [] }),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("Kernels"));
        Assert.That(
            () => new WeightedKernelRidge<T>(
                Backend, new() { Kernels = [PairwiseKernel.Linear, PairwiseKernel.Precomputed] }),
            Throws.ArgumentException.With.Message.Contains("Some kernels are precomputed"));
    }

    private void CheckPrimal(KernelEstimator<T> model, MatrixView<T> features, IReadOnlyList<MatrixView<T>> inputs)
    {
        using Matrix<T> expected = model.Predict(inputs);
        using Matrix<T> primal = model.PrimalCoef();
        Assert.That(primal.Rows, Is.EqualTo(features.Columns));
        using Matrix<T> actual = new(features.Rows, primal.Columns);
        for (nint i = 0; i < actual.Rows; i++)
        {
            for (nint j = 0; j < actual.Columns; j++)
            {
                actual[i, j] = model.Intercept is { } intercept ? intercept[0, j] : T.Zero;
                for (nint k = 0; k < primal.Rows; k++)
                {
                    actual[i, j] += features[i, k] * primal[k, j];
                }
            }
        }

        AssertClose(actual.View, expected.View, 10 * Tolerance, $"predictions of {model}");
    }

    private void AssertSamePredictions(
        KernelEstimator<T> first, IReadOnlyList<MatrixView<T>> X, IReadOnlyList<MatrixView<T>> XNew,
        KernelEstimator<T> second, IReadOnlyList<MatrixView<T>> K, IReadOnlyList<MatrixView<T>> KNew, TargetSource<T> Y)
    {
        first.Fit(X, Y);
        second.Fit(K, Y);
        using Matrix<T> actual = first.Predict(XNew);
        using Matrix<T> expected = second.Predict(KNew);
        AssertClose(actual.View, expected.View, Tolerance, $"predictions of {first}");
    }
}
