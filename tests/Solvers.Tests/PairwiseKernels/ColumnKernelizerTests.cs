using System.Numerics;

namespace VemKernels.Solvers.Tests.PairwiseKernels;

[TestFixtureSource(typeof(SolverBackends), nameof(SolverBackends.WithElementTypes))]
internal sealed class ColumnKernelizerTests<T>(SolverBackend backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Train = 12;
    private const int Test = 7;
    private const int Features = 9;

    private IBackend _backend = null!;
    private Matrix<T> _train = null!;
    private Matrix<T> _test = null!;

    private static double Tolerance => typeof(T) == typeof(float) ? 2e-5 : 1e-12;

    private static KernelPipeline<T> Polynomial => new() { Kernel = PairwiseKernel.Polynomial(degree: 2) };

    [SetUp]
    public void Start()
    {
        _backend = backend.Create();
        _train = KernelData.Normal<T>(Train, Features, seed: 1, mean: 0.5);
        _test = KernelData.Normal<T>(Test, Features, seed: 2, mean: 0.5);
    }

    [TearDown]
    public void Stop()
    {
        _train.Dispose();
        _test.Dispose();
        _backend.Dispose();
    }

    [Test]
    public void A_kernelizer_is_the_kernel_with_the_training_samples()
    {
        using Kernelizer<T> kernelizer = new(_backend, PairwiseKernel.Rbf());
        using Matrix<T> K = kernelizer.FitTransform(_train.View);
        using Matrix<T> crossed = kernelizer.Transform(_test.View);
        using Matrix<T> expected = Solvers.PairwiseKernels.Compute(_backend, PairwiseKernel.Rbf(), _train.View);
        using Matrix<T> expectedCrossed = Solvers.PairwiseKernels.Compute(
            _backend, PairwiseKernel.Rbf(), _test.View, _train.View);
        Assert.That(KernelData.LargestDifference(K.View, expected.View), Is.Zero);
        Assert.That(KernelData.LargestDifference(crossed.View, expectedCrossed.View), Is.Zero);
        Assert.That(KernelData.LargestDifference(kernelizer.XFit!.Value, _train.View), Is.Zero);
    }

    [Test]
    public void A_kernelizer_takes_precomputed_kernels()
    {
        using Kernelizer<T> kernelizer = new(_backend, PairwiseKernel.Precomputed);
        using Matrix<T> square = KernelData.Normal<T>(5, 5, seed: 3);
        using Matrix<T> crossed = KernelData.Normal<T>(3, 5, seed: 4);
        using Matrix<T> K = kernelizer.FitTransform(square.View);
        using Matrix<T> transformed = kernelizer.Transform(crossed.View);
        Assert.That(KernelData.LargestDifference(transformed.View, crossed.View), Is.Zero);
        Assert.That(kernelizer.XFit, Is.Null);
        Assert.That(() => kernelizer.Fit(crossed.View), Throws.ArgumentException);
        Assert.That(() => kernelizer.Transform(square.View.SliceColumns(0, 4)), Throws.ArgumentException);
    }

    [Test]
    public void A_fit_without_kernels_transforms_as_one_with_them_and_a_failed_one_changes_nothing()
    {
        KernelSpace<T>[] spaces =
        [
            new("scaled", ColumnSelection.Of(2, 0), new() { Preprocessing = [FeatureTransforms.StandardScaler<T>()], Weight = 2 }),
            new("dropped", ColumnSelection.Of(1), null),
        ];
        using ColumnKernelizer<T> fitted = new(_backend, spaces, KernelPipeline<T>.Passthrough);
        using ColumnKernelizer<T> both = new(_backend, spaces, KernelPipeline<T>.Passthrough);
        fitted.Fit(_train.View);
        using StackedKernels<T> training = both.FitTransform(_train.View);
        using StackedKernels<T> expected = both.Transform(_test.View);
        using StackedKernels<T> actual = fitted.Transform(_test.View);
        Assert.That(KernelData.LargestDifference(actual.Stacked, expected.Stacked), Is.Zero);
        Assert.That(fitted.Columns.Select(columns => columns.ToArray()), Is.EqualTo((int[][])[[2, 0], [.. Enumerable.Range(3, Features - 3)]]));
        Assert.That(fitted.Pipelines, Is.EqualTo((KernelPipeline<T>[])[spaces[0].Pipeline!, KernelPipeline<T>.Passthrough]));
        Assert.That(() => fitted.Fit(_train.View.SliceColumns(0, 2)), Throws.ArgumentException.With.Message.Contains("'scaled'"));
        using StackedKernels<T> after = fitted.Transform(_test.View);
        Assert.That(KernelData.LargestDifference(after.Stacked, expected.Stacked), Is.Zero);
    }

    [Test]
    public void A_kernelizer_takes_sparse_features_for_the_linear_kernel()
    {
        CsrMatrix<T> train = CsrMatrix<T>.FromDense(_train.View);
        CsrMatrix<T> test = CsrMatrix<T>.FromDense(_test.View);
        using Kernelizer<T> dense = new(_backend);
        using Kernelizer<T> sparse = new(_backend);
        using Matrix<T> expected = dense.FitTransform(_train.View);
        using Matrix<T> expectedCrossed = dense.Transform(_test.View);
        T[] values = train.Values.ToArray();
        CsrMatrix<T> changing = new(train.Rows, train.Columns, values, train.ColumnIndices, train.RowPointers);
        using Matrix<T> K = sparse.FitTransform(changing);
        Array.Fill(values, T.Zero);
        using Matrix<T> crossed = sparse.Transform(test);
        using Matrix<T> crossedDense = sparse.Transform(_test.View);
        using Matrix<T> denseCrossed = dense.Transform(test);
        double tolerance = typeof(T) == typeof(float) ? 1e-5 : 1e-13;
        Assert.That(KernelData.LargestDifference(K.View, expected.View), Is.LessThan(tolerance));
        foreach (Matrix<T> matrix in (Matrix<T>[])[crossed, crossedDense, denseCrossed])
        {
            Assert.That(KernelData.LargestDifference(matrix.View, expectedCrossed.View), Is.LessThan(tolerance));
        }

        Assert.That(sparse.XFit, Is.Null);
        Assert.That(
            sparse.SparseXFit!.Values.ToArray(), Is.EqualTo(train.Values.ToArray()), "the kernelizer owns its copy");
        using Kernelizer<T> rbf = new(_backend, PairwiseKernel.Rbf());
        Assert.That(
            () => rbf.Fit(train),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("X").And.Message.Contains("linear"));
        using Matrix<T> narrow = KernelData.Normal<T>(3, (int)_train.Columns - 1, seed: 5);
        Assert.That(
            () => sparse.Transform(CsrMatrix<T>.FromDense(narrow.View)),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("X"));
        using Kernelizer<T> unfitted = new(_backend);
        Assert.That(() => unfitted.Transform(train), Throws.InvalidOperationException);
    }

    [Test]
    public void What_was_not_fitted_does_not_transform()
    {
        using Kernelizer<T> kernelizer = new(_backend);
        using ColumnKernelizer<T> columns = new(
            _backend, [new("all", ColumnSelection.Range(..), KernelPipeline<T>.Passthrough)]);
        Assert.That(() => kernelizer.Transform(_test.View), Throws.InvalidOperationException);
        Assert.That(() => columns.Transform(_test.View), Throws.InvalidOperationException);
        Assert.That(() => columns.Names, Throws.InvalidOperationException);
    }

    [Test]
    public void Each_space_has_its_columns_and_its_kernel()
    {
        using ColumnKernelizer<T> kernelizer = new(
            _backend,
            [
                new("first", ColumnSelection.Range(0..3), KernelPipeline<T>.Passthrough),
                new("some", ColumnSelection.Of(5, 1, -1), Polynomial),
                new("masked", ColumnSelection.Mask(false, false, false, true, true, false, false, false, false),
                    new() { Kernel = PairwiseKernel.Rbf(), Weight = 3 }),
            ]);
        using StackedKernels<T> kernels = kernelizer.FitTransform(_train.View);
        using StackedKernels<T> crossed = kernelizer.Transform(_test.View);
        Assert.That(kernels.Names, Is.EqualTo(new[] { "first", "some", "masked" }));
        Assert.That((kernels.Stacked.Rows, kernels.Stacked.Columns), Is.EqualTo(((nint)3 * Train, (nint)Train)));
        Check(kernels[0], crossed[0], PairwiseKernel.Linear, 1, 0, 1, 2);
        Check(kernels[1], crossed[1], PairwiseKernel.Polynomial(degree: 2), 1, 5, 1, 8);
        Check(kernels[2], crossed[2], PairwiseKernel.Rbf(), 3, 3, 4);
    }

    [Test]
    public void Other_columns_are_dropped_or_a_space_of_their_own()
    {
        KernelSpace<T>[] spaces =
        [
            new("first", ColumnSelection.Range(0..3), KernelPipeline<T>.Passthrough),
            new("dropped", ColumnSelection.Of(3), null),
        ];
        using ColumnKernelizer<T> dropping = new(_backend, spaces);
        using ColumnKernelizer<T> passing = new(_backend, spaces, KernelPipeline<T>.Passthrough);
        using StackedKernels<T> one = dropping.FitTransform(_train.View);
        using StackedKernels<T> two = passing.FitTransform(_train.View);
        using StackedKernels<T> crossed = passing.Transform(_test.View);
        Assert.That(one.Names, Is.EqualTo(new[] { "first" }));
        Assert.That(two.Names, Is.EqualTo(new[] { "first", "remainder" }));
        Check(two[1], crossed[1], PairwiseKernel.Linear, 1, 4, 5, 6, 7, 8);
    }

    [Test]
    public void A_scaler_is_fitted_on_the_training_samples_alone()
    {
        KernelPipeline<T> scaled = new() { Preprocessing = [FeatureTransforms.StandardScaler<T>()] };
        using ColumnKernelizer<T> kernelizer = new(_backend, [new("scaled", ColumnSelection.Range(..), scaled)]);
        using StackedKernels<T> kernels = kernelizer.FitTransform(_train.View);
        using StackedKernels<T> crossed = kernelizer.Transform(_test.View);
        for (int j = 0; j < Features; j++)
        {
            double mean = Enumerable.Range(0, Train).Average(i => double.CreateTruncating(_train[i, j]));
            double deviation = Math.Sqrt(
                Enumerable.Range(0, Train).Average(i => Math.Pow(double.CreateTruncating(_train[i, j]) - mean, 2)));
            foreach (Matrix<T> X in (Matrix<T>[])[_train, _test])
            {
                for (nint i = 0; i < X.Rows; i++)
                {
                    X[i, j] = T.CreateTruncating((double.CreateTruncating(X[i, j]) - mean) / deviation);
                }
            }
        }

        Assert.That(KernelData.LargestDifference(kernelizer.XFit[0]!.Value, _train.View), Is.LessThan(Tolerance));
        Check(kernels[0], crossed[0], PairwiseKernel.Linear, 1, [.. Enumerable.Range(0, Features)]);
    }

    [Test]
    public void A_scaler_leaves_constant_columns_at_zero()
    {
        _train.View.SliceColumns(2, 1).Fill(T.CreateTruncating(0.1));
        using Matrix<T> scaled = FeatureTransforms.StandardScaler<T>()(_train.View)(_train.View);
        using Matrix<T> centred = FeatureTransforms.StandardScaler<T>(withStd: false)(_train.View)(_train.View);
        for (nint i = 0; i < Train; i++)
        {
            Assert.That((scaled[i, 2], centred[i, 2]), Is.EqualTo((T.Zero, T.Zero)));
        }
    }

    [Test]
    public void Steps_of_the_caller_run_in_order()
    {
        FitPreprocessing<T> firstColumnAlone = fitted => X => Matrix<T>.From(X.SliceColumns(0, 1));
        KernelPipeline<T> pipeline =
            new() { Preprocessing = [FeatureTransforms.StandardScaler<T>(), firstColumnAlone] };
        using ColumnKernelizer<T> kernelizer = new(_backend, [new("one", ColumnSelection.Range(2..5), pipeline)]);
        using StackedKernels<T> kernels = kernelizer.FitTransform(_train.View);
        Assert.That(kernelizer.XFit[0]!.Value.Columns, Is.EqualTo((nint)1));
        Assert.That(double.CreateTruncating(kernels[0][0, 0]), Is.GreaterThan(0));
    }

    [Test]
    public void Spaces_that_make_no_sense_are_refused()
    {
        KernelSpace<T> all = new("all", ColumnSelection.Range(..), KernelPipeline<T>.Passthrough);
        Assert.That(() => new ColumnKernelizer<T>(_backend, [all, all]), Throws.ArgumentException);
        Refused(all with { Columns = ColumnSelection.Of(9) });
        Refused(all with { Columns = ColumnSelection.Of() });
        Refused(all with { Columns = ColumnSelection.Mask(true) });
        Refused(all with { Pipeline = null });
        Refused(all with { Pipeline = new() { Kernel = PairwiseKernel.Precomputed } });
        using ColumnKernelizer<T> kernelizer = new(_backend, [all]);
        kernelizer.FitTransform(_train.View).Dispose();
        Assert.That(() => kernelizer.Transform(_test.View.SliceColumns(0, 8)), Throws.ArgumentException);
    }

    private void Refused(KernelSpace<T> space)
    {
        using ColumnKernelizer<T> kernelizer = new(_backend, [space]);
        Assert.That(() => kernelizer.FitTransform(_train.View), Throws.InstanceOf<ArgumentException>());
    }

    private void Check(
        MatrixView<T> K, MatrixView<T> crossed, PairwiseKernel kernel, double weight, params int[] columns)
    {
        using Matrix<T> train = KernelData.Columns(_train, columns);
        using Matrix<T> test = KernelData.Columns(_test, columns);
        using Matrix<T> expected = Solvers.PairwiseKernels.Compute(_backend, kernel, train.View);
        using Matrix<T> expectedCrossed = Solvers.PairwiseKernels.Compute(_backend, kernel, test.View, train.View);
        foreach (Matrix<T> matrix in (Matrix<T>[])[expected, expectedCrossed])
        {
            for (nint i = 0; i < matrix.Rows; i++)
            {
                for (nint j = 0; j < matrix.Columns; j++)
                {
                    matrix[i, j] *= T.CreateTruncating(weight);
                }
            }
        }

        Assert.That(KernelData.LargestDifference(K, expected.View), Is.LessThan(Tolerance * 10));
        Assert.That(KernelData.LargestDifference(crossed, expectedCrossed.View), Is.LessThan(Tolerance * 10));
    }
}
