using System.Numerics;
using NUnit.Framework;

namespace VemKernels.Kernels.Tests.Contract;

/// <summary>
/// Products by kernel through index lists, and the column operations of iterative solvers, against plain loops.
/// </summary>
[TestFixtureSource(typeof(Backends), nameof(Backends.WithElementTypes))]
public sealed class HyperGradientContractTests<T>(BackendUnderTest underTest) : ContractFixture<T>(underTest)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Samples of the kernels, how many of them are rows and columns of the product, kernels, targets.
    /// </summary>
    private static readonly (int Samples, int Rows, int Columns, int Kernels, int Targets)[] Shapes =
    [
        (1, 1, 1, 1, 1), (5, 3, 0, 2, 4), (5, 0, 3, 2, 4), (5, 3, 2, 0, 4), (5, 3, 2, 2, 0), (17, 11, 13, 3, 5),
        (37, 33, 29, 2, 49),
        (65, 65, 40, 4, 131),
    ];

    /// <summary>More rows and columns than a backend takes in one block.</summary>
    private static readonly (int Samples, int Rows, int Columns, int Kernels, int Targets) Blocks =
        (300, 300, 280, 2, 50);

    [Test]
    [Pairwise]
    public void IndexedKernelProduct_sums_over_kernels(
        [ValueSource(nameof(Shapes))] (int Samples, int Rows, int Columns, int Kernels, int Targets) shape,
        [Values] Layout layout,
        [Values] bool withOffsets) => RequireProduct(shape, layout, withOffsets);

    [Test]
    public void IndexedKernelProduct_of_several_blocks() => RequireProduct(Blocks, Layout.Whole, withOffsets: true);

    [Test]
    [Pairwise]
    public void KernelProductMoments_are_prediction_gradient_and_hessian(
        [ValueSource(nameof(Shapes))] (int Samples, int Rows, int Columns, int Kernels, int Targets) shape,
        [Values] Layout layout,
        [Values] bool withOffsets) => RequireMoments(shape, layout, withOffsets);

    [Test]
    public void KernelProductMoments_of_several_blocks() => RequireMoments(Blocks, Layout.Whole, withOffsets: true);

    [Test]
    [Pairwise]
    public void KernelProductDots_are_inner_products_by_kernel(
        [ValueSource(nameof(Shapes))] (int Samples, int Rows, int Columns, int Kernels, int Targets) shape,
        [Values] Layout layout,
        [Values] bool withOffsets) => RequireDots(shape, layout, withOffsets);

    [Test]
    public void KernelProductDots_of_several_blocks() => RequireDots(Blocks, Layout.Whole, withOffsets: true);

    [Test]
    public void Indices_outside_the_kernels_are_argument_errors()
    {
        DeviceView<T> kernels = Input(Random(4, 8, seed: 1)).View;
        DeviceView<T> weights = Input(Random(2, 3, seed: 2)).View;
        DeviceView<T> w = Input(Random(2, 3, seed: 3)).View;
        DeviceView<T> result = Result(1, 3).View;
        Assert.That(
            () => Backend.IndexedKernelProduct(kernels, [4], [0, 1], null, weights, w, result), Throws.InstanceOf<ArgumentException>());
        Assert.That(
            () => Backend.IndexedKernelProduct(kernels, [0], [0, -1], null, weights, w, result), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void Gathered_columns_scatter_back([Values] Layout layout)
    {
        const int N = 5;
        int[] indices = [7, 0, 3];
        double[,] source = Random(N, 8, seed: 10);
        Operand<T> gathered = Result(N, indices.Length, layout);
        Backend.GatherColumns(Input(source, layout).View, indices, gathered.View);
        Assert.That(gathered.Values, Is.EqualTo(Arrays.Make(N, indices.Length, (i, j) => source[i, indices[j]])));

        double[,] before = Random(N, 8, seed: 11);
        double[,] after = (double[,])before.Clone();
        for (int i = 0; i < N; i++)
        {
            for (int j = 0; j < indices.Length; j++)
            {
                after[i, indices[j]] = source[i, indices[j]];
            }
        }

        Operand<T> scattered = Output(before, layout);
        Backend.ScatterColumns(Input(gathered.Values, layout).View, indices, scattered.View);
        Assert.That(scattered.Values, Is.EqualTo(after));
    }

    private void RequireProduct(
        (int Samples, int Rows, int Columns, int Kernels, int Targets) shape, Layout layout, bool withOffsets)
    {
        Case given = new(this, shape, layout, withOffsets);
        Operand<T> result = Result(shape.Rows, shape.Targets, layout);
        Backend.IndexedKernelProduct(
            given.Ks, given.Rows, given.Columns, given.Offsets, given.Weights, given.W, result.View);
        Sum(given.Products(Oracle), shape.Rows, shape.Targets).RequireNear(result.Values);
    }

    private void RequireMoments(
        (int Samples, int Rows, int Columns, int Kernels, int Targets) shape, Layout layout, bool withOffsets)
    {
        Case given = new(this, shape, layout, withOffsets);
        (_, int q, _, int m, int t) = shape;
        double[,] y = Random(q, t, seed: 30);
        Operand<T> predictions = Result(q, t, layout);
        Operand<double> gradient = DoubleResult(m, t, layout);
        Operand<double> hessian = DoubleResult(m * m, t, layout);
        Backend.KernelProductMoments(
            given.Ks, given.Rows, given.Columns, given.Offsets, given.Weights, given.W, Input(y, layout).View,
            predictions.View, gradient.View,
            hessian.View);
        Estimate[] P = given.Products(Oracle);
        Estimate sum = Sum(P, q, t);
        Estimate residual = Oracle.Combination(1, sum, -1, Estimate.Exact(y));
        sum.RequireNear(predictions.Values);
        Estimate slopes = Estimate.Make(m, t, (i, j) => Dot(P[i], residual, j));
        slopes.RequireNear(gradient.Values);
        Estimate.Make(m * m, t, (row, j) =>
        {
            (double value, double error) = Dot(P[row / m], P[row % m], j);
            return row / m == row % m
                ? (value + slopes.Value[row / m, j], error + slopes.Error[row / m, j])
                : (value, error);
        }).RequireNear(hessian.Values);
    }

    private void RequireDots(
        (int Samples, int Rows, int Columns, int Kernels, int Targets) shape, Layout layout, bool withOffsets)
    {
        Case given = new(this, shape, layout, withOffsets);
        double[,] v = Random(shape.Rows, shape.Targets, seed: 31);
        Operand<double> dots = DoubleResult(shape.Kernels, shape.Targets, layout);
        Backend.KernelProductDots(
            given.Ks, given.Rows, given.Columns, given.Offsets, given.Weights, given.W, Input(v, layout).View, dots.View);
        Estimate[] P = given.Products(Oracle);
        Estimate.Make(shape.Kernels, shape.Targets, (i, j) => Dot(P[i], Estimate.Exact(v), j)).RequireNear(dots.Values);
    }

    /// <summary>x(:, j)' y(:, j): sums of up to 32 rows may run in working precision.</summary>
    private (double Value, double Error) Dot(Estimate x, Estimate y, int j)
    {
        const double Strip = 32;
        double value = 0;
        double error = 0;
        for (int i = 0; i < x.Rows; i++)
        {
            double product = x.Value[i, j] * y.Value[i, j];
            value += product;
            error += (Math.Sqrt(Strip) * Oracle.Rounded(product).Error) + (x.Error[i, j] * Math.Abs(y.Value[i, j]))
                + ((Math.Abs(x.Value[i, j]) + x.Error[i, j]) * y.Error[i, j]);
        }

        return (value, error);
    }

    private Estimate Sum(Estimate[] products, int rows, int columns) =>
        products.Aggregate(
            Estimate.Exact(new double[rows, columns]), (sum, product) => Oracle.Combination(1, sum, 1, product));

    /// <summary>Seeded operands of one shape; rows and columns are in no order, and a column may repeat.</summary>
    private sealed class Case
    {
        private readonly double[,] _kernels;
        private readonly double[,]? _offsets;
        private readonly double[,] _weights;
        private readonly double[,] _w;
        private readonly int _samples;

        public Case(
            HyperGradientContractTests<T> fixture, (int Samples, int Rows, int Columns, int Kernels, int Targets) shape,
            Layout layout,
            bool withOffsets)
        {
            _samples = shape.Samples;
            _kernels = fixture.Random(shape.Samples, shape.Kernels * shape.Samples, seed: 20);
            _offsets = withOffsets ? fixture.Random(1, shape.Kernels * shape.Samples, seed: 21) : null;
            _weights = fixture.Random(shape.Kernels, shape.Targets, seed: 22);
            _w = fixture.Random(shape.Columns, shape.Targets, seed: 23);
            System.Random random = new(Seed: 24);
            Rows = [.. Enumerable.Range(0, shape.Rows).Select(_ => random.Next(shape.Samples))];
            Columns = [.. Enumerable.Range(0, shape.Columns).Select(_ => random.Next(shape.Samples))];
            Ks = fixture.Input(_kernels, layout).View;
            Offsets = _offsets is null ? null : fixture.Input(_offsets, layout).View;
            Weights = fixture.Input(_weights, layout).View;
            W = fixture.Input(_w, layout).View;
        }

        public int[] Rows { get; }

        public int[] Columns { get; }

        public DeviceView<T> Ks { get; }

        public DeviceView<T>? Offsets { get; }

        public DeviceView<T> Weights { get; }

        public DeviceView<T> W { get; }

        public Estimate[] Products(Oracle oracle) =>
        [
            .. Enumerable.Range(0, _weights.GetLength(0)).Select(i =>
            {
                Estimate kernel = Estimate.Make(Rows.Length, Columns.Length, (r, c) =>
                {
                    int at = (i * _samples) + Columns[c];
                    double offset = _offsets?[0, at] ?? 0;
                    double entry = _kernels[Rows[r], at];
                    return (entry - offset, oracle.Rounded(Math.Abs(entry) + Math.Abs(offset)).Error);
                });
                Estimate weighted = oracle.Elementwise(
                    _w.GetLength(0), _w.GetLength(1), (c, j) => _weights[i, j] * _w[c, j]);
                return oracle.Product(kernel, weighted);
            }),
        ];
    }
}
